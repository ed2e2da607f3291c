package chat.sotto.audit;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What makes a journal long: many users, or many events of one. */
public final class LongJournals {
  /** An acknowledgement and the entries that it is for. */
  private static final int EVENTS_A_ROUND = 33;

  private LongJournals() {}

  /** People who made an account and never came back. */
  public static List<Member> register(MadeJournal journal, String name, int count)
      throws SQLException {
    List<Member> people = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      people.add(journal.register(name + i));
    }
    return people;
  }

  /** Somebody with so many events, to whom these wrote in turn, all of it acknowledged. */
  public static Member busy(MadeJournal journal, String name, List<Member> writers, int events)
      throws SQLException {
    Member member = journal.register(name);
    for (long nr = journal.state(member).chain().sequenceNr() + 1; nr <= events; nr++) {
      boolean isRoundsEnd = nr % EVENTS_A_ROUND == 0 && nr < events - 1;
      if (isRoundsEnd || nr == events) {
        journal.acknowledge(member);
      } else {
        journal.acceptBriefly(writers.get((int) (nr % writers.size())), member);
      }
    }
    return member;
  }
}

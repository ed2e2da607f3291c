package chat.sotto.audit;

import chat.sotto.model.GroupId;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes a large journal that holds, with all its signatures, for measuring audits: {@code java -cp
 * target/test-classes:target/classes:… chat.sotto.audit.BulkJournal FOLDER EVENTS}, then {@code java
 * -Xmx48m -jar target/sotto.jar audit FOLDER --no-signatures}. Of ten events about seven are entries
 * of inboxes, two are posts to groups, and one is an acknowledgement.
 */
public final class BulkJournal {
  private static final int EVENTS_A_USER = 2_000;
  private static final int USERS_A_GROUP = 5;
  private static final int ENTRIES_AN_ACKNOWLEDGEMENT = 10;
  private static final int ROUND = 64;

  private BulkJournal() {}

  public static void main(String[] args) throws SQLException {
    make(Path.of(args[0]), Long.parseLong(args[1]));
  }

  /** A little more than so many events. */
  static void make(Path folder, long events) throws SQLException {
    long begin = System.currentTimeMillis() - Duration.ofDays(60).toMillis();
    var random = new Random(1);
    try (var journal = new MadeJournal(folder, begin)) {
      int people = (int) Math.max(USERS_A_GROUP, events / EVENTS_A_USER);
      List<Member> members = members(journal, people);
      List<GroupId> groups = groups(journal, members);
      for (long made = 0; made < events; made += ROUND) {
        round(journal, members, groups, random);
      }
    }
  }

  private static List<Member> members(MadeJournal journal, int count) throws SQLException {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      members.add(journal.register("user" + i));
    }
    return members;
  }

  /** People who sit beside each other share a group; the last ones share none. */
  private static List<GroupId> groups(MadeJournal journal, List<Member> members)
      throws SQLException {
    List<GroupId> groups = new ArrayList<>();
    for (int first = 0; first + USERS_A_GROUP <= members.size(); first += USERS_A_GROUP) {
      Member founder = members.get(first);
      GroupId group = journal.found(founder, first);
      for (int i = 1; i < USERS_A_GROUP; i++) {
        journal.join(group, founder, members.get(first + i));
      }
      groups.add(group);
    }
    return groups;
  }

  /** Some people get entries and acknowledge them with their group's. */
  private static void round(
      MadeJournal journal, List<Member> members, List<GroupId> groups, Random random)
      throws SQLException {
    int at = random.nextInt(groups.size());
    GroupId group = groups.get(at);
    for (int i = 0; i < USERS_A_GROUP; i++) {
      Member to = members.get(at * USERS_A_GROUP + i);
      for (int n = 0; n < ENTRIES_AN_ACKNOWLEDGEMENT - 1; n++) {
        journal.acceptBriefly(members.get(random.nextInt(members.size())), to);
      }
      journal.postBriefly(group, to);
      journal.postBriefly(group, to);
    }
    for (int i = 0; i < USERS_A_GROUP; i++) {
      journal.acknowledge(members.get(at * USERS_A_GROUP + i), group);
    }
  }
}

package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of groups in the order of their logs. What a restored server lost stays where it stood,
 * before what came in its place.
 */
final class GroupLines {
  private static final Table<GroupLine> LINES = new Table<>("group-line", GroupLine.class);

  /** What others wrote and the server lost: they send it again. */
  private static final Table<Lost> LOST = new Table<>("group-line-lost", Lost.class);

  private final Rows rows;

  private record Lost() {}

  GroupLines(Rows rows) {
    this.rows = rows;
  }

  void put(GroupLine line) {
    rows.put(LINES, Keys.ordinal(line.group().value(), line.sequenceNr()), line);
  }

  List<GroupLine> all(GroupId group) {
    return rows.list(LINES, group.value() + "/").stream().map(Rows.Row::value).toList();
  }

  /** Whether this is what somebody sends again and is shown already. */
  boolean isRepeat(GroupLine line) {
    return rows.get(LOST, lostKey(line.group(), line.from(), line.id())).isPresent();
  }

  /**
   * The server lost what came after an entry: its numbers are given anew.
   *
   * @return what this user wrote there; it is no line any more, since it has to be sent again
   */
  List<GroupLine> loseAfter(GroupId group, long sequenceNr) {
    var mine = new ArrayList<GroupLine>();
    for (Rows.Row<GroupLine> row : rows.list(LINES, group.value() + "/")) {
      GroupLine line = row.value();
      if (line.sequenceNr() > sequenceNr) {
        rows.delete(LINES, row.key());
        if (line.state() == GroupLine.State.SENT) {
          mine.add(line);
        } else {
          keep(line, sequenceNr);
        }
      }
    }
    return mine;
  }

  /**
   * The log begins anew after an entry. What stood there is of an earlier membership: all of it
   * stays, and nothing is sent again to people for whom it was not written.
   */
  void leaveBehind(GroupId group, long sequenceNr) {
    for (Rows.Row<GroupLine> row : rows.list(LINES, group.value() + "/")) {
      if (row.value().sequenceNr() > sequenceNr) {
        rows.delete(LINES, row.key());
        keep(row.value(), sequenceNr);
      }
    }
  }

  private void keep(GroupLine line, long behind) {
    String group = line.group().value();
    long place = Keys.next(rows, "group-line-lost/" + group);
    rows.put(LINES, Keys.ordinal(Keys.ordinal(group, behind), place), line.at(behind));
    if (line.state() == GroupLine.State.RECEIVED) {
      rows.put(LOST, lostKey(line.group(), line.from(), line.id()), new Lost());
    }
  }

  private static String lostKey(GroupId group, UserName from, Bytes id) {
    return group + "/" + from + "/" + id;
  }
}

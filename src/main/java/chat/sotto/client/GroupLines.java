package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The lines of groups in the order of their logs. What a restored server lost stays where it stood,
 * before what came in its place.
 */
final class GroupLines {
  private static final Table<GroupLine> LINES = new Table<>("group-line", GroupLine.class);

  /** What others wrote and the server lost: they send it again. */
  private static final Table<Lost> LOST = new Table<>("group-line-lost", Lost.class);

  private final Rows rows;

  /** What changed a line, by group, who wrote it, and its id. */
  private static final Table<Changes> CHANGES = new Table<>("group-changes", Changes.class);

  private record Lost() {}

  GroupLines(Rows rows) {
    this.rows = rows;
  }

  /** A change takes its effect, now or when the line that it names comes. */
  void put(GroupLine line) {
    boolean isDeleted = changes(line).deleted();
    String key = Keys.ordinal(line.group().value(), line.sequenceNr());
    rows.put(LINES, key, isDeleted ? line.erased() : line);
    line.said()
        .filter(Content.Change.class::isInstance)
        .ifPresent(said -> change(line, (Content.Change) said));
  }

  private void change(GroupLine by, Content.Change change) {
    if (change instanceof Content.Timer timer) {
      new Timers(rows).take(Timers.of(by.group()), by.id(), timer);
    } else {
      changeLine(by, change);
    }
  }

  private void changeLine(GroupLine by, Content.Change change) {
    MessageRef target = target(by, change);
    Changes before = changes(by.group(), target);
    Changes after;
    if (change instanceof Content.Reaction reaction) {
      after = before.with(by.from(), by.id(), reaction);
    } else if (change instanceof Content.Edit edit) {
      after = before.with(by.id(), edit);
    } else {
      after = before.withDelete();
    }
    rows.put(CHANGES, key(by.group(), target.from(), target.message()), after);
    if (after.deleted()) {
      erase(by.group(), target);
    }
  }

  /** Whether it changes a line, and not the group. */
  private static boolean isOfLine(Content said) {
    return said instanceof Content.Change && !(said instanceof Content.Timer);
  }

  /** The timer that a line brings, if it counts. */
  Optional<Content.Timer> timer(GroupLine line) {
    return line.said()
        .filter(Content.Timer.class::isInstance)
        .map(Content.Timer.class::cast)
        .filter(timer -> new Timers(rows).counts(Timers.of(line.group()), line.id()));
  }

  /** Who edits or deletes names what they wrote themselves. */
  private static MessageRef target(GroupLine by, Content.Change change) {
    if (change instanceof Content.Reaction reaction) {
      return reaction.to();
    } else if (change instanceof Content.Edit edit) {
      return new MessageRef(by.from(), edit.message());
    }
    return new MessageRef(by.from(), ((Content.Delete) change).message());
  }

  /** Also what edits and reactions said that had it as their line. */
  private void erase(GroupId group, MessageRef target) {
    for (Rows.Row<GroupLine> row : rows.list(LINES, group.value() + "/")) {
      GroupLine line = row.value();
      boolean isLine = line.from().equals(target.from()) && line.id().equals(target.message());
      boolean isChange =
          line.said()
              .filter(GroupLines::isOfLine)
              .filter(said -> !(said instanceof Content.Delete))
              .filter(said -> target(line, (Content.Change) said).equals(target))
              .isPresent();
      if (isLine || isChange) {
        rows.put(LINES, row.key(), line.erased());
      }
    }
  }

  Changes changes(GroupId group, MessageRef line) {
    return rows.get(CHANGES, key(group, line.from(), line.message())).orElse(Changes.NONE);
  }

  private Changes changes(GroupLine line) {
    return changes(line.group(), new MessageRef(line.from(), line.id()));
  }

  /** The line that a change names, as it is shown now; empty if it is not there. */
  Optional<ShownGroupLine> changedBy(GroupLine change) {
    return change
        .said()
        .filter(GroupLines::isOfLine)
        .map(said -> target(change, (Content.Change) said))
        .flatMap(target -> find(change.group(), target))
        .map(this::shown);
  }

  Optional<GroupLine> find(GroupId group, MessageRef line) {
    return rows.list(LINES, group.value() + "/").stream()
        .map(Rows.Row::value)
        .filter(one -> one.from().equals(line.from()) && one.id().equals(line.message()))
        .filter(one -> one.state() != GroupLine.State.CHANGE)
        .findFirst();
  }

  ShownGroupLine shown(GroupLine line) {
    return ShownGroupLine.of(line, changes(line));
  }

  /** Lines as they are shown. */
  List<ShownGroupLine> shown(GroupId group) {
    return rows.list(LINES, group.value() + "/").stream()
        .map(Rows.Row::value)
        .filter(line -> line.state() != GroupLine.State.CHANGE)
        .map(this::shown)
        .toList();
  }

  /** Whether this is what somebody sends again and is shown already. */
  boolean isRepeat(GroupLine line) {
    return rows.get(LOST, key(line.group(), line.from(), line.id())).isPresent();
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
        boolean isMyChange = line.mine() && line.state() == GroupLine.State.CHANGE;
        if (line.state() == GroupLine.State.SENT || isMyChange) {
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
      rows.put(LOST, key(line.group(), line.from(), line.id()), new Lost());
    }
  }

  private static String key(GroupId group, UserName from, Bytes id) {
    return group + "/" + from + "/" + id;
  }
}

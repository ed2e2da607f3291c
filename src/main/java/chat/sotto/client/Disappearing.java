package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Messages that disappear (docs/protocol.md §7.9). The time of each begins once, by the clock of this
 * device; what was never read has none, whatever the clock says. Conversations have the names of
 * {@link Timers}.
 */
final class Disappearing {
  private static final int AT_ONCE = 100;

  /** What was not read yet, by conversation and place in it. */
  private static final Table<Passing> UNREAD = new Table<>("passing-unread", Passing.class);

  /** What was, by the time when it goes. */
  private static final Table<Passing> DUE = new Table<>("passing-due", Passing.class);

  /** When a message goes, by conversation, who wrote it, and its id. */
  private static final Table<Begun> BEGUN = new Table<>("passing-begun", Begun.class);

  private final Rows rows;

  private record Passing(String conversation, UserName from, Bytes id, long seconds) {
    String key() {
      return conversation + "/" + from + "/" + id;
    }
  }

  private record Begun(long goneAt) {}

  Disappearing(Rows rows) {
    this.rows = rows;
  }

  /** A line of somebody else stands there, and nobody has read it. */
  void unread(
      String conversation, long place, UserName from, Bytes id, Optional<Content> said) {
    passing(conversation, from, id, said)
        .ifPresent(one -> rows.put(UNREAD, Keys.ordinal(conversation, place), one));
  }

  /** The time of a line runs from now on, if it disappears and it did not before. */
  void begin(
      String conversation, UserName from, Bytes id, Optional<Content> said, long now) {
    passing(conversation, from, id, said).ifPresent(one -> begin(one, now));
  }

  private static Optional<Passing> passing(
      String conversation, UserName from, Bytes id, Optional<Content> said) {
    return said.filter(Content.Line.class::isInstance)
        .flatMap(line -> ((Content.Line) line).disappearAfter())
        .map(seconds -> new Passing(conversation, from, id, seconds));
  }

  private void begin(Passing one, long now) {
    if (rows.get(BEGUN, one.key()).isEmpty()) {
      long goneAt = now + one.seconds * 1000;
      rows.put(BEGUN, one.key(), new Begun(goneAt));
      rows.put(DUE, Keys.ordinal("", goneAt) + "/" + one.key(), one);
    }
  }

  /** Everything up to that place was read. */
  void read(String conversation, long upTo, long now) {
    String last = Keys.ordinal(conversation, upTo);
    for (Rows.Row<Passing> row : rows.list(UNREAD, conversation + "/")) {
      if (row.key().compareTo(last) > 0) {
        return;
      }
      rows.delete(UNREAD, row.key());
      begin(row.value(), now);
    }
  }

  /** When a line goes, milliseconds since 1970; empty if its time has not begun. */
  Optional<Long> goneAt(String conversation, UserName from, Bytes id) {
    return rows.get(BEGUN, new Passing(conversation, from, id, 0).key()).map(Begun::goneAt);
  }

  /** Erases what is over, with everything that belongs to it. @return what to tell */
  List<ClientEvent> erase(long now) {
    var events = new ArrayList<ClientEvent>();
    String last = Keys.ordinal("", now) + "0";
    List<Rows.Row<Passing>> due;
    do {
      due =
          rows.list(DUE, "", "", AT_ONCE).stream()
              .filter(row -> row.key().compareTo(last) < 0)
              .toList();
      for (Rows.Row<Passing> row : due) {
        rows.delete(DUE, row.key());
        rows.delete(BEGUN, row.value().key());
        erase(row.value()).ifPresent(events::add);
      }
    } while (!due.isEmpty());
    return events;
  }

  private Optional<ClientEvent> erase(Passing one) {
    Optional<GroupId> group = Timers.group(one.conversation);
    if (group.isPresent()) {
      boolean isErased =
          new GroupLines(rows).vanish(group.get(), new MessageRef(one.from, one.id));
      return isErased
          ? Optional.of(new ClientEvent.GroupLineGone(group.get(), one.from, one.id))
          : Optional.empty();
    }
    UserName with = Timers.user(one.conversation);
    List<Bytes> ids = new History(rows).vanish(with, !one.from.equals(with), one.id);
    var outbox = new Outbox(rows);
    outbox.sayNothing(with, ids);
    outbox.sayNothing(Self.of(rows).user(), ids);
    return ids.isEmpty() ? Optional.empty() : Optional.of(new ClientEvent.LineGone(with, one.id));
  }
}

package chat.sotto.group;

import chat.sotto.journal.JournalEntry;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupId;
import chat.sotto.model.Point;
import chat.sotto.model.Restored;

/**
 * An entry of the log as a connection needs it. Its number is that of its event in the group's
 * journal too.
 */
public sealed interface GroupLogEntry {
  Point point();

  /**
   * What is pushed, and where its bodies lie.
   *
   * @param bodies of a commit, without the list of piece owners
   */
  record OfDevice(GroupEntry entry, Group.Bodies bodies) implements GroupLogEntry {
    static OfDevice of(GroupEvent.Signed event) {
      return new OfDevice(event.entry(), event.bodies());
    }

    @Override
    public Point point() {
      return entry.point();
    }
  }

  record OfServer(Restored entry) implements GroupLogEntry {
    @Override
    public Point point() {
      return entry.point();
    }
  }

  /**
   * The entry that an event of the journal is.
   *
   * @param journalNr the event's number
   * @throws IllegalArgumentException if it is no event that is known, or of another number
   */
  static GroupLogEntry of(GroupId group, long journalNr, JournalEntry entry) {
    GroupEvent event = GroupEvent.CODEC.decode(entry.event());
    if (event.sequenceNr() != journalNr) {
      throw new IllegalArgumentException(
          "event %d says that it is entry %d".formatted(journalNr, event.sequenceNr()));
    }
    return event instanceof GroupEvent.Signed signed
        ? OfDevice.of(signed)
        : new OfServer(((GroupEvent.Restored) event).entry(group));
  }
}

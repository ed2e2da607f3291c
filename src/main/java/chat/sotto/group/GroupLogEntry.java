package chat.sotto.group;

import chat.sotto.journal.JournalEntry;
import chat.sotto.model.GroupEntry;

/**
 * An entry of the log as a connection needs it: what is pushed, and where its bodies lie. Its
 * number is that of its event in the group's journal too.
 *
 * @param bodies of a commit, without the list of piece owners
 */
public record GroupLogEntry(GroupEntry entry, Group.Bodies bodies) {
  static GroupLogEntry of(GroupEvent event) {
    return new GroupLogEntry(event.entry(), event.bodies());
  }

  /**
   * The entry that an event of the journal is.
   *
   * @param journalNr the event's number
   * @throws IllegalArgumentException if it is no event that is known, or of another number
   */
  public static GroupLogEntry of(long journalNr, JournalEntry entry) {
    GroupEvent event = GroupEvent.CODEC.decode(entry.event());
    if (event.sequenceNr() != journalNr) {
      throw new IllegalArgumentException(
          "event %d says that it is entry %d".formatted(journalNr, event.sequenceNr()));
    }
    return of(event);
  }
}

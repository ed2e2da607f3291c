package chat.sotto.user;

import chat.sotto.journal.JournalEntry;
import chat.sotto.model.DeviceId;
import chat.sotto.model.Entry;
import java.util.List;
import java.util.Optional;

/**
 * An inbox entry as a connection needs it: what is pushed, and where its bodies lie.
 *
 * @param journalNr number of its event in the journal of the inbox's owner
 * @param expiresAt when its bodies are dropped, milliseconds since 1970
 */
public record InboxEntry(long journalNr, Entry entry, List<StoredCopy> copies, long expiresAt) {
  public InboxEntry {
    copies = List.copyOf(copies);
  }

  /** The entry that a journal's event put into the inbox; empty for any other event. */
  public static Optional<InboxEntry> of(long journalNr, JournalEntry entry) {
    return UserEvent.CODEC.decode(entry.event()) instanceof UserEvent.Accepted accepted
        ? Optional.of(accepted.inboxEntry(journalNr))
        : Optional.empty();
  }

  public Optional<StoredCopy> copyFor(DeviceId device) {
    return copies.stream().filter(copy -> copy.device().equals(device)).findFirst();
  }
}

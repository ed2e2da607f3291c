package chat.sotto.user;

import chat.sotto.journal.JournalEntry;
import chat.sotto.model.DeviceId;
import chat.sotto.model.Entry;
import chat.sotto.model.Point;
import chat.sotto.model.Restored;
import chat.sotto.model.UserName;
import java.util.List;
import java.util.Optional;

/** An inbox entry as a connection needs it. */
public sealed interface InboxEntry {
  /** Number of its event in the journal of the inbox's owner. */
  long journalNr();

  Point point();

  /**
   * What is pushed, and where its bodies lie.
   *
   * @param expiresAt when its bodies are dropped, milliseconds since 1970
   */
  record OfDevice(long journalNr, Entry entry, List<StoredCopy> copies, long expiresAt)
      implements InboxEntry {
    public OfDevice {
      copies = List.copyOf(copies);
    }

    @Override
    public Point point() {
      return entry.point();
    }

    public Optional<StoredCopy> copyFor(DeviceId device) {
      return copies.stream().filter(copy -> copy.device().equals(device)).findFirst();
    }
  }

  record OfServer(long journalNr, Restored entry) implements InboxEntry {
    @Override
    public Point point() {
      return entry.point();
    }
  }

  /** The entry that a journal's event put into the inbox; empty for any other event. */
  static Optional<InboxEntry> of(UserName owner, long journalNr, JournalEntry entry) {
    UserEvent event = UserEvent.CODEC.decode(entry.event());
    if (event instanceof UserEvent.Accepted accepted) {
      return Optional.of(accepted.inboxEntry(journalNr));
    } else if (event instanceof UserEvent.Restored restored) {
      return Optional.of(new OfServer(journalNr, restored.entry(owner)));
    }
    return Optional.empty();
  }
}

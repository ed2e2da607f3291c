package chat.sotto.user;

import chat.sotto.journal.JournalEntry;
import java.util.List;

/**
 * What a command leads to: events, maybe none, and the reply once they are on disk.
 *
 * @param entries the same events as they are persisted
 */
record Decision<R>(List<UserEvent> events, List<JournalEntry> entries, R reply) {
  Decision {
    events = List.copyOf(events);
    entries = List.copyOf(entries);
  }

  /** Nothing happens but this reply: a refusal, or what is so already. */
  static <R> Decision<R> onlyReply(R reply) {
    return new Decision<>(List.of(), List.of(), reply);
  }
}

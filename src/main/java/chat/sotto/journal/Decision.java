package chat.sotto.journal;

import java.util.List;

/**
 * What a command leads to: events, maybe none, and the reply once they are on disk.
 *
 * @param <E> the entity's events
 * @param entries the same events as they are persisted
 */
public record Decision<E, R>(List<E> events, List<JournalEntry> entries, R reply) {
  public Decision {
    events = List.copyOf(events);
    entries = List.copyOf(entries);
  }

  /** Nothing happens but this reply: a refusal, or what is so already. */
  public static <E, R> Decision<E, R> onlyReply(R reply) {
    return new Decision<>(List.of(), List.of(), reply);
  }
}

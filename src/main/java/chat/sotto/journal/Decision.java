package chat.sotto.journal;

import java.util.List;
import java.util.Optional;

/**
 * What a command leads to: events, maybe none, and the reply once they are on disk.
 *
 * @param <E> the entity's events
 * @param entries the same events as they are persisted
 * @param states that before the first event, then that after each
 */
public record Decision<E, R>(
    List<E> events, List<JournalEntry> entries, List<? extends EntityState<E, ?>> states, R reply) {
  public Decision {
    events = List.copyOf(events);
    entries = List.copyOf(entries);
    states = List.copyOf(states);
  }

  /** Nothing happens but this reply: a refusal, or what is so already. */
  public static <E, R> Decision<E, R> onlyReply(R reply) {
    return new Decision<>(List.of(), List.of(), List.of(), reply);
  }

  boolean endsWith(JournalEntry entry) {
    return !entries.isEmpty() && entries.get(entries.size() - 1) == entry;
  }

  /** The state that was derived when this was decided, if it was for this entry on this state. */
  Optional<EntityState<E, ?>> after(EntityState<?, ?> before, JournalEntry entry) {
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i) == entry && states.get(i) == before) {
        return Optional.of(states.get(i + 1));
      }
    }
    return Optional.empty();
  }
}

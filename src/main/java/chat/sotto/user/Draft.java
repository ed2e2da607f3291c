package chat.sotto.user;

import chat.sotto.journal.JournalEntry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The events that one command leads to, each decided on the state that the ones before it leave.
 * Threads chain and time through them, so that what is persisted can be applied as it stands.
 */
final class Draft {
  private final Clock clock;
  private final List<UserEvent> events = new ArrayList<>();
  private final List<JournalEntry> entries = new ArrayList<>();
  private UserState state;

  Draft(UserState state, Clock clock) {
    this.state = state;
    this.clock = clock;
  }

  /** The clock's time, but never before the last event. Milliseconds since 1970. */
  long now() {
    return Math.max(clock.millis(), state.time());
  }

  /** Adds what happens next. @param event made for a time later than that of any event before */
  <E extends UserEvent> E add(LongFunction<E> event) {
    E made = event.apply(Math.max(clock.millis(), state.time() + 1));
    JournalEntry entry = state.chain().entries(List.of(UserEvent.CODEC.encode(made))).get(0);
    state = state.apply(entry, made);
    events.add(made);
    entries.add(entry);
    return made;
  }

  /** What will be once these events are on disk. */
  UserState state() {
    return state;
  }

  /** @param reply for when the events are on disk */
  <R> Decision<R> reply(R reply) {
    return new Decision<>(events, entries, reply);
  }
}

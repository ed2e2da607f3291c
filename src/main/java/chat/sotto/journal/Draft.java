package chat.sotto.journal;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The events that one command leads to, each decided on the state that the ones before it leave.
 * Threads chain and time through them, so that what is persisted can be applied as it stands. The
 * clock is read once: a rule that held for a time holds when the event of that time is added.
 *
 * @param <E> the entity's events
 */
public final class Draft<E, S extends EntityState<E, S>> {
  private final EventCodec<E> codec;
  private final long clockTime;
  private final List<E> events = new ArrayList<>();
  private final List<JournalEntry> entries = new ArrayList<>();
  private final List<S> states = new ArrayList<>();
  private S state;

  public Draft(EventCodec<E> codec, S state, Clock clock) {
    this.codec = codec;
    this.state = state;
    this.states.add(state);
    this.clockTime = clock.millis();
  }

  /** The clock's time, but never before the last event. Milliseconds since 1970. */
  public long now() {
    return Math.max(clockTime, state.time());
  }

  /** The time of the event that is added next, later than that of any before it. */
  public long nextTime() {
    return Math.max(clockTime, state.time() + 1);
  }

  /** Adds what happens next. @param event made for {@link #nextTime} */
  public <T extends E> T add(LongFunction<T> event) {
    T made = event.apply(nextTime());
    JournalEntry entry = state.chain().entries(List.of(codec.encode(made))).get(0);
    state = state.apply(entry, made);
    events.add(made);
    entries.add(entry);
    states.add(state);
    return made;
  }

  /** What will be once these events are on disk. */
  public S state() {
    return state;
  }

  /** @param reply for when the events are on disk */
  public <R> Decision<E, R> reply(R reply) {
    return new Decision<>(events, entries, states, reply);
  }
}

package chat.sotto.journal;

/**
 * What follows from an entity's events: immutable, and derived alike by the server and an auditor.
 *
 * @param <E> the entity's events
 * @param <S> the state itself
 */
public interface EntityState<E, S extends EntityState<E, S>> {
  /** Over the journal's entries. */
  HashChain chain();

  /** Of the last event, milliseconds since 1970; the next one is later. */
  long time();

  /**
   * The state after one more event.
   *
   * @throws BrokenChainException if the entry does not follow the last one
   * @throws IllegalArgumentException if it is no event that is known
   * @throws IllegalStateException if it cannot have happened
   */
  S apply(JournalEntry entry);

  /**
   * As {@link #apply(JournalEntry)}.
   *
   * @param event what the entry holds
   */
  S apply(JournalEntry entry, E event);
}

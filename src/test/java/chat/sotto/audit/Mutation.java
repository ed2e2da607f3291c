package chat.sotto.audit;

import java.util.Set;
import java.util.function.Predicate;

/**
 * One change that was made to a journal.
 *
 * @param kind of change, in words
 * @param where it was made, in words
 * @param place whether a finding names that place, or one that refers to it
 */
record Mutation(String kind, String where, Predicate<Finding> place) {
  /** What is found at whoever refers to what was changed. */
  private static final Set<Finding.Code> REFERRING =
      Set.of(
          Finding.Code.ACKNOWLEDGED_NOTHING,
          Finding.Code.DEVICE_LIST_UNKNOWN,
          Finding.Code.SENDER_UNKNOWN,
          Finding.Code.BODY_MISSING);

  /** Of one event, which is the first that does not hold. */
  static Mutation at(String kind, String entity, long number) {
    return new Mutation(
        kind, where(entity, number), found -> isAt(found, entity) && found.number() == number);
  }

  /** Of what an event says: it or a later one does not hold, or one that refers to it. */
  static Mutation from(String kind, String entity, long number) {
    return new Mutation(
        kind,
        where(entity, number),
        found ->
            isAt(found, entity) && (found.number() >= number || found.number() == 0)
                || REFERRING.contains(found.code()));
  }

  /** Of an entity as a whole, or of two. */
  static Mutation of(String kind, String... entities) {
    return new Mutation(
        kind,
        String.join(" and ", entities),
        found -> Set.of(entities).contains(found.entity()) || REFERRING.contains(found.code()));
  }

  /** Of an event's place, which may be another entity's then, or nobody's. */
  static Mutation ofPlace(String kind, String entity, long number) {
    return new Mutation(
        kind,
        where(entity, number),
        found ->
            isAt(found, entity)
                || found.code() == Finding.Code.CHAIN_BROKEN
                || found.code() == Finding.Code.EVENT_MISSING
                || found.code() == Finding.Code.ENTITY_UNKNOWN);
  }

  static Mutation ofBody(String kind, String id) {
    return new Mutation(
        kind,
        id,
        found ->
            found.code() == Finding.Code.BODY_MISSING
                || found.code() == Finding.Code.BODY_ALTERED
                || found.code() == Finding.Code.SIGNATURE_WRONG);
  }

  /** Of what belongs to no entity. */
  static Mutation anywhere(String kind, String where) {
    return new Mutation(kind, where, found -> true);
  }

  private static boolean isAt(Finding found, String entity) {
    return found.entity().equals(entity);
  }

  private static String where(String entity, long number) {
    return "event %d of %s".formatted(number, entity);
  }

  @Override
  public String toString() {
    return kind + ", " + where;
  }
}

package chat.sotto.journal;

/** A stored event is not the one that was written there: the entity stops. */
public final class BrokenChainException extends RuntimeException {
  BrokenChainException(String entity, long sequenceNr, String finding) {
    super("event %d of %s %s".formatted(sequenceNr, entity, finding));
  }
}

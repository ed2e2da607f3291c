package chat.sotto.journal;

/** The store takes no more: it was closed, or a write failed (the cause). Nothing is retried. */
public final class StoreClosedException extends RuntimeException {
  StoreClosedException(Throwable failure) {
    super(failure == null ? "the store is closed" : "the store stopped after a failure", failure);
  }
}

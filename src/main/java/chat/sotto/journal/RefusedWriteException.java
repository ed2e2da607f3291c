package chat.sotto.journal;

/** This write alone failed, and changed nothing; the store goes on. */
public final class RefusedWriteException extends RuntimeException {
  RefusedWriteException(String reason) {
    super(reason);
  }

  RefusedWriteException(String reason, Throwable cause) {
    super(reason, cause);
  }
}

package chat.sotto.crypto;

/**
 * A key, signature, encoding or ciphertext is not acceptable. The message names the kind of thing
 * and never its content; a failed authentication has one message only.
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RefusedException(String what) {
    super(what);
  }

  static RefusedException doesNotOpen() {
    return new RefusedException("does not open");
  }
}

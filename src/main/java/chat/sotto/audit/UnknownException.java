package chat.sotto.audit;

/** The journal does not have what was asked for; the message says so in a sentence for people. */
public final class UnknownException extends RuntimeException {
  UnknownException(String sentence) {
    super(sentence);
  }
}

package chat.sotto.edge;

/** The TLS key cannot be used. The message is one sentence for the person who starts Sotto. */
public final class TlsKeystoreException extends RuntimeException {
  TlsKeystoreException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}

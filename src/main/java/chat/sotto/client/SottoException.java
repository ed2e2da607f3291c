package chat.sotto.client;

import chat.sotto.protocol.ErrorCode;
import java.util.Optional;

/** The server refused a request, or could not be asked. Nothing changed. */
public final class SottoException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Optional<ErrorCode> code;

  SottoException(String message) {
    super(message);
    code = Optional.empty();
  }

  SottoException(ErrorCode code, String text) {
    super(text);
    this.code = Optional.of(code);
  }

  /** The server's reason; empty if the server did not answer. */
  public Optional<ErrorCode> code() {
    return code;
  }
}

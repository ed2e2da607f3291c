package chat.sotto.load;

import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame;

/** The server answered with an error. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ErrorCode code;

  RefusedException(ServerFrame.Failed failed) {
    super("%s: %s".formatted(failed.code(), failed.text()));
    code = failed.code();
  }

  ErrorCode code() {
    return code;
  }
}

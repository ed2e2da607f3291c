package chat.sotto.edge;

import chat.sotto.protocol.CloseCode;

/** An envelope that ends its connection, with this code and no other word. */
final class RefusedEnvelope extends Exception {
  private final CloseCode code;

  RefusedEnvelope(CloseCode code) {
    super(code.name());
    this.code = code;
  }

  CloseCode code() {
    return code;
  }
}

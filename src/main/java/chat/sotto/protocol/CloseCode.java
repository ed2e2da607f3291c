package chat.sotto.protocol;

/** Codes with which a connection ends (docs/protocol.md §2.5). */
public enum CloseCode {
  NORMAL(1000),
  GOING_AWAY(1001),
  TOO_LARGE(1009),
  BAD_ENVELOPE(4400),
  BAD_SIGNATURE(4401),
  DEVICE_REMOVED(4403),
  TIMEOUT(4408),
  REPLACED(4409),
  TOO_MANY(4429),
  INTERNAL(4500);

  private final int code;

  CloseCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}

package chat.sotto.crypto;

import java.util.HexFormat;

/** Bytes of the vectors: lower-case hex. */
final class Hex {
  private static final HexFormat FORMAT = HexFormat.of();

  private Hex() {}

  static byte[] bytes(String... parts) {
    return FORMAT.parseHex(String.join("", parts));
  }

  static String text(byte[] bytes) {
    return FORMAT.formatHex(bytes);
  }
}

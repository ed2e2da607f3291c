package chat.sotto.protocol;

/** The limits that both sides of the wire must agree on; the hello carries them. */
public record Limits(
    int envelopeBytesMax,
    int textBytesMax,
    int devicesMax,
    int oneTimePrekeysMax,
    int sendsInFlightMax,
    int entriesInFlightMax) {
  public static final int JSON_DEPTH_MAX = 16;
  public static final int VAULT_BYTES_MAX = 16 * 1024;
  public static final int ONLINE_PAGE_MAX = 100;

  public static final Limits DEFAULT = new Limits(256 * 1024, 64 * 1024, 8, 100, 32, 512);
}

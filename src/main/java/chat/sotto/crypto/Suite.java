package chat.sotto.crypto;

/**
 * A cipher suite (docs/protocol.md §1.4). The id is the first byte of every sealed thing and part
 * of every key schedule.
 */
public enum Suite {
  /** DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM (RFC 9180 §7). */
  X25519(1, 0x0020, 32);

  static final int KDF_ID = 0x0001;
  static final int AEAD_ID = 0x0002;

  private final int id;
  final int kemId;
  private final int encBytes;

  Suite(int id, int kemId, int encBytes) {
    this.id = id;
    this.kemId = kemId;
    this.encBytes = encBytes;
  }

  public int id() {
    return id;
  }

  /** Length of {@code enc}. */
  public int encBytes() {
    return encBytes;
  }

  /** @throws RefusedException for an id that this version does not have */
  public static Suite of(int id) {
    for (Suite suite : values()) {
      if (suite.id == id) {
        return suite;
      }
    }
    throw new RefusedException("unknown suite");
  }
}

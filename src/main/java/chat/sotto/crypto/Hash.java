package chat.sotto.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 and SHA-512 (FIPS 180-4). */
public final class Hash {
  public static final int BYTES = 32;

  private Hash() {}

  /** SHA-256 of the concatenation. */
  public static byte[] sha256(byte[]... parts) {
    return digest("SHA-256", parts);
  }

  /** SHA-512 of the concatenation. */
  public static byte[] sha512(byte[]... parts) {
    return digest("SHA-512", parts);
  }

  /**
   * {@code H} of docs/protocol.md §1.1.
   *
   * @param label one of {@link Labels}
   * @param items as in {@link Enc#encode}
   */
  public static byte[] of(String label, Object... items) {
    return sha256(Enc.encode(label), Enc.encode(items));
  }

  private static byte[] digest(String algorithm, byte[][] parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

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

  /** SHA-256 of what comes bit by bit. */
  public static MessageDigest running() {
    return algorithm("SHA-256");
  }

  private static byte[] digest(String algorithm, byte[][] parts) {
    MessageDigest digest = algorithm(algorithm);
    for (byte[] part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }

  private static MessageDigest algorithm(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

package chat.sotto.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 and SHA-512 (FIPS 180-4). */
public final class Hash {
  public static final int BYTES = 32;

  /** Never updated, only cloned: looking an algorithm up takes longer than a short hash. */
  private static final MessageDigest SHA_256 = algorithm("SHA-256");

  private static final MessageDigest SHA_512 = algorithm("SHA-512");

  private Hash() {}

  /** SHA-256 of the concatenation. */
  public static byte[] sha256(byte[]... parts) {
    return digest(SHA_256, parts);
  }

  /** SHA-512 of the concatenation. */
  public static byte[] sha512(byte[]... parts) {
    return digest(SHA_512, parts);
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
    return fresh(SHA_256);
  }

  private static byte[] digest(MessageDigest algorithm, byte[][] parts) {
    MessageDigest digest = fresh(algorithm);
    for (byte[] part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }

  private static MessageDigest fresh(MessageDigest algorithm) {
    try {
      return (MessageDigest) algorithm.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MessageDigest algorithm(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

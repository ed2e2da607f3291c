package chat.sotto.crypto;

import java.security.SecureRandom;

/** X25519 (RFC 7748) on BouncyCastle's lightweight API. */
public final class X25519 {
  public static final int KEY_BYTES = 32;

  private X25519() {}

  public static KeyPair generateKeyPair(SecureRandom random) {
    byte[] privateKey = new byte[KEY_BYTES];
    random.nextBytes(privateKey);
    return fromPrivateKey(privateKey);
  }

  /** @param privateKey 32 bytes, clamped when used (§5) */
  public static KeyPair fromPrivateKey(byte[] privateKey) {
    if (privateKey.length != KEY_BYTES) {
      throw new RefusedException("X25519 private key length");
    }
    byte[] publicKey = new byte[KEY_BYTES];
    org.bouncycastle.math.ec.rfc7748.X25519.generatePublicKey(privateKey, 0, publicKey, 0);
    return new KeyPair(privateKey.clone(), publicKey);
  }

  /**
   * The shared secret, 32 bytes.
   *
   * @throws RefusedException for a key that is not 32 bytes, and for an all-zero result: then the
   *     peer key has small order and the secret would not depend on the private key (§6.1)
   */
  public static byte[] agree(KeyPair own, byte[] peerPublicKey) {
    if (peerPublicKey.length != KEY_BYTES) {
      throw new RefusedException("X25519 public key length");
    }
    byte[] secret = new byte[KEY_BYTES];
    if (!org.bouncycastle.math.ec.rfc7748.X25519.calculateAgreement(
        own.privateKey, 0, peerPublicKey, 0, secret, 0)) {
      throw new RefusedException("X25519 public key of small order");
    }
    return secret;
  }

  /** Whether a key statement may carry this key: 32 bytes, not of small order. */
  public static boolean isValidPublicKey(byte[] publicKey) {
    byte[] anyPrivateKey = new byte[KEY_BYTES];
    // Clamping makes every private key a multiple of 8, which takes a small-order key to zero.
    return publicKey.length == KEY_BYTES
        && org.bouncycastle.math.ec.rfc7748.X25519.calculateAgreement(
            anyPrivateKey, 0, publicKey, 0, new byte[KEY_BYTES], 0);
  }

  /** A key pair; its text shows nothing of the private key. */
  public static final class KeyPair {
    private final byte[] privateKey;
    private final byte[] publicKey;

    private KeyPair(byte[] privateKey, byte[] publicKey) {
      this.privateKey = privateKey;
      this.publicKey = publicKey;
    }

    public byte[] publicKey() {
      return publicKey.clone();
    }

    /** For storing a key where nothing better exists; handle as a secret. */
    public byte[] exportPrivateKey() {
      return privateKey.clone();
    }

    @Override
    public String toString() {
      return "X25519.KeyPair[***]";
    }
  }
}

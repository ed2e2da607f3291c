package chat.sotto.crypto;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.bouncycastle.math.ec.rfc8032.Ed25519.PublicPoint;

/**
 * Ed25519 (RFC 8032) over labelled statements, on BouncyCastle's lightweight API. Strict, because
 * libraries differ on what they accept: signatures of exactly 64 bytes with S below the group
 * order, public keys and R that are canonical and in the prime-order subgroup.
 */
public final class Ed25519 {
  public static final int KEY_BYTES = 32;
  public static final int SIGNATURE_BYTES = 64;

  private static final BigInteger ORDER =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  /**
   * Keys that were found valid lately, each at a place that follows from it: the devices that are
   * here sign most of what is verified, and to look at a key costs as much as to verify.
   */
  private static final AtomicReferenceArray<ValidKey> VALID_KEYS =
      new AtomicReferenceArray<>(16 * 1024);

  /** A key that was looked at whole, and the point that it encodes. */
  private record ValidKey(byte[] bytes, PublicPoint point) {}

  private Ed25519() {}

  public static SigningKey generate(SecureRandom random) {
    byte[] seed = new byte[KEY_BYTES];
    random.nextBytes(seed);
    return fromSeed(seed);
  }

  /** @param seed the private key of RFC 8032 §5.1.5, 32 bytes */
  public static SigningKey fromSeed(byte[] seed) {
    if (seed.length != KEY_BYTES) {
      throw new RefusedException("Ed25519 seed length");
    }
    return new SigningKey(seed.clone());
  }

  /** {@code sign} of docs/protocol.md §1.1: over enc(label, items). */
  public static byte[] sign(SigningKey key, String label, Object... items) {
    return signRaw(key, statement(label, items));
  }

  /** Whether the key signed enc(label, items). A malformed key or signature verifies nothing. */
  public static boolean verify(byte[] publicKey, byte[] signature, String label, Object... items) {
    return verifyRaw(publicKey, signature, statement(label, items));
  }

  /** @throws RefusedException unless a key statement may carry this key */
  public static void requireValidPublicKey(byte[] publicKey) {
    if (!isValidPublicKey(publicKey)) {
      throw new RefusedException("Ed25519 public key");
    }
  }

  static byte[] signRaw(SigningKey key, byte[] message) {
    byte[] signature = new byte[SIGNATURE_BYTES];
    org.bouncycastle.math.ec.rfc8032.Ed25519.sign(
        key.seed, 0, key.publicKey, 0, null, message, 0, message.length, signature, 0);
    return signature;
  }

  static boolean verifyRaw(byte[] publicKey, byte[] signature, byte[] message) {
    return signature.length == SIGNATURE_BYTES
        && hasCanonicalS(signature)
        && validPoint(publicKey)
            .filter(point -> verifyWithValid(point, signature, message))
            .isPresent();
  }

  private static boolean verifyWithValid(PublicPoint key, byte[] signature, byte[] message) {
    return isInPrimeOrderSubgroup(signature)
        && org.bouncycastle.math.ec.rfc8032.Ed25519.verify(
            signature, 0, key, message, 0, message.length);
  }

  /** Whether a key statement may carry this key (docs/protocol.md §1.5). */
  public static boolean isValidPublicKey(byte[] publicKey) {
    return validPoint(publicKey).isPresent();
  }

  /** As {@link #isInPrimeOrderSubgroup}; empty if it is not. */
  private static Optional<PublicPoint> validPoint(byte[] publicKey) {
    int place = Math.floorMod(Arrays.hashCode(publicKey), VALID_KEYS.length());
    ValidKey known = VALID_KEYS.get(place);
    if (known != null && Arrays.equals(publicKey, known.bytes)) {
      return Optional.of(known.point);
    }
    if (publicKey.length != KEY_BYTES) {
      return Optional.empty();
    }
    var point =
        Optional.ofNullable(
            org.bouncycastle.math.ec.rfc8032.Ed25519.validatePublicKeyFullExport(publicKey, 0));
    point.ifPresent(valid -> VALID_KEYS.set(place, new ValidKey(publicKey.clone(), valid)));
    return point;
  }

  /**
   * Canonical, on the curve, and without a small-order part. Libraries that multiply by the
   * cofactor, as BouncyCastle does, and those that do not, as browsers do, agree on such only.
   */
  private static boolean isInPrimeOrderSubgroup(byte[] beginsWithPoint) {
    return org.bouncycastle.math.ec.rfc8032.Ed25519.validatePublicKeyFull(beginsWithPoint, 0);
  }

  private static boolean hasCanonicalS(byte[] signature) {
    byte[] bigEndian = new byte[KEY_BYTES];
    for (int i = 0; i < KEY_BYTES; i++) {
      bigEndian[i] = signature[SIGNATURE_BYTES - 1 - i];
    }
    return new BigInteger(1, bigEndian).compareTo(ORDER) < 0;
  }

  private static byte[] statement(String label, Object[] items) {
    byte[] head = Enc.encode(label);
    byte[] tail = Enc.encode(items);
    byte[] statement = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, statement, head.length, tail.length);
    return statement;
  }

  /** A private signing key; its text shows nothing of it. */
  public static final class SigningKey {
    private final byte[] seed;
    private final byte[] publicKey = new byte[KEY_BYTES];

    private SigningKey(byte[] seed) {
      this.seed = seed;
      org.bouncycastle.math.ec.rfc8032.Ed25519.generatePublicKey(seed, 0, publicKey, 0);
    }

    public byte[] publicKey() {
      return publicKey.clone();
    }

    /** For storing the key where nothing better exists; handle as a secret. */
    public byte[] exportSeed() {
      return seed.clone();
    }

    @Override
    public String toString() {
      return "Ed25519.SigningKey[***]";
    }
  }
}

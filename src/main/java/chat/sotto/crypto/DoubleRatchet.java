package chat.sotto.crypto;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One side of a session: the Double Ratchet specification without header encryption, with
 * X25519, HKDF-SHA256, HMAC-SHA256 and AES-256-GCM (docs/protocol.md §7.2).
 *
 * <p>Immutable: sealing and opening give the next state, which the caller stores in the same
 * transaction as the ciphertext or plaintext. A state that was used must never be used again to
 * seal.
 */
public final class DoubleRatchet {
  public static final int JUMP_MAX = 2_000;
  public static final int SKIPPED_MAX = SkippedKeys.KEYS_MAX;

  private static final int FORMAT = 1;
  private static final byte[] RATCHET = Labels.RATCHET.getBytes(StandardCharsets.UTF_8);
  private static final byte[] NONE = new byte[0];

  /** The sender's place in the ratchet. {@code dh} is its ratchet public key. */
  public record Header(byte[] sessionId, byte[] dh, long pn, long n) {
    public byte[] toBytes() {
      return Enc.encode(sessionId, dh, pn, n);
    }

    /** @throws RefusedException unless {@link #toBytes} can have made it */
    public static Header fromBytes(byte[] bytes) {
      List<byte[]> items = Enc.decode(bytes, 4);
      if (items.get(0).length != SessionOpening.SESSION_ID_BYTES
          || items.get(1).length != X25519.KEY_BYTES) {
        throw new RefusedException("malformed header");
      }
      return new Header(
          items.get(0), items.get(1), Enc.integer(items.get(2)), Enc.integer(items.get(3)));
    }
  }

  /** Everything visible that a message is bound to. */
  public record Context(
      Suite suite,
      byte[] sessionId,
      String fromUser,
      String fromDevice,
      String toUser,
      String toDevice,
      byte[] messageId) {
    byte[] aad(byte[] header) {
      return Enc.encode(
          Labels.MESSAGE,
          suite.id(),
          sessionId,
          fromUser,
          fromDevice,
          toUser,
          toDevice,
          header,
          messageId);
    }
  }

  public record Sealed(DoubleRatchet next, Header header, byte[] nonce, byte[] ciphertext) {}

  /** What became of a received message. */
  public sealed interface Result {
    record Opened(DoubleRatchet next, byte[] plaintext) implements Result {}

    /** Its key was used already: nothing is to be shown, nothing changes. */
    record Duplicate() implements Result {}

    /** Nothing changes. */
    record Failed(String reason) implements Result {}
  }

  private final X25519.KeyPair dhs;
  private final byte[] dhr;
  private final byte[] rk;
  private final byte[] cks;
  private final byte[] ckr;
  private final long ns;
  private final long nr;
  private final long pn;
  private final SkippedKeys skipped;

  private DoubleRatchet(
      X25519.KeyPair dhs,
      byte[] dhr,
      byte[] rk,
      byte[] cks,
      byte[] ckr,
      long ns,
      long nr,
      long pn,
      SkippedKeys skipped) {
    this.dhs = dhs;
    this.dhr = dhr;
    this.rk = rk;
    this.cks = cks;
    this.ckr = ckr;
    this.ns = ns;
    this.nr = nr;
    this.pn = pn;
    this.skipped = skipped;
  }

  /** @param root RK0 || CK */
  static DoubleRatchet ofOpener(byte[] root, X25519.KeyPair r1) {
    return new DoubleRatchet(
        r1, NONE, first(root), second(root), NONE, 0, 0, 0, SkippedKeys.NONE);
  }

  /** @param root RK0 || CK */
  static DoubleRatchet ofRecipient(byte[] root, byte[] r1, SecureRandom random) {
    X25519.KeyPair r2 = X25519.generateKeyPair(random);
    byte[] step = kdfRk(first(root), X25519.agree(r2, r1));
    return new DoubleRatchet(
        r2, r1, first(step), second(step), second(root), 0, 0, 0, SkippedKeys.NONE);
  }

  /** Encrypts the next message. */
  public Sealed seal(Context context, byte[] plaintext, SecureRandom random) {
    var header = new Header(context.sessionId(), dhs.publicKey(), pn, ns);
    // Each key is used once. The nonce is random all the same: then a store that was rolled back
    // repeats a key without repeating a nonce.
    byte[] nonce = new byte[Aead.NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] aad = context.aad(header.toBytes());
    byte[] ciphertext = Aead.sealWithNonce(messageKey(cks), nonce, aad, plaintext);
    var next =
        new DoubleRatchet(dhs, dhr, rk, nextChainKey(cks), ckr, ns + 1, nr, pn, skipped);
    return new Sealed(next, header, nonce, ciphertext);
  }

  /** Decrypts a message in whatever order it comes. */
  public Result open(
      Context context, Header header, byte[] nonce, byte[] ciphertext, SecureRandom random) {
    byte[] aad = context.aad(header.toBytes());
    try {
      Optional<byte[]> passedOver = skipped.find(header.dh(), header.n());
      if (passedOver.isPresent()) {
        byte[] plaintext = Aead.openWithNonce(passedOver.get(), nonce, aad, ciphertext);
        return new Result.Opened(without(header), plaintext);
      }
      boolean isCurrent = Arrays.equals(header.dh(), dhr);
      if (isCurrent && header.n() < nr) {
        return skipped.resultInCurrentChain(header.n());
      }
      Optional<Result> known = skipped.resultInEndedChain(header.dh(), header.n());
      if (known.isPresent()) {
        return known.get();
      }
      DoubleRatchet at =
          isCurrent
              ? skipTo(header.n())
              : skipTo(header.pn()).step(header.dh(), random).skipTo(header.n());
      byte[] plaintext = Aead.openWithNonce(messageKey(at.ckr), nonce, aad, ciphertext);
      return new Result.Opened(at.received(), plaintext);
    } catch (RefusedException e) {
      return new Result.Failed(e.getMessage());
    }
  }

  /** How many messages are known to be missing, of those that can still be opened. */
  public int skippedCount() {
    return skipped.size();
  }

  /**
   * Keeps the keys of the receiving chain before number {@code n}.
   *
   * @throws RefusedException if it is too far ahead
   */
  private DoubleRatchet skipTo(long n) {
    if (ckr.length == 0 || n <= nr) {
      return this;
    }
    if (n - nr > JUMP_MAX) {
      throw new RefusedException("too many messages are missing before it");
    }
    long keptFrom = Math.max(nr, n - SKIPPED_MAX);
    List<SkippedKeys.Key> passed = new ArrayList<>();
    byte[] chainKey = ckr;
    for (long i = nr; i < n; i++) {
      if (i >= keptFrom) {
        passed.add(new SkippedKeys.Key(dhr, i, messageKey(chainKey)));
      }
      chainKey = nextChainKey(chainKey);
    }
    SkippedKeys nowSkipped = skipped.with(passed, keptFrom > nr ? keptFrom : 0);
    return new DoubleRatchet(dhs, dhr, rk, cks, chainKey, ns, n, pn, nowSkipped);
  }

  /** The Diffie-Hellman step on a new ratchet key of the other side. */
  private DoubleRatchet step(byte[] newDhr, SecureRandom random) {
    byte[] receiving = kdfRk(rk, X25519.agree(dhs, newDhr));
    X25519.KeyPair newDhs = X25519.generateKeyPair(random);
    byte[] sending = kdfRk(first(receiving), X25519.agree(newDhs, newDhr));
    return new DoubleRatchet(
        newDhs,
        newDhr,
        first(sending),
        second(sending),
        second(receiving),
        0,
        0,
        ns,
        dhr.length == 0 ? skipped : skipped.withChainEnded(dhr, nr));
  }

  private DoubleRatchet received() {
    return new DoubleRatchet(dhs, dhr, rk, cks, nextChainKey(ckr), ns, nr + 1, pn, skipped);
  }

  private DoubleRatchet without(Header used) {
    SkippedKeys rest = skipped.without(used.dh(), used.n());
    return new DoubleRatchet(dhs, dhr, rk, cks, ckr, ns, nr, pn, rest);
  }

  /** The state for a store that keeps it sealed; holds every secret of the session. */
  public byte[] toBytes() {
    return Enc.encode(
        FORMAT, dhs.exportPrivateKey(), dhr, rk, cks, ckr, ns, nr, pn, skipped.items());
  }

  /** @throws RefusedException unless {@link #toBytes} made it */
  public static DoubleRatchet fromBytes(byte[] bytes) {
    List<byte[]> items = Enc.decode(bytes, 10);
    if (Enc.integer(items.get(0)) != FORMAT) {
      throw new RefusedException("unknown ratchet format");
    }
    return new DoubleRatchet(
        X25519.fromPrivateKey(items.get(1)),
        items.get(2),
        items.get(3),
        items.get(4),
        items.get(5),
        Enc.integer(items.get(6)),
        Enc.integer(items.get(7)),
        Enc.integer(items.get(8)),
        SkippedKeys.fromBytes(items.get(9)));
  }

  @Override
  public String toString() {
    return "DoubleRatchet[***]";
  }

  private static byte[] kdfRk(byte[] rk, byte[] dh) {
    return Hkdf.derive(rk, dh, RATCHET, 64);
  }

  private static byte[] messageKey(byte[] chainKey) {
    return Hkdf.hmac(chainKey, new byte[] {0x01});
  }

  private static byte[] nextChainKey(byte[] chainKey) {
    return Hkdf.hmac(chainKey, new byte[] {0x02});
  }

  private static byte[] first(byte[] pair) {
    return Arrays.copyOf(pair, 32);
  }

  private static byte[] second(byte[] pair) {
    return Arrays.copyOfRange(pair, 32, 64);
  }
}

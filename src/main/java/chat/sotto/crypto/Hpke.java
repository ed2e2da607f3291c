package chat.sotto.crypto;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/**
 * HPKE (RFC 9180), base and PSK mode. Base mode authenticates nobody; PSK mode authenticates a
 * holder of the psk. The key encapsulation runs on BouncyCastle's curve, the rest on the JDK.
 *
 * <p>A context is one direction of one connection, is used by one thread at a time and is not
 * storable: its sequence number makes the nonce, so a copy would use a nonce twice.
 */
public final class Hpke {
  private static final byte MODE_BASE = 0;
  private static final byte MODE_PSK = 1;
  private static final byte[] NONE = new byte[0];
  private static final byte[] VERSION = ascii("HPKE-v1");
  private static final int PSK_BYTES_MIN = 32;

  private Hpke() {}

  /** What a sender sends first, and its context. */
  public record Sender(byte[] enc, SenderContext context) {}

  /** SetupBaseS (§5.1.1). */
  public static Sender setupBaseS(
      Suite suite, byte[] recipientKey, byte[] info, SecureRandom random) {
    return setupBaseS(suite, recipientKey, info, X25519.generateKeyPair(random));
  }

  static Sender setupBaseS(
      Suite suite, byte[] recipientKey, byte[] info, X25519.KeyPair ephemeral) {
    byte[] secret = encap(suite, recipientKey, ephemeral);
    Keys keys = schedule(suite, MODE_BASE, secret, info, NONE, NONE);
    return new Sender(ephemeral.publicKey(), new SenderContext(keys));
  }

  /** SetupBaseR. @throws RefusedException for an {@code enc} of wrong length or small order */
  public static ReceiverContext setupBaseR(
      Suite suite, byte[] enc, X25519.KeyPair recipient, byte[] info) {
    byte[] secret = decap(suite, enc, recipient);
    return new ReceiverContext(schedule(suite, MODE_BASE, secret, info, NONE, NONE));
  }

  /** SetupPSKS (§5.1.2). @param psk at least 32 bytes of full entropy */
  public static Sender setupPskS(
      Suite suite,
      byte[] recipientKey,
      byte[] info,
      byte[] psk,
      byte[] pskId,
      SecureRandom random) {
    return setupPskS(suite, recipientKey, info, psk, pskId, X25519.generateKeyPair(random));
  }

  static Sender setupPskS(
      Suite suite,
      byte[] recipientKey,
      byte[] info,
      byte[] psk,
      byte[] pskId,
      X25519.KeyPair ephemeral) {
    requirePsk(psk, pskId);
    byte[] secret = encap(suite, recipientKey, ephemeral);
    Keys keys = schedule(suite, MODE_PSK, secret, info, psk, pskId);
    return new Sender(ephemeral.publicKey(), new SenderContext(keys));
  }

  /** SetupPSKR; as {@link #setupBaseR}, with the psk and its id. */
  public static ReceiverContext setupPskR(
      Suite suite, byte[] enc, X25519.KeyPair recipient, byte[] info, byte[] psk, byte[] pskId) {
    requirePsk(psk, pskId);
    byte[] secret = decap(suite, enc, recipient);
    return new ReceiverContext(schedule(suite, MODE_PSK, secret, info, psk, pskId));
  }

  /** What one context derives; its text shows nothing. */
  private record Keys(byte[] suiteId, byte[] key, byte[] baseNonce, byte[] exporterSecret) {
    @Override
    public String toString() {
      return "Hpke.Keys[***]";
    }
  }

  private abstract static class Context {
    final Keys keys;
    final Aead.Keyed aead;
    private long sequence;

    Context(Keys keys) {
      this.keys = keys;
      this.aead = new Aead.Keyed(keys.key);
    }

    /** Secret Export (§5.3): bytes bound to this context and to {@code exporterContext}. */
    public byte[] export(String exporterContext, int length) {
      return export(exporterContext.getBytes(StandardCharsets.UTF_8), length);
    }

    byte[] export(byte[] exporterContext, int length) {
      return labeledExpand(keys.suiteId, keys.exporterSecret, "sec", exporterContext, length);
    }

    /** The nonce of the current sequence number (§5.2). */
    final byte[] nonce() {
      byte[] nonce = keys.baseNonce.clone();
      byte[] counter = ByteBuffer.allocate(Long.BYTES).putLong(sequence).array();
      for (int i = 0; i < counter.length; i++) {
        nonce[nonce.length - counter.length + i] ^= counter[i];
      }
      return nonce;
    }

    final void increment() {
      if (sequence == Long.MAX_VALUE) {
        throw new IllegalStateException("context used up");
      }
      sequence++;
    }
  }

  /** The sending side. */
  public static final class SenderContext extends Context {
    private SenderContext(Keys keys) {
      super(keys);
    }

    /** ContextS.Seal (§5.2) with empty AAD: ciphertext and tag under the next sequence number. */
    public byte[] seal(byte[] plaintext) {
      return seal(NONE, plaintext);
    }

    byte[] seal(byte[] aad, byte[] plaintext) {
      byte[] sealed = aead.seal(nonce(), aad, plaintext);
      increment();
      return sealed;
    }
  }

  /** The receiving side. */
  public static final class ReceiverContext extends Context {
    private ReceiverContext(Keys keys) {
      super(keys);
    }

    /**
     * ContextR.Open (§5.2) with empty AAD. A failure does not advance the context.
     *
     * @throws RefusedException unless this is exactly the sender's next ciphertext
     */
    public byte[] open(byte[] ciphertext) {
      return open(NONE, ciphertext);
    }

    byte[] open(byte[] aad, byte[] ciphertext) {
      byte[] plaintext = aead.open(nonce(), aad, ciphertext);
      increment();
      return plaintext;
    }
  }

  // DHKEM(X25519, HKDF-SHA256), §4.1.

  private static byte[] encap(Suite suite, byte[] recipientKey, X25519.KeyPair ephemeral) {
    byte[] dh = X25519.agree(ephemeral, recipientKey);
    return extractAndExpand(suite, dh, concat(ephemeral.publicKey(), recipientKey));
  }

  private static byte[] decap(Suite suite, byte[] enc, X25519.KeyPair recipient) {
    byte[] dh = X25519.agree(recipient, enc);
    return extractAndExpand(suite, dh, concat(enc, recipient.publicKey()));
  }

  private static byte[] extractAndExpand(Suite suite, byte[] dh, byte[] kemContext) {
    byte[] suiteId = concat(ascii("KEM"), i2osp2(suite.kemId));
    byte[] prk = labeledExtract(suiteId, NONE, "eae_prk", dh);
    return labeledExpand(suiteId, prk, "shared_secret", kemContext, Hash.BYTES);
  }

  // KeySchedule, §5.1.

  private static Keys schedule(
      Suite suite, byte mode, byte[] secret, byte[] info, byte[] psk, byte[] pskId) {
    byte[] suiteId =
        concat(
            ascii("HPKE"),
            i2osp2(suite.kemId),
            i2osp2(Suite.KDF_ID),
            i2osp2(Suite.AEAD_ID));
    byte[] context =
        concat(
            new byte[] {mode},
            labeledExtract(suiteId, NONE, "psk_id_hash", pskId),
            labeledExtract(suiteId, NONE, "info_hash", info));
    byte[] prk = labeledExtract(suiteId, secret, "secret", psk);
    return new Keys(
        suiteId,
        labeledExpand(suiteId, prk, "key", context, Aead.KEY_BYTES),
        labeledExpand(suiteId, prk, "base_nonce", context, Aead.NONCE_BYTES),
        labeledExpand(suiteId, prk, "exp", context, Hash.BYTES));
  }

  private static void requirePsk(byte[] psk, byte[] pskId) {
    if (psk.length < PSK_BYTES_MIN || pskId.length == 0) {
      throw new IllegalArgumentException("psk too short, or without id");
    }
  }

  private static byte[] labeledExtract(byte[] suiteId, byte[] salt, String label, byte[] ikm) {
    return Hkdf.extract(salt, concat(VERSION, suiteId, ascii(label), ikm));
  }

  private static byte[] labeledExpand(
      byte[] suiteId, byte[] prk, String label, byte[] info, int length) {
    return Hkdf.expand(prk, concat(i2osp2(length), VERSION, suiteId, ascii(label), info), length);
  }

  private static byte[] i2osp2(int value) {
    return new byte[] {(byte) (value >>> 8), (byte) value};
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] concat(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}

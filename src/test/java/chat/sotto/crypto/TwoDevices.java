package chat.sotto.crypto;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;

/** alice's device, which opens a session, and bob's, and what they send each other. */
final class TwoDevices {
  static final String ALICE_DEVICE = "a1".repeat(16);
  static final String BOB_DEVICE = "b1".repeat(16);
  static final SessionOpening.PrekeyRef PREKEY_REF = new SessionOpening.PrekeyRef("one-time", 7);

  final SecureRandom random;
  final Ed25519.SigningKey aliceKey;
  final X25519.KeyPair bobPrekey;
  final SessionOpening.Parties parties;
  final SessionOpening.Opening opening;
  final byte[] sessionId;
  DoubleRatchet alice;
  DoubleRatchet bob;
  private int messages;

  /** A message on its way. */
  record Sent(
      DoubleRatchet.Context context, DoubleRatchet.Header header, byte[] nonce, byte[] ct) {}

  TwoDevices(SecureRandom random) {
    this.random = random;
    aliceKey = Ed25519.generate(random);
    bobPrekey = X25519.generateKeyPair(random);
    parties =
        new SessionOpening.Parties(
            Suite.X25519,
            "chat.example",
            "alice",
            ALICE_DEVICE,
            Ed25519.generate(random).publicKey(),
            Hash.sha256(text("alice's list")),
            "bob",
            BOB_DEVICE,
            Ed25519.generate(random).publicKey(),
            Hash.sha256(text("bob's list")));
    SessionOpening.Created created =
        SessionOpening.create(
            parties,
            text("{}"),
            1,
            PREKEY_REF,
            bobPrekey.publicKey(),
            List.of(),
            aliceKey,
            random);
    opening = created.opening();
    sessionId = opening.sessionId();
    alice = created.ratchet();
    bob = SessionOpening.accept(parties, opening, aliceKey.publicKey(), bobPrekey, random);
  }

  Sent aliceSends(String message) {
    var context = context("alice", ALICE_DEVICE, "bob", BOB_DEVICE);
    DoubleRatchet.Sealed sealed = alice.seal(context, text(message), random);
    alice = sealed.next();
    return new Sent(context, sealed.header(), sealed.nonce(), sealed.ciphertext());
  }

  Sent bobSends(String message) {
    var context = context("bob", BOB_DEVICE, "alice", ALICE_DEVICE);
    DoubleRatchet.Sealed sealed = bob.seal(context, text(message), random);
    bob = sealed.next();
    return new Sent(context, sealed.header(), sealed.nonce(), sealed.ciphertext());
  }

  DoubleRatchet.Result aliceReceives(Sent sent) {
    DoubleRatchet.Result result = open(alice, sent);
    if (result instanceof DoubleRatchet.Result.Opened opened) {
      alice = opened.next();
    }
    return result;
  }

  DoubleRatchet.Result bobReceives(Sent sent) {
    DoubleRatchet.Result result = open(bob, sent);
    if (result instanceof DoubleRatchet.Result.Opened opened) {
      bob = opened.next();
    }
    return result;
  }

  DoubleRatchet.Result open(DoubleRatchet ratchet, Sent sent) {
    return ratchet.open(sent.context, sent.header, sent.nonce, sent.ct, random);
  }

  private DoubleRatchet.Context context(
      String fromUser, String fromDevice, String toUser, String toDevice) {
    byte[] messageId = new byte[16];
    messageId[15] = (byte) ++messages;
    messageId[14] = (byte) (messages >>> 8);
    return new DoubleRatchet.Context(
        parties.suite(), sessionId, fromUser, fromDevice, toUser, toDevice, messageId);
  }

  static String shown(DoubleRatchet.Result result) {
    if (result instanceof DoubleRatchet.Result.Opened opened) {
      return new String(opened.plaintext(), StandardCharsets.UTF_8);
    }
    return result.toString();
  }

  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

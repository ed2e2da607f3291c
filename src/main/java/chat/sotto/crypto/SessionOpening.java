package chat.sotto.crypto;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;

/**
 * How two devices come to share a session (docs/protocol.md §7.1). The opener encrypts a fresh
 * session key to a prekey and signs a transcript of everything that both must agree on; encryption
 * alone would authenticate nobody. The root key depends on the transcript, so two parties that
 * differ in any part of it share nothing.
 */
public final class SessionOpening {
  public static final int SESSION_ID_BYTES = 16;
  private static final int SESSION_KEY_BYTES = 32;
  private static final int FIELDS = 10;
  private static final byte[] SESSION = Labels.SESSION.getBytes(StandardCharsets.UTF_8);

  private SessionOpening() {}

  /**
   * Who opens to whom. The account keys and list hashes are those that this side has verified,
   * never those that the other side claims.
   */
  public record Parties(
      Suite suite,
      String serverHost,
      String fromUser,
      String fromDevice,
      byte[] fromAccountKey,
      byte[] fromListHash,
      String toUser,
      String toDevice,
      byte[] toAccountKey,
      byte[] toListHash) {}

  /** The prekey that an opening uses, as its signed statement names it. */
  public record PrekeyRef(String kind, long id) {}

  /**
   * What travels.
   *
   * @param senderDeviceList JSON of docs/protocol.md §4.1
   * @param recipientListVersion version of the recipient's list that the opener used
   * @param sessionId 16 bytes
   * @param replaces ids of the sessions that the opener had with that device
   * @param r1 the opener's first ratchet key
   */
  public record Opening(
      byte[] senderDeviceList,
      long recipientListVersion,
      PrekeyRef prekey,
      byte[] sessionId,
      List<byte[]> replaces,
      byte[] r1,
      byte[] hpkeEnc,
      byte[] sealedKey,
      byte[] signature) {
    public byte[] toBytes() {
      return Enc.encode(
          senderDeviceList,
          recipientListVersion,
          prekey.kind(),
          prekey.id(),
          sessionId,
          replaces,
          r1,
          hpkeEnc,
          sealedKey,
          signature);
    }

    /** @throws RefusedException unless {@link #toBytes} can have made it */
    public static Opening fromBytes(byte[] bytes) {
      List<byte[]> items = Enc.decode(bytes, FIELDS);
      List<byte[]> replaces = Enc.decode(items.get(5));
      byte[] sessionId = items.get(4);
      boolean sizesFit =
          sessionId.length == SESSION_ID_BYTES
              && replaces.stream().allMatch(id -> id.length == SESSION_ID_BYTES)
              && items.get(6).length == X25519.KEY_BYTES;
      if (!sizesFit) {
        throw new RefusedException("malformed opening");
      }
      return new Opening(
          items.get(0),
          Enc.integer(items.get(1)),
          new PrekeyRef(Enc.string(items.get(2)), Enc.integer(items.get(3))),
          sessionId,
          replaces,
          items.get(6),
          items.get(7),
          items.get(8),
          items.get(9));
    }
  }

  /** A new session on the opener's side. */
  public record Created(Opening opening, DoubleRatchet ratchet) {}

  /** @param prekey public key whose signature the caller has verified */
  public static Created create(
      Parties parties,
      byte[] senderDeviceList,
      long recipientListVersion,
      PrekeyRef prekeyRef,
      byte[] prekey,
      List<byte[]> replaces,
      Ed25519.SigningKey deviceKey,
      SecureRandom random) {
    byte[] sessionKey = randomBytes(SESSION_KEY_BYTES, random);
    byte[] sessionId = randomBytes(SESSION_ID_BYTES, random);
    X25519.KeyPair r1 = X25519.generateKeyPair(random);
    byte[] transcript = transcript(parties, prekeyRef, sessionId, replaces, r1.publicKey());
    Hpke.Sender sender = Hpke.setupBaseS(parties.suite(), prekey, transcript, random);
    byte[] sealedKey = sender.context().seal(Enc.encode(parties.fromUser(), sessionKey));
    var opening =
        new Opening(
            senderDeviceList,
            recipientListVersion,
            prekeyRef,
            sessionId,
            replaces,
            r1.publicKey(),
            sender.enc(),
            sealedKey,
            Ed25519.sign(
                deviceKey, Labels.OPENING, transcript, sender.enc(), Hash.sha256(sealedKey)));
    byte[] root = root(transcript, opening, sessionKey);
    return new Created(opening, DoubleRatchet.ofOpener(root, r1));
  }

  /**
   * The recipient's side of the session.
   *
   * @param senderSignKey of the sender's device, in the list that the caller has verified
   * @throws RefusedException if the signature is wrong, the prekey is another, or any part of the
   *     transcript differs
   */
  public static DoubleRatchet accept(
      Parties parties,
      Opening opening,
      byte[] senderSignKey,
      X25519.KeyPair prekey,
      SecureRandom random) {
    byte[] transcript =
        transcript(
            parties, opening.prekey(), opening.sessionId(), opening.replaces(), opening.r1());
    boolean signed =
        Ed25519.verify(
            senderSignKey,
            opening.signature(),
            Labels.OPENING,
            transcript,
            opening.hpkeEnc(),
            Hash.sha256(opening.sealedKey()));
    if (!signed) {
      throw new RefusedException("opening signature");
    }
    byte[] inner =
        Hpke.setupBaseR(parties.suite(), opening.hpkeEnc(), prekey, transcript)
            .open(opening.sealedKey());
    List<byte[]> items = Enc.decode(inner, 2);
    byte[] sessionKey = items.get(1);
    // Without this, somebody could pass on another's session key as their own.
    boolean fromSender = Enc.string(items.get(0)).equals(parties.fromUser());
    if (!fromSender || sessionKey.length != SESSION_KEY_BYTES) {
      throw new RefusedException("opening content");
    }
    return DoubleRatchet.ofRecipient(root(transcript, opening, sessionKey), opening.r1(), random);
  }

  private static byte[] transcript(
      Parties parties, PrekeyRef prekey, byte[] sessionId, List<byte[]> replaces, byte[] r1) {
    return Enc.encode(
        Labels.OPENING,
        parties.suite().id(),
        parties.serverHost(),
        parties.fromUser(),
        parties.fromDevice(),
        parties.fromAccountKey(),
        parties.fromListHash(),
        parties.toUser(),
        parties.toDevice(),
        parties.toAccountKey(),
        parties.toListHash(),
        prekey.kind(),
        prekey.id(),
        sessionId,
        replaces,
        r1);
  }

  /** RK0 || CK, 64 bytes. */
  private static byte[] root(byte[] transcript, Opening opening, byte[] sessionKey) {
    byte[] salt = Hash.sha256(transcript, opening.hpkeEnc(), opening.sealedKey());
    return Hkdf.derive(salt, sessionKey, SESSION, 64);
  }

  private static byte[] randomBytes(int length, SecureRandom random) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}

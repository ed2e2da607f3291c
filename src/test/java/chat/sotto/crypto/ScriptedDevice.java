package chat.sotto.crypto;

import chat.sotto.crypto.DoubleRatchet.Result;
import chat.sotto.crypto.SessionOpening.Opening;
import chat.sotto.crypto.SessionOpening.Parties;
import chat.sotto.crypto.SessionOpening.PrekeyRef;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Statements;
import chat.sotto.protocol.JsonRefused;
import chat.sotto.protocol.StrictJson;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One device of a conversation on the wire, as a client is but without store and server. */
final class ScriptedDevice {
  final String user;
  final String device;
  final Ed25519.SigningKey deviceKey;
  final DeviceList list;
  final Map<PrekeyRef, X25519.KeyPair> prekeys = new HashMap<>();
  private final Map<String, Session> sessions = new TreeMap<>();

  private record Session(DoubleRatchet ratchet, Optional<Opening> opening) {}

  ScriptedDevice(String user, String device) {
    this.user = user;
    this.device = device;
    deviceKey = VectorFiles.deviceKey(user);
    list = VectorFiles.deviceList(user, device);
  }

  /** Draws sessionKey, sessionId, r1 and the HPKE key pair, in this order. */
  Opening open(ScriptedDevice to, PrekeyRef ref, List<byte[]> replaces, SecureRandom random) {
    SessionOpening.Created created =
        SessionOpening.create(
            parties(this, to),
            listJson(),
            to.list.version(),
            ref,
            to.prekeys.get(ref).publicKey(),
            replaces,
            deviceKey,
            random);
    Opening opening = created.opening();
    sessions.put(
        Hex.text(opening.sessionId()), new Session(created.ratchet(), Optional.of(opening)));
    return opening;
  }

  /** Draws the nonce. */
  byte[] send(
      ScriptedDevice to, byte[] sessionId, byte[] messageId, byte[] plain, SecureRandom random) {
    Session session = sessions.get(Hex.text(sessionId));
    DoubleRatchet.Sealed sealed =
        session.ratchet.seal(
            context(this, to, sessionId, messageId), Padding.pad(plain), random);
    sessions.put(Hex.text(sessionId), new Session(sealed.next(), session.opening));
    return new Ciphertext(
            Suite.X25519, session.opening, sealed.header(), sealed.nonce(), sealed.ciphertext())
        .toBytes();
  }

  /**
   * Draws a ratchet key if it accepts an opening or makes a Diffie-Hellman step.
   *
   * @throws RefusedException if it is not a message of a session, nor opens one
   */
  Result receive(
      ScriptedDevice from, byte[] messageId, byte[] ciphertext, SecureRandom random) {
    Ciphertext parsed = Ciphertext.fromBytes(ciphertext);
    byte[] sessionId = parsed.header().sessionId();
    Session known = sessions.get(Hex.text(sessionId));
    DoubleRatchet ratchet =
        known != null ? known.ratchet : accept(from, sessionId, parsed.opening(), random);
    Result result =
        ratchet.open(
            context(from, this, sessionId, messageId),
            parsed.header(),
            parsed.nonce(),
            parsed.ct(),
            random);
    if (result instanceof Result.Opened opened) {
      sessions.put(Hex.text(sessionId), new Session(opened.next(), Optional.empty()));
    }
    return result;
  }

  private DoubleRatchet accept(
      ScriptedDevice from, byte[] sessionId, Optional<Opening> opening, SecureRandom random) {
    Opening known = opening.orElseThrow(() -> new RefusedException("no such session"));
    X25519.KeyPair prekey = prekeys.get(known.prekey());
    boolean fits =
        Arrays.equals(known.sessionId(), sessionId)
            && known.recipientListVersion() == list.version()
            && prekey != null
            && isListOf(from, known.senderDeviceList());
    if (!fits) {
      throw new RefusedException("opening of another session, list, prekey or person");
    }
    return SessionOpening.accept(
        parties(from, this), known, from.deviceKey.publicKey(), prekey, random);
  }

  /** The sender's list is pinned here, so an opening must carry that one. */
  private static boolean isListOf(ScriptedDevice from, byte[] json) {
    try {
      DeviceList claimed = StrictJson.decode(json, DeviceList.class);
      return Statements.verifyDeviceList(claimed) && claimed.equals(from.list);
    } catch (JsonRefused e) {
      return false;
    }
  }

  /** Every state, to see that nothing changed. */
  String states() {
    var states = new StringBuilder();
    sessions.forEach(
        (id, session) -> states.append(id).append(Hex.text(session.ratchet.toBytes())));
    return states.toString();
  }

  byte[] listJson() {
    return StrictJson.encode(list, DeviceList.class);
  }

  private static Parties parties(ScriptedDevice from, ScriptedDevice to) {
    return new Parties(
        Suite.X25519,
        VectorFiles.HOST,
        from.user,
        from.device,
        from.list.accountKey().toArray(),
        Statements.listHash(from.list).toArray(),
        to.user,
        to.device,
        to.list.accountKey().toArray(),
        Statements.listHash(to.list).toArray());
  }

  private static DoubleRatchet.Context context(
      ScriptedDevice from, ScriptedDevice to, byte[] sessionId, byte[] messageId) {
    return new DoubleRatchet.Context(
        Suite.X25519, sessionId, from.user, from.device, to.user, to.device, messageId);
  }
}

package chat.sotto.client;

import chat.sotto.crypto.Ciphertext;
import chat.sotto.crypto.DoubleRatchet;
import chat.sotto.crypto.RefusedException;
import chat.sotto.crypto.SessionOpening;
import chat.sotto.crypto.SessionOpening.Opening;
import chat.sotto.crypto.X25519;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.UserName;
import chat.sotto.protocol.JsonRefused;
import chat.sotto.protocol.StrictJson;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * Opens what another device sealed for this one, and writes what follows from it: the ratchet, an
 * accepted session, the prekey that is gone. A message that cannot be opened changes nothing of
 * that.
 */
final class Unsealing {
  private final Self self;
  private final People people;
  private final Prekeys prekeys;
  private final Sessions sessions;
  private final SecureRandom random;
  private final long now;

  /** What came out. */
  sealed interface Result {
    /**
     * @param padded the padded plaintext
     * @param missing how many messages before it have not come
     * @param accepted whether it opened a session here
     * @param replacing whether that session took the place of others
     */
    record Opened(byte[] padded, int missing, boolean accepted, boolean replacing)
        implements Result {}

    /** Its key was used already. */
    record Duplicate() implements Result {}
  }

  /** An entry's part for this device. */
  record Sealed(UserName from, DeviceId device, Bytes messageId, Bytes ciphertext) {}

  Unsealing(Rows rows, Self self, SecureRandom random, long now) {
    this.self = self;
    this.random = random;
    this.now = now;
    people = new People(rows, self.serverHost());
    prekeys = new Prekeys(rows, self, random);
    sessions = new Sessions(rows, self, random, now);
  }

  Result open(Sealed sealed) throws CannotOpen {
    Ciphertext ciphertext = parse(sealed.ciphertext);
    Bytes id = Bytes.of(ciphertext.header().sessionId());
    Optional<Session> known = sessions.find(sealed.from, sealed.device, id);
    if (known.isPresent()) {
      requireListed(sealed);
      return openKnown(sealed, ciphertext, known.get());
    }
    boolean forgotten = sessions.wasAccepted(sealed.from, sealed.device, id);
    if (ciphertext.opening().isEmpty() || forgotten) {
      throw new CannotOpen(CannotOpen.Reason.NO_SESSION);
    }
    return openNew(sealed, ciphertext, ciphertext.opening().get());
  }

  /** A device that was revoked, or is of an account key once pinned, still has its sessions. */
  private void requireListed(Sealed sealed) throws CannotOpen {
    boolean listed =
        people
            .find(sealed.from)
            .flatMap(person -> person.list().device(sealed.device))
            .isPresent();
    if (!listed) {
      throw new CannotOpen(CannotOpen.Reason.DEVICE_NOT_LISTED);
    }
  }

  private static Ciphertext parse(Bytes ciphertext) throws CannotOpen {
    try {
      return Ciphertext.fromBytes(ciphertext.toArray());
    } catch (RefusedException e) {
      throw new CannotOpen(CannotOpen.Reason.NOT_AUTHENTIC);
    }
  }

  private Result openKnown(Sealed sealed, Ciphertext ciphertext, Session session)
      throws CannotOpen {
    DoubleRatchet ratchet = session.ratchet();
    DoubleRatchet.Result result = turn(sealed, ciphertext, ratchet);
    if (result instanceof DoubleRatchet.Result.Duplicate) {
      return new Result.Duplicate();
    } else if (result instanceof DoubleRatchet.Result.Opened opened) {
      sessions.put(sealed.from, sealed.device, session.afterOpening(opened.next()));
      int missing = opened.next().skippedCount() - ratchet.skippedCount();
      return new Result.Opened(opened.plaintext(), Math.max(0, missing), false, false);
    }
    throw new CannotOpen(CannotOpen.Reason.NOT_AUTHENTIC);
  }

  /** In the order of docs/protocol.md §7.1; nothing is written before everything held. */
  private Result openNew(Sealed sealed, Ciphertext ciphertext, Opening opening)
      throws CannotOpen {
    DeviceList list = senderList(sealed, opening);
    Device device =
        list.device(sealed.device)
            .orElseThrow(() -> new CannotOpen(CannotOpen.Reason.OPENING_REFUSED));
    if (opening.recipientListVersion() != self.list().version()) {
      throw new CannotOpen(CannotOpen.Reason.UNKNOWN_PREKEY);
    }
    X25519.KeyPair prekey =
        prekeys
            .find(opening.prekey().kind(), opening.prekey().id())
            .orElseThrow(() -> new CannotOpen(CannotOpen.Reason.UNKNOWN_PREKEY));
    DoubleRatchet ratchet = accept(sealed, ciphertext, opening, list, device, prekey);
    if (!(turn(sealed, ciphertext, ratchet) instanceof DoubleRatchet.Result.Opened opened)) {
      throw new CannotOpen(CannotOpen.Reason.NOT_AUTHENTIC);
    }
    people.learn(sealed.from, list);
    Bytes id = Bytes.of(opening.sessionId());
    var session = Session.accepted(id, opened.next(), now);
    sessions.accept(sealed.from, sealed.device, session, opening.replaces());
    prekeys.used(opening.prekey().kind(), opening.prekey().id());
    boolean replacing = !opening.replaces().isEmpty();
    return new Result.Opened(
        opened.plaintext(), opened.next().skippedCount(), true, replacing);
  }

  private DeviceList senderList(Sealed sealed, Opening opening) throws CannotOpen {
    try {
      DeviceList list = StrictJson.decode(opening.senderDeviceList(), DeviceList.class);
      if (!people.isTrusted(sealed.from, list)) {
        people.learn(sealed.from, list);
        throw new CannotOpen(CannotOpen.Reason.KEY_CHANGED);
      }
      return list;
    } catch (JsonRefused | Breach e) {
      throw new CannotOpen(CannotOpen.Reason.OPENING_REFUSED);
    }
  }

  private DoubleRatchet accept(
      Sealed sealed,
      Ciphertext ciphertext,
      Opening opening,
      DeviceList list,
      Device device,
      X25519.KeyPair prekey)
      throws CannotOpen {
    if (!Arrays.equals(opening.sessionId(), ciphertext.header().sessionId())) {
      throw new CannotOpen(CannotOpen.Reason.OPENING_REFUSED);
    }
    try {
      SessionOpening.Parties parties =
          sessions.parties(
              ciphertext.suite(), list, sealed.device, self.list(), self.device());
      return SessionOpening.accept(
          parties, opening, device.signKey().toArray(), prekey, random);
    } catch (RefusedException e) {
      throw new CannotOpen(CannotOpen.Reason.OPENING_REFUSED);
    }
  }

  private DoubleRatchet.Result turn(Sealed sealed, Ciphertext ciphertext, DoubleRatchet ratchet) {
    var context =
        new DoubleRatchet.Context(
            ciphertext.suite(),
            ciphertext.header().sessionId(),
            sealed.from.value(),
            sealed.device.value(),
            self.user().value(),
            self.device().value(),
            sealed.messageId.toArray());
    return ratchet.open(
        context, ciphertext.header(), ciphertext.nonce(), ciphertext.ct(), random);
  }
}

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
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.JsonRefused;
import chat.sotto.protocol.StrictJson;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Opens what another device sealed for this one, and writes what follows from it: the ratchet, an
 * accepted session, the prekey that is gone. A message that cannot be opened changes nothing of
 * that.
 */
final class Unsealing {
  private final Self self;
  private final OwnLists ownLists;
  private final People people;
  private final Prekeys prekeys;
  private final Sessions sessions;
  private final SecureRandom random;
  private final long now;

  /**
   * What came out.
   *
   * @param padded the padded plaintext
   * @param missing how many messages before it have not come
   * @param session the session that it opened here, if it did
   * @param replaces whether that session took the place of others
   * @param added devices of the sender that were not known before
   */
  record Opened(
      byte[] padded,
      int missing,
      Optional<Bytes> session,
      boolean replaces,
      List<Device> added) {}

  /** An entry's part for this device. */
  record Sealed(UserName from, DeviceId device, Bytes messageId, Bytes ciphertext) {}

  Unsealing(Rows rows, Self self, SecureRandom random, long now) {
    this.self = self;
    this.random = random;
    this.now = now;
    ownLists = new OwnLists(rows);
    people = new People(rows, self.serverHost());
    prekeys = new Prekeys(rows, self, random);
    sessions = new Sessions(rows, self, random, now);
  }

  Opened open(Sealed sealed) throws CannotOpen {
    Ciphertext ciphertext = parse(sealed.ciphertext);
    Bytes id = Bytes.of(ciphertext.header().sessionId());
    Optional<Session> known = sessions.find(sealed.from, sealed.device, id);
    if (known.isPresent()) {
      return openKnown(sealed, ciphertext, known.get());
    }
    boolean forgotten = sessions.wasAccepted(sealed.from, sealed.device, id);
    if (ciphertext.opening().isEmpty() || forgotten) {
      throw new CannotOpen(
          isGone(sealed) ? CannotOpen.Reason.DEVICE_NOT_LISTED : CannotOpen.Reason.NO_SESSION);
    }
    return openNew(sealed, ciphertext, ciphertext.opening().get());
  }

  /** Sessions with a device go when its user's list drops it. */
  private boolean isGone(Sealed sealed) {
    return newestList(sealed.from)
        .filter(list -> list.device(sealed.device).isEmpty())
        .isPresent();
  }

  /** The session that a message names, whether it can be opened or not. */
  static Optional<Bytes> sessionNamed(Bytes ciphertext) {
    try {
      return Optional.of(Bytes.of(parse(ciphertext).header().sessionId()));
    } catch (CannotOpen e) {
      return Optional.empty();
    }
  }

  private static Ciphertext parse(Bytes ciphertext) throws CannotOpen {
    try {
      return Ciphertext.fromBytes(ciphertext.toArray());
    } catch (RefusedException e) {
      throw new CannotOpen(CannotOpen.Reason.NOT_AUTHENTIC);
    }
  }

  private Opened openKnown(Sealed sealed, Ciphertext ciphertext, Session session)
      throws CannotOpen {
    if (isGone(sealed)) {
      throw new CannotOpen(CannotOpen.Reason.DEVICE_NOT_LISTED);
    }
    DoubleRatchet ratchet = session.ratchet();
    DoubleRatchet.Result.Opened opened = opened(turn(sealed, ciphertext, ratchet));
    sessions.put(sealed.from, sealed.device, session.afterOpening(opened.next()));
    int missing = opened.next().skippedCount() - ratchet.skippedCount();
    return new Opened(opened.plaintext(), Math.max(0, missing), Optional.empty(), false, List.of());
  }

  private static DoubleRatchet.Result.Opened opened(DoubleRatchet.Result result)
      throws CannotOpen {
    if (result instanceof DoubleRatchet.Result.Opened opened) {
      return opened;
    }
    // A repeat under its own id was dropped before; under another id it is somebody's doing.
    boolean isRepeat = result instanceof DoubleRatchet.Result.Duplicate;
    throw new CannotOpen(
        isRepeat ? CannotOpen.Reason.REPEATED : CannotOpen.Reason.NOT_AUTHENTIC);
  }

  /** In the order of docs/protocol.md §7.1; nothing is written before everything held. */
  private Opened openNew(Sealed sealed, Ciphertext ciphertext, Opening opening)
      throws CannotOpen {
    DeviceList list = senderList(sealed, opening);
    if (list.device(sealed.device).isEmpty()) {
      throw new CannotOpen(CannotOpen.Reason.OPENING_REFUSED);
    }
    OwnLists.Name own =
        ownLists
            .named(opening.recipientListVersion())
            .orElseThrow(() -> new CannotOpen(CannotOpen.Reason.UNKNOWN_PREKEY));
    X25519.KeyPair prekey =
        prekeys
            .find(opening.prekey().kind(), opening.prekey().id())
            .orElseThrow(() -> new CannotOpen(CannotOpen.Reason.UNKNOWN_PREKEY));
    DoubleRatchet ratchet = accept(sealed, ciphertext, opening, list, own, prekey);
    DoubleRatchet.Result.Opened opened = opened(turn(sealed, ciphertext, ratchet));
    List<Device> added = learn(sealed.from, list);
    Bytes id = Bytes.of(opening.sessionId());
    var session = Session.accepted(id, opened.next(), now);
    sessions.accept(sealed.from, sealed.device, session, opening.replaces());
    prekeys.used(opening.prekey().kind(), opening.prekey().id());
    return new Opened(
        opened.plaintext(),
        opened.next().skippedCount(),
        Optional.of(id),
        !opening.replaces().isEmpty(),
        added);
  }

  private Optional<DeviceList> newestList(UserName user) {
    return user.equals(self.user())
        ? Optional.of(self.list())
        : people.find(user).map(People.Person::list);
  }

  /** An own list is taken before; one from before the known one is nothing new. */
  private List<Device> learn(UserName user, DeviceList list) {
    Optional<DeviceList> before = newestList(user);
    boolean isEarlier =
        before
            .filter(known -> known.accountKey().equals(list.accountKey()))
            .filter(known -> known.version() > list.version())
            .isPresent();
    if (isEarlier || user.equals(self.user())) {
      return List.of();
    }
    people.learn(user, list);
    return before.map(known -> OwnLists.missingIn(known, list)).orElse(List.of());
  }

  /**
   * Whether it is a list of before one that is known, in which the device stands as it does now:
   * the device wrote before it heard of the newer one.
   */
  private static boolean isEarlierOf(DeviceList known, DeviceList list, DeviceId device) {
    Optional<Device> now = known.device(device);
    return list.user().equals(known.user())
        && list.serverHost().equals(known.serverHost())
        && list.accountKey().equals(known.accountKey())
        && list.version() < known.version()
        && now.isPresent()
        && list.device(device).equals(now)
        && Statements.verifyDeviceList(list);
  }

  private void requireKnown(DeviceList list) throws CannotOpen {
    if (!Statements.listHash(list).equals(Statements.listHash(self.list()))) {
      throw new CannotOpen(CannotOpen.Reason.OPENING_REFUSED);
    }
  }

  private DeviceList senderList(Sealed sealed, Opening opening) throws CannotOpen {
    try {
      DeviceList list = StrictJson.decode(opening.senderDeviceList(), DeviceList.class);
      Optional<DeviceList> newest = newestList(sealed.from);
      if (newest.filter(known -> isEarlierOf(known, list, sealed.device)).isPresent()) {
        return list;
      }
      if (sealed.from.equals(self.user())) {
        // The server pushes a newer one before anything that its devices sent.
        requireKnown(list);
        return list;
      }
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
      OwnLists.Name own,
      X25519.KeyPair prekey)
      throws CannotOpen {
    boolean isOfThisSession =
        Arrays.equals(opening.sessionId(), ciphertext.header().sessionId());
    if (!isOfThisSession || opening.replaces().size() > Sessions.REPLACES_MAX) {
      throw new CannotOpen(CannotOpen.Reason.OPENING_REFUSED);
    }
    try {
      SessionOpening.Parties parties =
          sessions.parties(
              ciphertext.suite(), list, sealed.device, own, self.device());
      Device device = list.device(sealed.device).orElseThrow();
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

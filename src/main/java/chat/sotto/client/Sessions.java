package chat.sotto.client;

import chat.sotto.crypto.Ciphertext;
import chat.sotto.crypto.DoubleRatchet;
import chat.sotto.crypto.RefusedException;
import chat.sotto.crypto.SessionOpening;
import chat.sotto.crypto.SessionOpening.Opening;
import chat.sotto.crypto.Suite;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ServerFrame.DeviceKeys;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The sessions of this device: which one to send on, how they begin and end (docs/protocol.md §7).
 */
final class Sessions {
  static final int KEPT_MAX = 5;
  static final int REPLACES_MAX = 32;
  private static final Duration KEPT_AFTER_REPLACED = Duration.ofDays(30);
  private static final Table<Session> SESSIONS = new Table<>("session", Session.class);

  /** Every session that another device opened here, for ever: none is accepted twice. */
  private static final Table<Accepted> ACCEPTED = new Table<>("session-accepted", Accepted.class);

  /** Sessions that messages named which could not be opened: the next opening replaces them too. */
  private static final Table<Lost> LOST = new Table<>("session-lost", Lost.class);

  private final Rows rows;
  private final Self self;
  private final SecureRandom random;
  private final long now;

  private record Accepted(long at) {}

  private record Lost() {}

  Sessions(Rows rows, Self self, SecureRandom random, long now) {
    this.rows = rows;
    this.self = self;
    this.random = random;
    this.now = now;
  }

  /** The session to send on: of those that no other replaces, the one with the smallest id. */
  Optional<Session> sending(UserName user, DeviceId device) {
    return all(user, device).stream()
        .filter(session -> session.replacedAt().isEmpty())
        .min(Comparator.comparing(Session::id));
  }

  List<Session> all(UserName user, DeviceId device) {
    return rows.list(SESSIONS, prefix(user, device)).stream().map(Rows.Row::value).toList();
  }

  boolean wasAccepted(UserName user, DeviceId device, Bytes id) {
    return rows.get(ACCEPTED, prefix(user, device) + id).isPresent();
  }

  Optional<Session> find(UserName user, DeviceId device, Bytes id) {
    return rows.get(SESSIONS, prefix(user, device) + id);
  }

  /**
   * Opens a session to a device, in the place of all that this device had with it.
   *
   * @param list the recipient's list, verified
   * @param keys what the server gave for that device
   * @throws Breach if the prekey to use is not signed by the device
   */
  void open(DeviceList list, Device device, DeviceKeys keys) {
    List<Session> before = all(list.user(), device.id());
    List<byte[]> replaces = replaces(list.user(), device.id(), before);
    // What was erased there is of no use: a repair does not rely on what is known here.
    var taken = new TakenPrekeys(rows);
    Prekey prekey =
        replaces.isEmpty()
            ? taken.best(
                list.user(), device.id(), keys.oneTimePrekey(), keys.signedPrekey())
            : keys.signedPrekey();
    // A server could otherwise hand out a key of its own, and read until the first answer.
    if (!Statements.verifyPrekey(device.signKey(), list.user(), device.id(), prekey)) {
      throw new Breach(Alarm.PREKEY_REFUSED);
    }
    SessionOpening.Created created = create(list, device, prekey, replaces);
    taken.take(list.user(), device.id(), prekey.kind(), prekey.id());
    before.forEach(session -> put(list.user(), device.id(), session.replaced(now)));
    Bytes id = Bytes.of(created.opening().sessionId());
    Bytes opening = Bytes.of(created.opening().toBytes());
    put(list.user(), device.id(), Session.opened(id, created.ratchet(), opening, now));
    dropSurplus(list.user(), device.id());
  }

  private SessionOpening.Created create(
      DeviceList list, Device device, Prekey prekey, List<byte[]> replaces) {
    try {
      return SessionOpening.create(
          parties(
              Suite.of(prekey.suite()),
              self.list(),
              self.device(),
              OwnLists.Name.of(list),
              device.id()),
          self.listJson(),
          list.version(),
          new SessionOpening.PrekeyRef(prekey.kind().text(), prekey.id()),
          prekey.key().toArray(),
          replaces,
          self.deviceKey(),
          random);
    } catch (RefusedException e) {
      throw new Breach(Alarm.PREKEY_REFUSED);
    }
  }

  private List<byte[]> replaces(UserName user, DeviceId device, List<Session> before) {
    List<Rows.Row<Lost>> lost = rows.list(LOST, prefix(user, device));
    lost.forEach(row -> rows.delete(LOST, row.key()));
    Stream<Bytes> named =
        lost.stream()
            .map(row -> row.key().substring(prefix(user, device).length()))
            .map(Bytes::fromBase64Url);
    return Stream.concat(before.stream().map(Session::id), named)
        .distinct()
        .limit(REPLACES_MAX)
        .map(Bytes::toArray)
        .toList();
  }

  /** A message of that session could not be opened. */
  void lost(UserName user, DeviceId device, Bytes id) {
    if (rows.list(LOST, prefix(user, device)).size() < REPLACES_MAX) {
      rows.put(LOST, prefix(user, device) + id, new Lost());
    }
  }

  /** Nobody may go on with a session that began under an account key that is no longer pinned. */
  void forget(UserName user) {
    rows.list(SESSIONS, user + "/").forEach(row -> rows.delete(SESSIONS, row.key()));
  }

  /** That device is gone. */
  static void forget(Rows rows, UserName user, DeviceId device) {
    rows.list(SESSIONS, prefix(user, device)).forEach(row -> rows.delete(SESSIONS, row.key()));
  }

  /** Nothing is sent on these sessions any more: the next message opens one that replaces them. */
  void giveUp(UserName user, DeviceId device) {
    all(user, device).forEach(session -> put(user, device, session.replaced(now)));
  }

  /** As {@link #giveUp} for every device: this store was an older copy of itself. */
  void giveUpAll() {
    rows.list(SESSIONS, "")
        .forEach(row -> rows.put(SESSIONS, row.key(), row.value().replaced(now)));
  }

  /** Seals for one device on a session that was chosen with {@link #sending}. */
  Bytes seal(UserName user, DeviceId device, Session session, Bytes messageId, byte[] padded) {
    Suite suite = Suite.X25519;
    var context =
        new DoubleRatchet.Context(
            suite,
            session.id().toArray(),
            self.user().value(),
            self.device().value(),
            user.value(),
            device.value(),
            messageId.toArray());
    DoubleRatchet.Sealed sealed = session.ratchet().seal(context, padded, random);
    put(user, device, session.afterSealing(sealed.next()));
    Optional<Opening> opening =
        session.opening().map(bytes -> Opening.fromBytes(bytes.toArray()));
    var ciphertext =
        new Ciphertext(suite, opening, sealed.header(), sealed.nonce(), sealed.ciphertext());
    return Bytes.of(ciphertext.toBytes());
  }

  /** Keeps a session that the other device opened, with what it replaces. */
  void accept(UserName user, DeviceId device, Session session, List<byte[]> replaces) {
    for (byte[] id : replaces) {
      find(user, device, Bytes.of(id)).ifPresent(old -> put(user, device, old.replaced(now)));
    }
    put(user, device, session);
    rows.put(ACCEPTED, prefix(user, device) + session.id(), new Accepted(now));
    dropSurplus(user, device);
  }

  void put(UserName user, DeviceId device, Session session) {
    rows.put(SESSIONS, prefix(user, device) + session.id(), session);
  }

  SessionOpening.Parties parties(
      Suite suite, DeviceList from, DeviceId fromDevice, OwnLists.Name to, DeviceId toDevice) {
    return new SessionOpening.Parties(
        suite,
        self.serverHost(),
        from.user().value(),
        fromDevice.value(),
        from.accountKey().toArray(),
        Statements.listHash(from).toArray(),
        to.user().value(),
        toDevice.value(),
        to.accountKey().toArray(),
        to.hash().toArray());
  }

  private void dropSurplus(UserName user, DeviceId device) {
    List<Session> oldestFirst =
        all(user, device).stream()
            .sorted(
                Comparator.comparing((Session session) -> session.replacedAt().isEmpty())
                    .thenComparing(session -> session.replacedAt().orElse(session.openedAt()))
                    .thenComparing(Session::openedAt))
            .toList();
    int surplus = oldestFirst.size() - KEPT_MAX;
    for (int i = 0; i < oldestFirst.size(); i++) {
      Session session = oldestFirst.get(i);
      boolean isOld =
          session.replacedAt().filter(at -> now - at > KEPT_AFTER_REPLACED.toMillis()).isPresent();
      if (i < surplus || isOld) {
        rows.delete(SESSIONS, prefix(user, device) + session.id());
      }
    }
  }

  private static String prefix(UserName user, DeviceId device) {
    return user + "/" + device + "/";
  }
}

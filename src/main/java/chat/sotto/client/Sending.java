package chat.sotto.client;

import chat.sotto.crypto.Ciphertext;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame.Copy;
import chat.sotto.protocol.ServerFrame.DeviceKeys;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the next item of an outbox ready, in one transaction: the ratchets move and the ciphertexts
 * are stored together, before the first byte leaves. What is ready is never encrypted again, unless
 * the server refused it.
 */
final class Sending {
  private final Rows rows;
  private final Self self;
  private final SecureRandom random;
  private final long now;
  private final Outbox outbox;
  private final History history;
  private final People people;
  private final Sessions sessions;

  /** What can be done next for one person. */
  sealed interface Step {
    /** Nothing waits. */
    record Idle() implements Step {}

    /** The account key changed, and the user has not chosen. */
    record Blocked() implements Step {}

    /** The person's device list is not known, or known to be old. */
    record NeedsDevices() implements Step {}

    /** There is a device without a session, so a prekey of it is needed. */
    record NeedsKeys() implements Step {}

    record Ready(String key, Bytes messageId, Outbox.Sealed sealed) implements Step {}
  }

  Sending(Rows rows, SecureRandom random, long now) {
    this.rows = rows;
    this.random = random;
    this.now = now;
    self = Self.of(rows);
    outbox = new Outbox(rows);
    history = new History(rows);
    people = new People(rows, self.serverHost());
    sessions = new Sessions(rows, self, random, now);
  }

  /**
   * @param afterKey the item before it
   * @param keys prekeys that the server just gave; empty if it was not asked
   * @throws Breach if a prekey is not signed
   */
  Step next(UserName to, String afterKey, List<DeviceKeys> keys) {
    Optional<People.Person> person = recipient(to);
    Optional<Rows.Row<Outbox.Item>> row = nextFor(person, to, afterKey);
    if (row.isEmpty()) {
      return new Step.Idle();
    }
    if (person.filter(People.Person::blocked).isPresent() || !new Standings(rows).accepts(to)) {
      return new Step.Blocked();
    }
    Outbox.Item item = row.get().value();
    if (item.sealed().isPresent()) {
      return new Step.Ready(row.get().key(), item.messageId(), item.sealed().get());
    }
    if (person.isEmpty() || person.get().outdated()) {
      return new Step.NeedsDevices();
    }
    DeviceList list = person.get().list();
    boolean isRepair = item.content().type().equals(Content.Repair.TYPE);
    if (!open(list, keys, item, isRepair)) {
      return new Step.NeedsKeys();
    }
    Outbox.Sealed sealed = seal(item, list);
    if (item.content().says() && item.about().isEmpty()) {
      SentTo.remember(rows, list, item.messageId());
    }
    outbox.put(row.get().key(), item.withSealed(sealed));
    return new Step.Ready(row.get().key(), item.messageId(), sealed);
  }

  /** The own user's list is not looked up: the server pushes it. */
  private Optional<People.Person> recipient(UserName to) {
    return to.equals(self.user())
        ? Optional.of(new People.Person(self.list(), Optional.empty(), self.list().version()))
        : people.find(to);
  }

  /** Who gets a copy: of the own devices only the others. */
  private List<Device> devices(DeviceList list) {
    return list.user().equals(self.user()) ? OwnLists.others(self) : list.devices();
  }

  private Optional<Rows.Row<Outbox.Item>> nextFor(
      Optional<People.Person> person, UserName to, String afterKey) {
    Optional<DeviceList> pinned =
        person.filter(known -> !known.blocked()).map(People.Person::list);
    Optional<Rows.Row<Outbox.Item>> row = outbox.next(to, afterKey);
    while (row.isPresent() && pinned.isPresent() && isForOthers(row.get().value(), pinned.get())) {
      outbox.withdraw(to, row.get().key());
      row = outbox.next(to, afterKey);
    }
    return row;
  }

  /**
   * Whether nobody is left to get it; or it is sent again, and the account key changed while it
   * waited: the user accepted a new key for what is written from now on, not for what the old one
   * was told.
   */
  private boolean isForOthers(Outbox.Item item, DeviceList list) {
    // What is sealed may be on the server, and then it has its number.
    if (item.sealed().isPresent()) {
      return false;
    }
    boolean concernsNobody =
        devices(list).stream()
            .map(Device::id)
            .noneMatch(id -> item.concerns(id) || kept(item, list, id).isPresent());
    return concernsNobody || item.content().says() && isForOldKey(item, list);
  }

  private boolean isForOldKey(Outbox.Item item, DeviceList list) {
    return history
        .find(list.user(), true, item.messageId())
        .filter(mine -> mine.state() != Message.State.PENDING)
        .filter(mine -> !SentTo.wasMeantFor(rows, list, mine.id()))
        .isPresent();
  }

  /**
   * @param anew whether to open new sessions in the place of those that there are, with the
   *     devices that the item concerns
   * @return false if a session is to be opened and there are no keys to do it
   */
  private boolean open(
      DeviceList list, List<DeviceKeys> keys, Outbox.Item item, boolean anew) {
    for (Device device : devices(list)) {
      boolean isKept = kept(item, list, device.id()).isPresent();
      boolean isAnew = anew && item.concerns(device.id()) && !isKept;
      if (isAnew || sessions.sending(list.user(), device.id()).isEmpty()) {
        Optional<DeviceKeys> given =
            keys.stream().filter(key -> key.device().equals(device.id())).findFirst();
        if (given.isEmpty()) {
          return false;
        }
        sessions.open(list, device, given.get());
      }
    }
    return true;
  }

  private Outbox.Sealed seal(Outbox.Item item, DeviceList list) {
    byte[] nothing = padded(item, ContentJson.of(new Content.None()), list);
    byte[] padded = isVoid(item, list) ? nothing : padded(item, withTypingKey(item, list), list);
    var copies = new ArrayList<Copy>();
    for (Device device : devices(list)) {
      byte[] plaintext = item.concerns(device.id()) ? padded : nothing;
      Bytes ciphertext =
          kept(item, list, device.id()).orElseGet(() -> seal(item, list, device.id(), plaintext));
      copies.add(new Copy(device.id(), ciphertext));
    }
    return new Outbox.Sealed(list.version(), copies);
  }

  /** Only of what was written just now: what is sent again says what it said. */
  private ContentJson withTypingKey(Outbox.Item item, DeviceList list) {
    boolean isNew =
        item.about().isEmpty()
            && history
                .find(list.user(), true, item.messageId())
                .filter(mine -> mine.state() == Message.State.PENDING)
                .isPresent();
    return isNew
        ? new TypingKeys(rows)
            .brought(
                Plaintext.conversation(self.user(), list.user()),
                item.messageId(),
                item.content(),
                TypingKeys.audience(list),
                now,
                random)
        : item.content();
  }

  /** Deleted or replaced while it waited. */
  private boolean isVoid(Outbox.Item item, DeviceList list) {
    return item.content().says()
        && item.about().isEmpty()
        && history.isVoid(list.user(), item.messageId());
  }

  private Bytes seal(Outbox.Item item, DeviceList list, DeviceId device, byte[] plaintext) {
    Session session =
        item.session()
            .flatMap(id -> sessions.find(list.user(), device, id))
            .or(() -> sessions.sending(list.user(), device))
            .orElseThrow();
    return sessions.seal(list.user(), device, session, item.messageId(), plaintext);
  }

  /** What was encrypted for another list, if the device has no reason to expect another session. */
  private Optional<Bytes> kept(Outbox.Item item, DeviceList list, DeviceId device) {
    return item.keptFor(device)
        .filter(
            ciphertext -> {
              Bytes id =
                  Bytes.of(Ciphertext.fromBytes(ciphertext.toArray()).header().sessionId());
              return sessions
                  .find(list.user(), device, id)
                  .filter(session -> session.replacedAt().isEmpty())
                  .isPresent();
            });
  }

  private byte[] padded(Outbox.Item item, ContentJson content, DeviceList list) {
    String conversation =
        item.about().orElseGet(() -> Plaintext.conversation(self.user(), list.user()));
    return new Plaintext(
            conversation, self.list().version(), list.version(), item.sentAt(), content)
        .toPaddedBytes();
  }
}

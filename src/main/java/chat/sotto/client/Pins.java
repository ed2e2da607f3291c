package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import java.util.List;
import java.util.Optional;

/**
 * The account keys of people as this device goes by them, its own finding or that of a sibling
 * (docs/protocol.md §13): there may be a pin before any list of that person was seen here.
 */
final class Pins {
  private static final Table<Pin> PINS = new Table<>("pin", Pin.class);

  private final Rows rows;

  /**
   * @param verified whether a person compared the safety number
   * @param listVersion the highest one seen by any own device
   */
  record Pin(Bytes accountKey, boolean verified, long listVersion, Bytes listHash) {
    static Pin of(DeviceList list, boolean verified) {
      return new Pin(list.accountKey(), verified, list.version(), Statements.listHash(list));
    }

    /** Whether a list under this key may come after what was seen. */
    boolean allows(DeviceList list) {
      boolean isSame = Statements.listHash(list).equals(listHash);
      boolean isNext = list.version() == listVersion + 1;
      return isSame
          || list.version() > listVersion && (!isNext || list.prevHash().equals(listHash));
    }
  }

  Pins(Rows rows) {
    this.rows = rows;
  }

  Optional<Pin> find(UserName user) {
    return rows.get(PINS, user.value());
  }

  void put(UserName user, Pin pin) {
    if (!find(user).equals(Optional.of(pin))) {
      rows.put(PINS, user.value(), pin);
      Sync.changed(rows);
    }
  }

  List<SyncContent.Contact> contacts() {
    var standings = new Standings(rows);
    return rows.list(PINS, "").stream()
        .map(row -> contact(new UserName(row.key()), row.value(), standings))
        .toList();
  }

  private static SyncContent.Contact contact(UserName user, Pin pin, Standings standings) {
    return new SyncContent.Contact(
        user,
        pin.accountKey,
        pin.verified,
        pin.listVersion,
        pin.listHash,
        standings.shared(user));
  }

  /**
   * Joins what a sibling found: the higher version under one account key; of two keys the own pin.
   *
   * @return whether the person is accepted since
   */
  boolean join(SyncContent.Contact contact) {
    boolean isAccepted = new Standings(rows).join(contact.user(), contact.standing());
    Optional<Pin> own = find(contact.user());
    if (own.isEmpty()) {
      put(
          contact.user(),
          new Pin(
              contact.accountKey(),
              contact.verified(),
              contact.listVersion(),
              contact.listHash()));
    } else if (own.get().accountKey.equals(contact.accountKey())) {
      Pin pin = own.get();
      boolean verified = pin.verified || contact.verified();
      put(
          contact.user(),
          contact.listVersion() > pin.listVersion
              ? new Pin(pin.accountKey, verified, contact.listVersion(), contact.listHash())
              : new Pin(pin.accountKey, verified, pin.listVersion, pin.listHash));
    }
    return isAccepted;
  }
}

package chat.sotto.client;

import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import java.util.Optional;

/** The pins of people: the account key and the newest device list that this device has seen. */
final class People {
  private static final Table<Person> PEOPLE = new Table<>("person", Person.class);

  /** What the first version names as the hash of the one before. */
  static final Bytes NO_LIST = Bytes.of(new byte[Bounds.HASH_BYTES]);

  private final Rows rows;
  private final Pins pins;
  private final String serverHost;

  People(Rows rows, String serverHost) {
    this.rows = rows;
    pins = new Pins(rows);
    this.serverHost = serverHost;
  }

  /**
   * @param list the newest one under the pinned account key
   * @param claimed the newest one under another account key, until the user has chosen
   * @param wantedVersion the highest list version that a message of this person named
   */
  record Person(DeviceList list, Optional<DeviceList> claimed, long wantedVersion) {
    /** Nothing is sent to a person whose account key changed. */
    boolean blocked() {
      return claimed.isPresent();
    }

    boolean lists(DeviceId device) {
      return list.device(device).isPresent();
    }

    boolean outdated() {
      return wantedVersion > list.version();
    }
  }

  Optional<Person> find(UserName user) {
    return rows.get(PEOPLE, user.value());
  }

  /**
   * Checks a list that the server or a message named.
   *
   * @return whether it is under the pinned account key, or this is the first contact
   * @throws Breach if it is not well signed, not of this user, older than one seen, or another one
   *     of the same version
   */
  boolean isTrusted(UserName user, DeviceList list) {
    if (!list.user().equals(user)
        || !list.serverHost().equals(serverHost)
        || !Statements.verifyDeviceList(list)) {
      throw new Breach(Alarm.DEVICE_LIST_REFUSED);
    }
    boolean isFirst = list.version() == 1;
    if (isFirst && !list.prevHash().equals(NO_LIST)) {
      throw new Breach(Alarm.DEVICE_LIST_REFUSED);
    }
    Optional<Pins.Pin> pin = pin(user);
    if (pin.isEmpty()) {
      return true;
    }
    boolean sameKey = pin.get().accountKey().equals(list.accountKey());
    if (sameKey && !pin.get().allows(list)) {
      throw new Breach(Alarm.DEVICE_LIST_ROLLED_BACK);
    }
    return sameKey;
  }

  /** Stores of before there were several devices hold lists alone. */
  private Optional<Pins.Pin> pin(UserName user) {
    return pins.find(user).or(() -> find(user).map(person -> Pins.Pin.of(person.list, false)));
  }

  /** The account key that this device goes by. */
  Optional<Bytes> accountKey(UserName user) {
    return pin(user).map(Pins.Pin::accountKey);
  }

  /** The person compared safety numbers, or takes that back. */
  void setVerified(UserName user, boolean verified) {
    pin(user)
        .ifPresent(
            pin ->
                pins.put(
                    user,
                    new Pins.Pin(
                        pin.accountKey(), verified, pin.listVersion(), pin.listHash())));
  }

  boolean isVerified(UserName user) {
    return pin(user).filter(Pins.Pin::verified).isPresent();
  }

  /**
   * Takes such a list: at first contact it is pinned, a newer one replaces the one known, one under
   * another account key only blocks sending.
   *
   * @return as {@link #isTrusted}
   * @throws Breach as {@link #isTrusted}
   */
  boolean learn(UserName user, DeviceList list) {
    boolean trusted = isTrusted(user, list);
    long wanted = find(user).map(Person::wantedVersion).orElse(list.version());
    if (trusted) {
      // The pinned key is offered again, so there is nothing left to choose.
      take(user, new Person(list, Optional.empty(), wanted));
    } else {
      DeviceList pinned = find(user).map(Person::list).orElse(list);
      put(user, new Person(pinned, Optional.of(list), wanted));
    }
    return trusted;
  }

  /**
   * Takes a well-signed list that a group names. It may be older than one seen, since a group hears
   * of a new one later.
   *
   * @return whether it is under the pinned account key, or this is the first contact
   * @throws Breach if it is another list of a version that was seen
   */
  boolean meet(DeviceList list) {
    UserName user = list.user();
    Optional<Person> known = find(user);
    Optional<Pins.Pin> pin = pin(user);
    if (pin.isEmpty()) {
      take(user, new Person(list, Optional.empty(), list.version()));
      return true;
    }
    boolean sameKey = pin.get().accountKey().equals(list.accountKey());
    boolean isOlder = list.version() < pin.get().listVersion();
    if (sameKey && !isOlder && !pin.get().allows(list)) {
      throw new Breach(Alarm.DEVICE_LIST_ROLLED_BACK);
    }
    if (known.isEmpty()) {
      Optional<DeviceList> claimed = sameKey ? Optional.empty() : Optional.of(list);
      // What was pinned is the newer list: it is asked for before anything is sent.
      put(user, new Person(list, claimed, pin.get().listVersion()));
      return sameKey;
    }
    Person person = known.get();
    boolean isNewer = sameKey && list.version() > person.list.version();
    boolean isClaim = !sameKey && !person.claimed.equals(Optional.of(list));
    if (isNewer) {
      take(user, new Person(list, person.claimed, person.wantedVersion));
    } else if (isClaim) {
      put(user, new Person(person.list, Optional.of(list), person.wantedVersion));
    }
    return sameKey;
  }

  /** A message named this version of its sender's list. */
  void hearOf(UserName user, long version) {
    find(user)
        .filter(person -> version > person.wantedVersion)
        .ifPresent(person -> put(user, new Person(person.list, person.claimed, version)));
  }

  /** The list that was asked for is the newest there is, whatever a message said. */
  void lookedUp(UserName user) {
    find(user)
        .ifPresent(
            person -> put(user, new Person(person.list, person.claimed, person.list.version())));
  }

  /** @return whether that account key was waiting to be accepted */
  boolean accept(UserName user, Bytes accountKey) {
    Optional<DeviceList> chosen =
        find(user).flatMap(Person::claimed).filter(list -> list.accountKey().equals(accountKey));
    chosen.ifPresent(
        list -> {
          pins.put(user, Pins.Pin.of(list, false));
          take(user, new Person(list, Optional.empty(), list.version()));
        });
    return chosen.isPresent();
  }

  /** A list under the pinned key; sessions with devices that it has no more are over. */
  private void take(UserName user, Person person) {
    Optional<DeviceList> before = find(user).map(Person::list);
    put(user, person);
    DeviceList list = person.list;
    boolean isNewest = pin(user).filter(pin -> pin.listVersion() > list.version()).isEmpty();
    if (isNewest) {
      pins.put(user, Pins.Pin.of(list, isVerified(user)));
    }
    before.ifPresent(
        known ->
            OwnLists.missingIn(list, known)
                .forEach(gone -> Sessions.forget(rows, user, gone.id())));
  }

  private void put(UserName user, Person person) {
    rows.put(PEOPLE, user.value(), person);
  }
}

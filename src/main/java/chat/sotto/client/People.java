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
  private final String serverHost;

  People(Rows rows, String serverHost) {
    this.rows = rows;
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
    Optional<Person> known = find(user);
    if (known.isEmpty()) {
      return true;
    }
    DeviceList pinned = known.get().list;
    boolean sameKey = pinned.accountKey().equals(list.accountKey());
    if (sameKey) {
      refuseRollback(pinned, list);
    }
    return sameKey;
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
      put(user, new Person(list, Optional.empty(), wanted));
    } else {
      put(user, new Person(find(user).orElseThrow().list, Optional.of(list), wanted));
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
    if (known.isEmpty()) {
      put(user, new Person(list, Optional.empty(), list.version()));
      return true;
    }
    Person person = known.get();
    boolean sameKey = person.list.accountKey().equals(list.accountKey());
    if (sameKey && list.version() >= person.list.version()) {
      refuseRollback(person.list, list);
    }
    boolean isNewer = sameKey && list.version() > person.list.version();
    boolean isClaim = !sameKey && !person.claimed.equals(Optional.of(list));
    if (isNewer) {
      put(user, new Person(list, person.claimed, person.wantedVersion));
    } else if (isClaim) {
      put(user, new Person(person.list, Optional.of(list), person.wantedVersion));
    }
    return sameKey;
  }

  private static void refuseRollback(DeviceList known, DeviceList offered) {
    boolean older = offered.version() < known.version();
    boolean other =
        offered.version() == known.version()
            && !Statements.listHash(offered).equals(Statements.listHash(known));
    boolean next = offered.version() == known.version() + 1;
    boolean unlinked = next && !offered.prevHash().equals(Statements.listHash(known));
    if (older || other || unlinked) {
      throw new Breach(Alarm.DEVICE_LIST_ROLLED_BACK);
    }
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
    chosen.ifPresent(list -> put(user, new Person(list, Optional.empty(), list.version())));
    return chosen.isPresent();
  }

  private void put(UserName user, Person person) {
    rows.put(PEOPLE, user.value(), person);
  }
}

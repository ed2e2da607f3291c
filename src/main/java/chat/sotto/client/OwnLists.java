package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.KeyChange;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The device lists of this device's own user (docs/protocol.md §12.4). Earlier ones are kept: who
 * opens a session names the one that it knew.
 */
final class OwnLists {
  private static final Table<DeviceList> EARLIER = new Table<>("own-list", DeviceList.class);

  private final Rows rows;

  /**
   * What a new list changed.
   *
   * @param announcedBy the device of the list before that gave the account a new key, if it did
   */
  record Change(List<Device> added, List<Device> removed, Optional<DeviceId> announcedBy) {
    List<ClientEvent> events() {
      var events = new ArrayList<ClientEvent>();
      events.add(new ClientEvent.OwnDevicesChanged(ids(added), ids(removed)));
      announcedBy.ifPresent(device -> events.add(new ClientEvent.OwnKeyChanged(device)));
      return events;
    }

    private static List<DeviceId> ids(List<Device> devices) {
      return devices.stream().map(Device::id).toList();
    }
  }

  /** What a list is known by. */
  record Name(UserName user, Bytes accountKey, Bytes hash) {
    static Name of(DeviceList list) {
      return new Name(list.user(), list.accountKey(), Statements.listHash(list));
    }
  }

  OwnLists(Rows rows) {
    this.rows = rows;
  }

  /** The list of that version, if this device was in it and has seen it. */
  Optional<DeviceList> at(long version) {
    DeviceList current = Self.of(rows).list();
    return version == current.version()
        ? Optional.of(current)
        : rows.get(EARLIER, Long.toString(version));
  }

  /**
   * What an opening for that version was made under. The list after one that this device never saw,
   * because it was away, names it, unless the account key changed between the two.
   */
  Optional<Name> named(long version) {
    return at(version)
        .map(Name::of)
        .or(
            () ->
                at(version + 1)
                    .filter(next -> next.keyChange().isEmpty())
                    .map(next -> new Name(next.user(), next.accountKey(), next.prevHash())));
  }

  /** The user's other devices. */
  static List<Device> others(Self self) {
    return self.list().devices().stream()
        .filter(device -> !device.id().equals(self.device()))
        .toList();
  }

  /**
   * Takes a newer list of the own user.
   *
   * @return empty if it is the one that is known
   * @throws Breach if the own devices did not make it, or it is older than the one that is known
   */
  Optional<Change> take(DeviceList list) {
    Self self = Self.of(rows);
    DeviceList known = self.list();
    boolean sameKey = list.accountKey().equals(known.accountKey());
    requireOurs(known, list, sameKey);
    if (sameKey && list.version() <= known.version()) {
      if (!Statements.listHash(list).equals(Statements.listHash(known))) {
        throw new Breach(Alarm.DEVICE_LIST_ROLLED_BACK);
      }
      return Optional.empty();
    }
    // A removed device hears of it at its next sign-in, with the list that proves it.
    if (list.device(self.device()).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(replace(self, list, sameKey));
  }

  private static void requireOurs(DeviceList known, DeviceList list, boolean sameKey) {
    boolean isOurs =
        list.user().equals(known.user())
            && list.serverHost().equals(known.serverHost())
            && Statements.verifyDeviceList(list);
    boolean follows =
        list.version() != known.version() + 1
            || list.prevHash().equals(Statements.listHash(known));
    if (!isOurs || !follows && sameKey) {
      throw new Breach(Alarm.DEVICE_LIST_REFUSED);
    }
    if (!sameKey && !Statements.verifyKeyChange(known, list)) {
      throw new Breach(Alarm.OWN_ACCOUNT_KEY_CHANGED);
    }
  }

  private Change replace(Self self, DeviceList list, boolean sameKey) {
    DeviceList known = self.list();
    rows.put(EARLIER, Long.toString(known.version()), known);
    self.withList(list).put(rows);
    List<Device> removed = missingIn(list, known);
    removed.forEach(gone -> Sessions.forget(rows, self.user(), gone.id()));
    if (!removed.isEmpty()) {
      new OwnKeys(rows).dropped(list.version());
    }
    return new Change(
        missingIn(known, list),
        removed,
        sameKey ? Optional.empty() : list.keyChange().map(KeyChange::device));
  }

  /** The devices of {@code list} that {@code other} has not, or has with another key. */
  static List<Device> missingIn(DeviceList other, DeviceList list) {
    return list.devices().stream()
        .filter(device -> !isIn(other, device.id(), device.signKey()))
        .toList();
  }

  private static boolean isIn(DeviceList list, DeviceId id, Bytes signKey) {
    return list.device(id).filter(device -> device.signKey().equals(signKey)).isPresent();
  }

  /**
   * Erases all that is here if the user's own devices removed this one.
   *
   * @param list what the server shows for it
   * @return whether it proves that; the server alone can not have anything erased
   */
  static boolean eraseIfRemoved(Rows rows, Optional<DeviceList> list) {
    boolean isProved =
        Self.find(rows)
            .flatMap(self -> list.filter(newest -> provesRemoval(self, newest)))
            .isPresent();
    if (isProved) {
      rows.clear();
    }
    return isProved;
  }

  private static boolean provesRemoval(Self self, DeviceList list) {
    DeviceList known = self.list();
    boolean sameKey = list.accountKey().equals(known.accountKey());
    return list.user().equals(known.user())
        && list.serverHost().equals(known.serverHost())
        && list.device(self.device()).isEmpty()
        && Statements.verifyDeviceList(list)
        && (sameKey
            ? list.version() > known.version()
            : Statements.verifyKeyChange(known, list));
  }
}

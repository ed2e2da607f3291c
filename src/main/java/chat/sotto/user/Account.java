package chat.sotto.user;

import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Statements;
import chat.sotto.model.Visibility;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import java.util.Optional;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * What registering made, and changes since.
 *
 * @param listHash of the device list (docs/protocol.md §4.1)
 * @param former what these secrets took the place of: a crash may have left it on disk
 * @param reset the one that waits
 * @param removed sign keys of devices that were in a list once: their ids are never used again
 */
public record Account(
    DeviceList deviceList,
    Bytes listHash,
    Secrets secrets,
    Optional<Secrets> former,
    Optional<Reset> reset,
    Sync sync,
    PMap<DeviceId, Bytes> removed,
    Visibility visibility,
    Standing standing) {
  static final int DEVICES_EVER_MAX = 1_000;

  static Account registered(
      DeviceList list, Secrets secrets, PMap<DeviceId, Bytes> removed) {
    return new Account(
        list,
        Statements.listHash(list),
        secrets,
        Optional.empty(),
        Optional.empty(),
        Sync.NONE,
        removed,
        Visibility.ALL,
        Standing.LIVING);
  }

  @JsonCreator
  static Account restore(
      @JsonProperty("deviceList") DeviceList deviceList,
      @JsonProperty("listHash") Bytes listHash,
      @JsonProperty("secrets") Secrets secrets,
      @JsonProperty("former") Optional<Secrets> former,
      @JsonProperty("reset") Optional<Reset> reset,
      @JsonProperty("sync") Sync sync,
      @JsonProperty("removed") Map<DeviceId, Bytes> removed,
      @JsonProperty("visibility") Visibility visibility,
      @JsonProperty("standing") Standing standing) {
    return new Account(
        deviceList,
        listHash,
        secrets,
        former,
        reset,
        sync,
        HashTreePMap.from(removed),
        visibility,
        standing);
  }

  /** Whether the person was erased: the name stays taken, with its device list. */
  public boolean erased() {
    return standing != Standing.LIVING;
  }

  boolean isReopened() {
    return standing == Standing.REOPENED;
  }

  /** Whether one more device may come: all that ever were are remembered. */
  boolean hasRoomForDevice() {
    return removed.size() + deviceList.devices().size() < DEVICES_EVER_MAX;
  }

  /** Whether the device was in a list once, with this key, and is no more. */
  boolean hasRemoved(DeviceId device, Bytes signKey) {
    return signKey.equals(removed.get(device));
  }

  /** Every device that ever was in a list, for when the list is given up whole. */
  PMap<DeviceId, Bytes> everUsed() {
    PMap<DeviceId, Bytes> all = removed;
    for (Device device : deviceList.devices()) {
      all = all.plus(device.id(), device.signKey());
    }
    return all;
  }

  Account with(Visibility chosen) {
    return new Account(
        deviceList, listHash, secrets, former, reset, sync, removed, chosen, standing);
  }

  Account with(Secrets changed) {
    return new Account(
        deviceList,
        listHash,
        changed,
        Optional.of(secrets),
        reset,
        sync,
        removed,
        visibility,
        standing);
  }

  Account with(Optional<Reset> waiting) {
    return new Account(
        deviceList, listHash, secrets, former, waiting, sync, removed, visibility, standing);
  }

  Account with(Sync changed) {
    return new Account(
        deviceList, listHash, secrets, former, reset, changed, removed, visibility, standing);
  }

  /** Another list; devices that it drops are remembered. */
  Account with(DeviceList list) {
    PMap<DeviceId, Bytes> gone = removed;
    for (Device device : deviceList.devices()) {
      if (list.device(device.id()).isEmpty()) {
        gone = gone.plus(device.id(), device.signKey());
      }
    }
    for (Device device : list.devices()) {
      gone = gone.minus(device.id());
    }
    return new Account(
        list,
        Statements.listHash(list),
        secrets,
        former,
        reset,
        sync,
        gone,
        visibility,
        standing);
  }

  Account with(Standing now) {
    return new Account(
        deviceList,
        listHash,
        secrets,
        former,
        Optional.empty(),
        Sync.NONE,
        removed,
        visibility,
        now);
  }
}

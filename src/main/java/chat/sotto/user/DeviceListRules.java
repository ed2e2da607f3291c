package chat.sotto.user;

import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Statements;
import java.util.Optional;

/**
 * What a device list may be after another one (docs/protocol.md §12). Pure; says nothing of the
 * list's own signature.
 */
public final class DeviceListRules {
  private DeviceListRules() {}

  /** Whether it is the next version, made in knowledge of that one. */
  static boolean isNext(Account account, DeviceList list) {
    return list.version() == account.deviceList().version() + 1
        && list.prevHash().equals(account.listHash());
  }

  /** Whether it drops devices at most, but for one that it may bring. */
  static boolean keepsRows(DeviceList before, DeviceList list, Optional<DeviceId> brought) {
    return list.devices().stream()
        .filter(device -> !brought.equals(Optional.of(device.id())))
        .allMatch(device -> before.device(device.id()).equals(Optional.of(device)));
  }

  /** Whether devices that both have stand there as before, and none was removed once. */
  static boolean canBePutBack(Account account, DeviceList list) {
    return list.devices().stream()
        .allMatch(
            device ->
                account
                        .deviceList()
                        .device(device.id())
                        .filter(row -> !row.equals(device))
                        .isEmpty()
                    && !account.removed().containsKey(device.id()));
  }

  /**
   * Whether the account key is the one before, and what announced it if something still says so; or
   * another one, which a device announces that may do so.
   *
   * @param announcer the device that may; nobody's word counts if it is empty
   */
  static boolean hasGoodKey(
      DeviceList before, DeviceList list, Optional<DeviceId> announcer) {
    if (list.accountKey().equals(before.accountKey())) {
      return list.keyChange().isEmpty() || list.keyChange().equals(before.keyChange());
    }
    return announcer.isPresent()
        && list.keyChange().filter(word -> announcer.get().equals(word.device())).isPresent()
        && Statements.verifyKeyChange(before, list);
  }

  /** Whether a device that is new in the list was in none before, and there is room for it. */
  static boolean canBring(UserState state, Device device) {
    return state.account().orElseThrow().hasRoomForDevice()
        && state.device(device.id()).isEmpty()
        && !state.account().orElseThrow().removed().containsKey(device.id());
  }
}

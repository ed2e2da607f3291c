package chat.sotto.user;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Visibility;

/**
 * What registering made.
 *
 * @param listHash of the device list (docs/protocol.md §4.1)
 * @param credentials SHA-256 of the body that holds salt and verifier
 * @param vault SHA-256 of the body that holds the wrapped vault
 * @param erased whether the person was erased: the name stays taken, with its device list
 */
public record Account(
    DeviceList deviceList,
    Bytes listHash,
    Bytes credentials,
    Bytes vault,
    Visibility visibility,
    boolean erased) {
  Account with(Visibility chosen) {
    return new Account(deviceList, listHash, credentials, vault, chosen, erased);
  }

  Account erase() {
    return new Account(deviceList, listHash, credentials, vault, visibility, true);
  }
}

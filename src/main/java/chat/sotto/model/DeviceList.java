package chat.sotto.model;

import java.util.List;
import java.util.Optional;

/**
 * A user's devices, signed by the account key (docs/protocol.md §4.1).
 *
 * @param prevHash hash of the version before, 32 zero bytes in version 1
 * @param accountKey Ed25519 public key, 32 bytes
 * @param signature Ed25519, 64 bytes
 */
public record DeviceList(
    UserName user,
    String serverHost,
    long version,
    Bytes prevHash,
    Bytes accountKey,
    List<Device> devices,
    Bytes signature) {
  public DeviceList {
    devices = List.copyOf(devices);
  }

  public Optional<Device> device(DeviceId id) {
    return devices.stream().filter(device -> device.id().equals(id)).findFirst();
  }
}

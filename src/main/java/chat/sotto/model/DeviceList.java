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
  public static final int DEVICES_MAX = 8;

  public DeviceList {
    Bounds.length("serverHost", serverHost, 1, 253);
    Bounds.atLeast("version", version, 1);
    Bounds.size("prevHash", prevHash, Bounds.HASH_BYTES);
    Bounds.size("accountKey", accountKey, Bounds.KEY_BYTES);
    devices = Bounds.count("devices", devices, 1, DEVICES_MAX);
    Bounds.distinct("device ids", devices.stream().map(Device::id).toList());
    Bounds.distinct("sign keys", devices.stream().map(Device::signKey).toList());
    Bounds.size("signature", signature, Bounds.SIGNATURE_BYTES);
  }

  public Optional<Device> device(DeviceId id) {
    return devices.stream().filter(device -> device.id().equals(id)).findFirst();
  }
}

package chat.sotto.model;

import java.util.List;
import java.util.Optional;

/**
 * A user's devices, signed by the account key (docs/protocol.md §4.1).
 *
 * @param prevHash hash of the version before, 32 zero bytes in version 1
 * @param accountKey Ed25519 public key, 32 bytes
 * @param signature Ed25519, 64 bytes
 * @param keyChange of the device that announced this account key, if it is not the account's first;
 *     no part of what is signed
 */
public record DeviceList(
    UserName user,
    String serverHost,
    long version,
    Bytes prevHash,
    Bytes accountKey,
    List<Device> devices,
    Bytes signature,
    Optional<KeyChange> keyChange) {
  public static final int DEVICES_MAX = 8;

  /** A list under an account key that nobody had to announce. */
  public DeviceList(
      UserName user,
      String serverHost,
      long version,
      Bytes prevHash,
      Bytes accountKey,
      List<Device> devices,
      Bytes signature) {
    this(
        user, serverHost, version, prevHash, accountKey, devices, signature, Optional.empty());
  }

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

  public DeviceList with(KeyChange announced) {
    return new DeviceList(
        user,
        serverHost,
        version,
        prevHash,
        accountKey,
        devices,
        signature,
        Optional.of(announced));
  }

  public Optional<Device> device(DeviceId id) {
    return devices.stream().filter(device -> device.id().equals(id)).findFirst();
  }
}

package chat.sotto.model;

import java.util.List;

/**
 * One row of a device list.
 *
 * @param signKey Ed25519 public key, 32 bytes
 * @param addedAt milliseconds since 1970
 * @param inboxStart the point of the user's inbox after which entries concern this device
 */
public record Device(
    DeviceId id, Bytes signKey, List<Integer> suites, long addedAt, Point inboxStart) {
  public Device {
    Bounds.size("signKey", signKey, Bounds.KEY_BYTES);
    suites = Bounds.count("suites", suites, 1, 16);
    suites.forEach(suite -> Bounds.within("suite", suite, 1, Bounds.SUITE_MAX));
    Bounds.distinct("suites", suites);
    Bounds.time("addedAt", addedAt);
  }
}

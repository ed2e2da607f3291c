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
    suites = List.copyOf(suites);
  }
}

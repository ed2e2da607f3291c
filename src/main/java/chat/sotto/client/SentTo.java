package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.UserName;
import java.util.List;

/**
 * For whom a text was first encrypted. Only they may have it sent again: else whoever shows a new
 * key that the user accepts could draw out everything that was said before.
 */
record SentTo(Bytes accountKey, List<DeviceId> devices) {
  private static final Table<SentTo> FIRST = new Table<>("sent-to", SentTo.class);

  static void remember(Rows rows, DeviceList list, Bytes messageId) {
    String key = key(list.user(), messageId);
    if (rows.get(FIRST, key).isEmpty()) {
      List<DeviceId> devices = list.devices().stream().map(Device::id).toList();
      rows.put(FIRST, key, new SentTo(list.accountKey(), devices));
    }
  }

  /** @param list the newest list of that person under the pinned account key */
  static boolean wasMeantFor(Rows rows, DeviceList list, DeviceId device, Bytes messageId) {
    return rows.get(FIRST, key(list.user(), messageId))
        .filter(sent -> sent.accountKey.equals(list.accountKey()))
        .filter(sent -> sent.devices.contains(device))
        .isPresent();
  }

  /** Whether it was for that account key, on whatever device. */
  static boolean wasMeantFor(Rows rows, DeviceList list, Bytes messageId) {
    return rows.get(FIRST, key(list.user(), messageId))
        .filter(sent -> sent.accountKey.equals(list.accountKey()))
        .isPresent();
  }

  private static String key(UserName to, Bytes messageId) {
    return to + "/" + messageId;
  }
}

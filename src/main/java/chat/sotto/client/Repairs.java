package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import java.security.SecureRandom;
import java.util.List;

/** What a user does about messages that could not be opened (docs/protocol.md §7.4). */
final class Repairs {
  private final Rows rows;
  private final SecureRandom random;
  private final long now;

  Repairs(Rows rows, SecureRandom random, long now) {
    this.rows = rows;
    this.random = random;
    this.now = now;
  }

  /** Asks for it, in a message that opens new sessions to the same device keys. */
  void begin(UserName with) {
    List<Bytes> lost =
        new History(rows)
            .all(with).stream()
                .filter(message -> message.state() == Message.State.CANNOT_OPEN)
                .map(Message::id)
                .limit(Content.Repair.LOST_MAX)
                .toList();
    var outbox = new Outbox(rows);
    var repair = new Content.Repair(lost);
    List<DeviceId> devices = devices(with);
    if (devices.isEmpty()) {
      // Nothing of theirs ever opened: whoever they turn out to be is asked.
      outbox.add(with, MessageIds.make(random), repair, now);
    }
    devices.forEach(
        device -> outbox.addFor(device, with, MessageIds.make(random), repair, now));
  }

  private List<DeviceId> devices(UserName with) {
    Self self = Self.of(rows);
    List<Device> devices =
        with.equals(self.user())
            ? OwnLists.others(self)
            : new People(rows, self.serverHost())
                .find(with)
                .map(person -> person.list().devices())
                .orElse(List.of());
    return devices.stream().map(Device::id).toList();
  }
}

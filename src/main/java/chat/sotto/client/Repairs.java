package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
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

  /**
   * Gives the sessions with this person up, so that the next message opens one in their place to
   * the same device keys, and asks for what could not be opened.
   */
  void begin(UserName with) {
    Self self = Self.of(rows);
    var sessions = new Sessions(rows, self, random, now);
    new People(rows, self.serverHost())
        .find(with)
        .ifPresent(
            person ->
                person.list().devices().stream()
                    .map(Device::id)
                    .forEach(device -> sessions.giveUp(with, device)));
    List<Bytes> lost =
        new History(rows)
            .all(with).stream()
                .filter(message -> message.state() == Message.State.CANNOT_OPEN)
                .map(Message::id)
                .limit(Content.Repair.LOST_MAX)
                .toList();
    new Outbox(rows).add(with, MessageIds.make(random), new Content.Repair(lost), now);
  }
}

package chat.sotto.client;

import chat.sotto.model.Bytes;
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
   * Asks for what could not be opened. When it is sent, {@link Sending} gives the sessions with
   * this person up: it opens new ones in their place, to the same device keys.
   */
  void begin(UserName with) {
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

package chat.sotto.client;

import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import java.security.SecureRandom;

/** Ids of messages: random, so that no two devices ever make the same one. */
final class MessageIds {
  private MessageIds() {}

  static Bytes make(SecureRandom random) {
    byte[] id = new byte[Bounds.MESSAGE_ID_BYTES];
    random.nextBytes(id);
    return Bytes.of(id);
  }
}

package chat.sotto.client;

import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;

/**
 * Names a message of a conversation.
 *
 * @param from who wrote it
 * @param message its id
 */
public record MessageRef(UserName from, Bytes message) {
  public MessageRef {
    Bounds.size("message", message, Bounds.MESSAGE_ID_BYTES);
  }
}

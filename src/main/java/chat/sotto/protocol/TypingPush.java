package chat.sotto.protocol;

import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import java.util.Optional;

/**
 * Whether somebody is writing, as only clients can read it (docs/protocol.md §7.10).
 *
 * @param group absent if it is about the conversation of the two
 */
public record TypingPush(
    long nonce, UserName fromUser, DeviceId fromDevice, Optional<GroupId> group, Bytes sealed)
    implements ServerFrame.Push {
  public TypingPush {
    ServerFrame.checkNonce(nonce);
    Bounds.size("sealed", sealed, 1, Limits.TYPING_BYTES_MAX);
  }
}

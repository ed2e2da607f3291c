package chat.sotto.protocol;

import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import java.util.Optional;

/** Whether the user is writing, to one person or in one group (docs/protocol.md §7.10). */
public record TypingRequest(
    long nonce, Secret token, Optional<UserName> to, Optional<GroupId> group, Bytes sealed)
    implements ClientFrame.Later {
  public TypingRequest {
    ClientFrame.Later.check(nonce, token);
    if (to.isPresent() == group.isPresent()) {
      throw new IllegalArgumentException("either to or group");
    }
    Bounds.size("sealed", sealed, 1, Limits.TYPING_BYTES_MAX);
  }
}

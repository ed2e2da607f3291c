package chat.sotto.protocol;

import chat.sotto.model.Bounds;
import chat.sotto.model.UserName;
import java.util.List;

/** Who is connected now, as far as each lets the asker see (docs/protocol.md §5.2). */
public record OnlineUsers(long nonce, List<UserName> users, boolean more)
    implements ServerFrame.Reply {
  public OnlineUsers {
    ServerFrame.checkNonce(nonce);
    users = Bounds.count("users", users, 0, Limits.ONLINE_PAGE_MAX);
  }
}

package chat.sotto.user;

import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import java.util.List;

/** Cares for what waits for a device that is its user's no more. */
public interface RemovalListener {
  /**
   * The device was removed.
   *
   * @param after number of the journal's event up to which it had acknowledged the inbox
   * @param groups that the user is in
   */
  void removed(UserName user, DeviceId device, long after, List<GroupId> groups);
}

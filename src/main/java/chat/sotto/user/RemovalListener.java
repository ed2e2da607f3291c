package chat.sotto.user;

import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import java.util.Map;

/** Cares for what is kept of a device that is its user's no more, and of people who are gone. */
public interface RemovalListener {
  /**
   * The device was removed.
   *
   * @param after number of the journal's event up to which it had acknowledged the inbox
   * @param groups that the user is in, with the number up to which it had acknowledged their logs
   */
  void removed(UserName user, DeviceId device, long after, Map<GroupId, Long> groups);

  /**
   * Somebody asked for an account that was erased before; what was to be deleted may be there
   * still. Called before anything that may follow in the journal.
   *
   * @param upTo number of the journal's last event
   */
  void erased(UserName user, long upTo);
}

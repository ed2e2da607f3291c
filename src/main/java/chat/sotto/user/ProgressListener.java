package chat.sotto.user;

import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;

/** Is told how much of a group's log nobody needs any more for a user's sake. */
@FunctionalInterface
public interface ProgressListener {
  /**
   * Every device of the user has acknowledged the group's log up to here. Soft: told now and then,
   * and without a claim to be told all.
   */
  void acknowledged(UserName user, GroupId group, long sequenceNr);
}

package chat.sotto.audit;

import chat.sotto.group.GroupEvent;
import chat.sotto.group.GroupState;
import chat.sotto.journal.StoredEntry;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;

/**
 * Sees what happened in one entity, in its order, each event after it was checked. Used by one
 * thread at a time; different entities' watchers are used at the same time.
 */
public interface Watcher {
  /** @param after the state that follows from the event */
  default void saw(UserName user, StoredEntry entry, UserEvent event, UserState after) {}

  /** @param after the state that follows from the event */
  default void saw(GroupId group, StoredEntry entry, GroupEvent event, GroupState after) {}

  /** Nothing more comes of this entity: its events are all seen, or the rest does not hold. */
  default void ended() {}
}

package chat.sotto.audit;

import chat.sotto.group.GroupEvent;
import chat.sotto.model.GroupContent;
import chat.sotto.model.UserName;
import chat.sotto.user.UserEvent;
import java.time.Instant;
import java.util.Optional;

/**
 * Which events of the entities that are read a timeline tells.
 *
 * @param user whose doings, and what concerns them; all if absent
 * @param from the first moment, and {@code to} the last one
 */
record Selection(Optional<UserName> user, Optional<Instant> from, Optional<Instant> to) {
  boolean has(UserName owner, UserEvent event) {
    return isWithin(event.time())
        && (user.isEmpty() || user.get().equals(owner) || isBy(user.get(), event));
  }

  boolean has(GroupEvent event) {
    return isWithin(event.time())
        && (user.isEmpty()
            || event instanceof GroupEvent.Signed signed && concerns(user.get(), signed));
  }

  private boolean isWithin(long time) {
    Instant at = Moment.of(time);
    return from.filter(at::isBefore).isEmpty() && to.filter(at::isAfter).isEmpty();
  }

  private static boolean isBy(UserName user, UserEvent event) {
    return event instanceof UserEvent.Accepted accepted && accepted.fromUser().equals(user)
        || event instanceof UserEvent.PrekeyGiven given && given.toUser().equals(user);
  }

  private static boolean concerns(UserName user, GroupEvent.Signed event) {
    GroupContent content = event.content();
    return event.user().equals(user)
        || content instanceof GroupContent.Commit commit
            && commit.ops().stream().anyMatch(op -> op.user().equals(user))
        || content instanceof GroupContent.Confirm confirm && confirm.inviter().equals(user);
  }
}

package chat.sotto.edge;

import akka.cluster.sharding.typed.javadsl.EntityRef;
import chat.sotto.model.GroupId;
import chat.sotto.user.User;

/** Takes a group out of the index of a user who is not in it any more. */
final class GroupLeaving {
  private final Outlet outlet;
  private final GroupId group;
  private boolean hasLeft;

  GroupLeaving(Outlet outlet, GroupId group) {
    this.outlet = outlet;
    this.group = group;
  }

  /** The user never was in the group. */
  void leave() {
    hasLeft = true;
    user().tell(new User.LeaveGroup(group, outlet.ignore()));
  }

  /**
   * This device has acknowledged the last entry that is the user's. Another one may not have seen
   * it yet: the last one to see it leaves.
   */
  void leaveOnceAllHaveSeen(long end) {
    if (hasLeft) {
      return;
    }
    hasLeft = true;
    user()
        .<User.ProgressReply>ask(
            replyTo -> new User.FindProgress(group, replyTo),
            outlet.node().edgeLimits().askTimeout())
        .thenAccept(
            answer -> {
              if (answer instanceof User.GroupProgress progress
                  && progress.acknowledged().values().stream().allMatch(nr -> nr >= end)) {
                user().tell(new User.LeaveGroup(group, outlet.ignore()));
              }
            });
  }

  /** Somebody may have invited the user again while it was leaving: both orders must end well. */
  void onOpen() {
    if (hasLeft) {
      hasLeft = false;
      user().tell(new User.JoinGroup(group, outlet.ignore()));
    }
  }

  private EntityRef<User.Command> user() {
    return outlet.node().user(outlet.self().user());
  }
}

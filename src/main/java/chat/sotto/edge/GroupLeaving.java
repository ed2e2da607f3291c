package chat.sotto.edge;

import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.user.User;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/** Takes a group out of the index of a user who is not in it any more. */
final class GroupLeaving {
  private final Outlet outlet;
  private final GroupPush push;
  private final GroupId group;
  private boolean isAsking;
  private boolean hasLeft;

  GroupLeaving(Outlet outlet, GroupPush push, GroupId group) {
    this.outlet = outlet;
    this.push = push;
    this.group = group;
  }

  /** The user never was in the group, or has it no more. */
  void leave() {
    hasLeft = true;
    isAsking = true;
    outlet.ask(
        user()
            .<User.DoneReply>ask(
                replyTo -> new User.LeaveGroup(group, replyTo), timeout()),
        this::onLeft);
  }

  private void onLeft(Optional<User.DoneReply> answer) {
    isAsking = false;
    if (answer.isPresent()) {
      push.onLeft();
    }
  }

  /**
   * This device has acknowledged the last entry that is the user's, or never had the log. Another
   * one may not have seen it yet: the last one to see it leaves.
   *
   * @param devices that have the log
   */
  void leaveOnceAllHaveSeen(long end, Collection<DeviceId> devices) {
    if (isAsking) {
      return;
    }
    isAsking = true;
    outlet.ask(
        user()
            .<User.ProgressReply>ask(
                replyTo -> new User.FindProgress(group, replyTo), timeout()),
        answer -> onProgress(answer, end, devices));
  }

  /** Meanwhile somebody may have invited the user again. */
  private void onProgress(
      Optional<User.ProgressReply> answer, long end, Collection<DeviceId> devices) {
    isAsking = false;
    if (answer.isPresent()
        && answer.get() instanceof User.GroupProgress progress
        && progress.haveAll(devices, end)
        && push.isOverForGood()) {
      leave();
    }
  }

  /** Somebody may have invited the user again while it was leaving: both orders must end well. */
  void onOpen() {
    if (hasLeft) {
      hasLeft = false;
      user().tell(new User.JoinGroup(group, outlet.ignore()));
    }
  }

  private Duration timeout() {
    return outlet.node().edgeLimits().askTimeout();
  }

  private Entity<User.Command> user() {
    return outlet.node().user(outlet.self().user());
  }
}

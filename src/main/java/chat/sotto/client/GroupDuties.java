package chat.sotto.client;

import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRole;
import chat.sotto.model.Membership;
import chat.sotto.model.Membership.Pending;
import chat.sotto.model.RosterOps;
import chat.sotto.model.UserName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What whoever commits next does for all (docs/protocol.md §9.1, §9.5). */
final class GroupDuties {
  static final Duration EPOCH_AGE_MAX = Duration.ofDays(7);
  static final long EPOCH_POSTS_MAX = 1_000;

  private final GroupView view;
  private final Membership membership;

  GroupDuties(GroupView view) {
    this.view = view;
    membership = view.membership();
  }

  /** Whether the next post needs a commit before it. */
  boolean areDue(long now) {
    return !membership.pending().isEmpty()
        || now - view.epochTime() >= EPOCH_AGE_MAX.toMillis()
        || view.posts() >= EPOCH_POSTS_MAX
        || membership.rows().keySet().stream().anyMatch(this::isOver);
  }

  /**
   * Whether the invitation is over by the log's own time: a clock that runs ahead would make a
   * commit that the server refuses.
   */
  boolean isOver(UserName user) {
    return membership
        .row(user)
        .filter(row -> row.role() == GroupRole.INVITED)
        .flatMap(Membership.Row::invitation)
        .filter(invitation -> Membership.isOver(invitation, view.time()))
        .isPresent();
  }

  /** Whether an op about this user has to wait until what is pending of it was committed. */
  boolean isInTheWay(UserName user) {
    return isOver(user)
        || view.missed().contains(user)
        || membership.pending().stream()
            .filter(one -> one.user().equals(user))
            .anyMatch(one -> !(one.op() instanceof GroupProposal.Rekey));
  }

  /**
   * The ops of a commit: what is wished, what is pending, and what became due.
   *
   * @param keys may say that somebody has a newer device list
   */
  List<GroupOp> ops(List<GroupOp> wished, GroupPrekeys keys) {
    var byUser = new LinkedHashMap<UserName, GroupOp>();
    wished.forEach(op -> byUser.put(op.user(), op));
    view.missed().forEach(user -> byUser.put(user, new GroupOp.Remove(user)));
    for (Pending one : membership.pending()) {
      if (one.op() instanceof GroupProposal.Leave) {
        byUser.putIfAbsent(one.user(), new GroupOp.Leave(one.user()));
      } else if (one.op() instanceof GroupProposal.Decline) {
        byUser.putIfAbsent(one.user(), new GroupOp.Decline(one.user()));
      }
    }
    membership.rows().keySet().stream()
        .filter(this::isOver)
        .forEach(user -> byUser.putIfAbsent(user, new GroupOp.Timeout(user)));
    for (Pending one : membership.pending()) {
      if (one.op() instanceof GroupProposal.Devices devices) {
        putDevices(byUser, one.user(), devices.deviceList());
      }
    }
    membership.rows().keySet().stream()
        .filter(user -> isNewer(user, keys))
        .forEach(user -> putDevices(byUser, user, keys.list(user).orElseThrow()));
    return withRekeys(byUser);
  }

  /** The highest version that is known: the server may not have one that was only proposed. */
  private static void putDevices(
      Map<UserName, GroupOp> byUser, UserName user, DeviceList list) {
    var op = new GroupOp.Devices(user, list);
    byUser.merge(user, op, (old, offered) -> isOlder(old, list) ? offered : old);
  }

  private static boolean isOlder(GroupOp old, DeviceList list) {
    return old instanceof GroupOp.Devices devices
        && devices.deviceList().version() < list.version();
  }

  private boolean isNewer(UserName user, GroupPrekeys keys) {
    DeviceList known = membership.rows().get(user).deviceList();
    Optional<DeviceList> offered = keys.list(user);
    return offered
        .filter(list -> membership.mayTake(user, list))
        .filter(list -> GroupLog.isListOf(known.serverHost(), list))
        .filter(this::hasNobodyElsesDevice)
        .isPresent();
  }

  /** Somebody who lists another's device must not make a commit that is refused. */
  private boolean hasNobodyElsesDevice(DeviceList list) {
    return membership.rows().entrySet().stream()
        .filter(row -> !row.getKey().equals(list.user()))
        .map(row -> row.getValue().deviceList())
        .noneMatch(
            other ->
                list.devices().stream()
                    .anyMatch(device -> other.device(device.id()).isPresent()));
  }

  /** Only devices that are still there are given keys. */
  private List<GroupOp> withRekeys(Map<UserName, GroupOp> byUser) {
    var ops = new ArrayList<>(byUser.values());
    var roster = RosterOps.after(membership.roster(), ops);
    for (Pending one : membership.pending()) {
      boolean isThere =
          roster.stream()
              .filter(row -> row.user().equals(one.user()))
              .anyMatch(row -> row.deviceList().device(one.device()).isPresent());
      if (one.op() instanceof GroupProposal.Rekey && isThere) {
        ops.add(new GroupOp.Rekey(one.user(), one.device()));
      }
    }
    return ops;
  }
}

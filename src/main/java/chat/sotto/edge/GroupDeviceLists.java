package chat.sotto.edge;

import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame.Reply;
import chat.sotto.user.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The device lists that an entry brings into a group. Each must be well signed and its user's
 * present one, so that nobody brings back a device that is gone. A commit may also bring one that
 * was proposed while it was that: the present one may be none that the group could take after it.
 */
final class GroupDeviceLists {
  private static final int AT_A_TIME = 32;

  private final Node node;
  private final GroupContent content;
  private final List<DeviceList> lists;
  private final List<DeviceList> proposed;

  /** @param proposed what waits in the group for a commit */
  GroupDeviceLists(Node node, GroupContent content, List<DeviceList> proposed) {
    this.node = node;
    this.content = content;
    this.lists = of(content);
    this.proposed = proposed;
  }

  private static List<DeviceList> of(GroupContent content) {
    List<DeviceList> lists = new ArrayList<>();
    if (content instanceof GroupContent.Commit commit) {
      for (GroupOp op : commit.ops()) {
        if (op instanceof GroupOp.Found found) {
          lists.add(found.deviceList());
        } else if (op instanceof GroupOp.Invite invite) {
          lists.add(invite.deviceList());
        } else if (op instanceof GroupOp.Devices devices) {
          lists.add(devices.deviceList());
        }
      }
    } else if (content instanceof GroupContent.Proposal proposal
        && proposal.op() instanceof GroupProposal.Devices devices) {
      lists.add(devices.deviceList());
    }
    return lists;
  }

  /** Whose lists they are: the answer tells that they exist. */
  static List<UserName> users(GroupContent content) {
    return of(content).stream().map(DeviceList::user).toList();
  }

  /** @return an answer with this nonce if one of the lists is refused */
  CompletionStage<Optional<Reply>> refusal(long nonce) {
    if (lists.isEmpty()) {
      return Stages.now(Optional.empty());
    }
    // Many signatures: not in the thread of the entity that answered.
    return CompletableFuture.supplyAsync(() -> lists.stream().allMatch(this::isGood))
        .thenCompose(
            areGood ->
                areGood
                    ? changed(nonce)
                    : Stages.now(
                        Optional.of(Errors.of(nonce, ErrorCode.DEVICE_LIST_REFUSED))));
  }

  private CompletionStage<Optional<Reply>> changed(long nonce) {
    return Stages.each(lists, AT_A_TIME, list -> findChanged(nonce, list))
        .thenApply(replies -> replies.stream().flatMap(Optional::stream).findFirst());
  }

  private boolean isGood(DeviceList list) {
    return list.serverHost().equals(node.serverHost()) && Statements.verifyDeviceList(list);
  }

  private CompletionStage<Optional<Reply>> findChanged(long nonce, DeviceList list) {
    if (proposed.contains(list)) {
      return Stages.now(Optional.empty());
    }
    return present(list)
        .thenApply(
            present -> {
              if (present.isEmpty()) {
                return Optional.of(Errors.of(nonce, ErrorCode.UNKNOWN_USER));
              }
              return present.get().equals(list)
                  ? Optional.empty()
                  : Optional.of(Errors.devicesChanged(nonce, present.get()));
            });
  }

  /** Of somebody in the group also once the account was erased: the others go on there. */
  private CompletionStage<Optional<DeviceList>> present(DeviceList list) {
    Entity<User.Command> user = node.user(list.user());
    Duration timeout = node.edgeLimits().askTimeout();
    boolean isInGroup =
        content instanceof GroupContent.Commit commit
            && commit.ops().contains(new GroupOp.Devices(list.user(), list));
    return isInGroup
        ? user.<User.KeysReply>ask(User.GiveSignedKeys::new, timeout)
            .thenApply(
                answer ->
                    answer instanceof User.KeysGiven given
                        ? Optional.of(given.deviceList())
                        : Optional.empty())
        : user.<User.DevicesReply>ask(User.DescribeDevices::new, timeout)
            .thenApply(
                answer ->
                    answer instanceof User.Devices now
                        ? Optional.of(now.deviceList())
                        : Optional.empty());
  }
}

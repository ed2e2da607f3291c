package chat.sotto.edge;

import chat.sotto.group.Group;
import chat.sotto.group.GroupLogEntry;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.Point;
import chat.sotto.model.RosterRow;
import chat.sotto.model.UserName;
import chat.sotto.protocol.GroupWaiting;
import chat.sotto.protocol.Limits;
import chat.sotto.protocol.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * How a device comes into a group's log (docs/protocol.md §9.4, §9.8): what it hears while its user
 * belongs to the group and it does not yet, once for each state in which it may propose its list;
 * and what it begins with.
 */
final class GroupEntrance {
  private final GroupId group;
  private Optional<Group.Waiting> told = Optional.empty();
  private Optional<UserName> inviter = Optional.empty();
  private List<DeviceId> devices = List.of();

  GroupEntrance(GroupId group) {
    this.group = group;
  }

  boolean isWaiting() {
    return told.isPresent();
  }

  /** @return whether this is news */
  boolean onWaiting(Group.Waiting now) {
    boolean isNews = !told.equals(Optional.of(now));
    told = Optional.of(now);
    return isNews;
  }

  void onIn(Group.Attached now) {
    told = Optional.empty();
    inviter = now.inviter();
    devices = now.devices();
  }

  /** An entry was pushed: devices that came since the group answered have the log too. */
  void onPushed(GroupEntry entry, UserName user) {
    if (entry.content() instanceof GroupContent.Commit commit) {
      for (GroupOp op : commit.ops()) {
        if (op instanceof GroupOp.Devices changed && op.user().equals(user)) {
          devices = changed.deviceList().devices().stream().map(Device::id).toList();
        }
      }
    }
  }

  /** There is nothing to wait for. */
  void close() {
    told = Optional.empty();
  }

  /** Those of the user that have the log. */
  List<DeviceId> devices() {
    return devices;
  }

  /** A post lets nobody in, and makes no proposal stale. */
  static boolean mayLetIn(GroupLogEntry entry) {
    return !(entry instanceof GroupLogEntry.OfDevice made
        && made.entry().content() instanceof GroupContent.Post);
  }

  LongFunction<ServerFrame.Push> waiting(long generation, Group.Waiting now) {
    Point at = now.head();
    return nonce ->
        new GroupWaiting(
            nonce, group, generation, at.sequenceNr(), at.hash(), now.isPending());
  }

  /** The pages of a roster, at least one. */
  List<LongFunction<ServerFrame.Push>> start(long generation, Point at, List<RosterRow> rows) {
    List<LongFunction<ServerFrame.Push>> pages = new ArrayList<>();
    int from = 0;
    do {
      int to = Math.min(from + Limits.GROUP_PAGE_MAX, rows.size());
      List<RosterRow> page = rows.subList(from, to);
      boolean more = to < rows.size();
      pages.add(
          nonce ->
              new ServerFrame.GroupStart(
                  nonce, group, generation, at.sequenceNr(), at.hash(), page, more, inviter));
      from = to;
    } while (from < rows.size());
    return pages;
  }
}

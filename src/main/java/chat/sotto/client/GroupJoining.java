package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupContent.Post;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupRefusedException;
import chat.sotto.model.GroupRole;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.GroupStatements.Signer;
import chat.sotto.model.Membership;
import chat.sotto.model.Membership.Place;
import chat.sotto.model.Point;
import chat.sotto.model.RosterRow;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ServerFrame.GroupEntryPush;
import chat.sotto.protocol.ServerFrame.GroupStart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A group's log as a newcomer begins it, somebody invited or the new device of somebody who is
 * there: from the point that the commit names which brings it, up to that commit
 * (docs/protocol.md §9.4, §9.8).
 *
 * @param start where the log begins for this device
 * @param head the last entry chained since
 * @param time of the head
 * @param rows of the roster after the inviting commit; none for who makes the group
 * @param isComplete whether all rows are there
 * @param inviter of a user who is only invited, as the server says
 */
record GroupJoining(
    GroupId group,
    long generation,
    Point start,
    Point head,
    long time,
    List<RosterRow> rows,
    boolean isComplete,
    Optional<UserName> inviter) {

  static GroupJoining of(GroupStart push) {
    var start = new Point(push.sequenceNr(), push.hash());
    return new GroupJoining(
        push.owner(),
        push.generation(),
        start,
        start,
        0,
        push.rows(),
        !push.more(),
        push.inviter());
  }

  /** Whether a push goes on with the rows, or begins anew. */
  boolean goesOnWith(GroupStart push) {
    return !isComplete
        && start.equals(new Point(push.sequenceNr(), push.hash()))
        && !push.rows().isEmpty()
        && rows.get(rows.size() - 1).user().compareTo(push.rows().get(0).user()) < 0;
  }

  GroupJoining with(GroupStart push) {
    var all = new ArrayList<>(rows);
    all.addAll(push.rows());
    GroupLog.requireUnaltered(all.size() <= Membership.ROWS_MAX);
    return new GroupJoining(
        group, generation, start, head, time, all, !push.more(), inviter);
  }

  /** Who makes a group has no rows: the first entry brings them. */
  boolean isFounding() {
    return rows.isEmpty();
  }

  /**
   * Chains a post before that commit, which is not for this device to judge.
   *
   * @return empty if it is the commit that brings this device
   */
  Optional<GroupJoining> skip(GroupEntryPush push) {
    GroupEntry entry = push.entry();
    GroupLog.requireUnaltered(isComplete);
    GroupLog.requireNext(group, head, time, entry);
    if (entry.content() instanceof Post) {
      return Optional.of(
          new GroupJoining(
              group, generation, start, entry.point(), entry.time(), rows, true, inviter));
    }
    return Optional.empty();
  }

  /**
   * The view after the commit that brings this device: the roster is its committer's word.
   *
   * @throws Breach if it is not
   */
  GroupLog.Taken join(GroupEntryPush push, Self self, GroupLog.Held held) {
    GroupEntry entry = push.entry();
    GroupLog.requireUnaltered(
        rows.stream()
            .allMatch(row -> GroupLog.isListOf(self.serverHost(), row.deviceList())));
    GroupLog.requireUnaltered(entry.content() instanceof Commit);
    var commit = (Commit) entry.content();
    GroupLog.requireUnaltered(commit.head().equals(start));
    Membership joined = joined(entry, commit);
    requireSigned(entry, joined);
    requireBrought(joined, commit, self, held);
    GroupView before = GroupView.before(group, generation, head);
    return new GroupLog(before, self, held).joined(push, commit, joined);
  }

  private Membership joined(GroupEntry entry, Commit commit) {
    try {
      return Membership.joining(group, Place.of(entry), commit, rows);
    } catch (GroupRefusedException e) {
      throw new Breach(Alarm.GROUP_ALTERED);
    }
  }

  private void requireSigned(GroupEntry entry, Membership joined) {
    Device device = joined.device(entry.fromUser(), entry.fromDevice()).orElseThrow();
    GroupLog.requireUnaltered(
        GroupStatements.verify(
            device.signKey(), Signer.of(group, entry), entry.content()));
  }

  private static void requireBrought(
      Membership joined, Commit commit, Self self, GroupLog.Held held) {
    Optional<Membership.Row> own = joined.row(self.user());
    GroupLog.requireUnaltered(
        own.map(Membership.Row::deviceList).filter(list -> isOwn(list, self, held)).isPresent());
    boolean isInvited = own.get().role() == GroupRole.INVITED;
    GroupLog.requireUnaltered(
        commit.ops().stream()
            .filter(op -> op.user().equals(self.user()))
            .anyMatch(
                op ->
                    op instanceof GroupOp.Devices
                        || op instanceof GroupOp.Invite && isInvited));
  }

  /**
   * Whether it is a list of this user with this device. Of a version that is known there is one
   * list; of another one this device can know no more than that the own account key signed it.
   */
  static boolean isOwn(DeviceList list, Self self, GroupLog.Held held) {
    Bytes signKey = Bytes.of(self.deviceKey().publicKey());
    boolean hasDevice =
        list.device(self.device())
            .filter(device -> device.signKey().equals(signKey))
            .isPresent();
    return hasDevice
        && held.ownList(list.version())
            .map(known -> Statements.listHash(known).equals(Statements.listHash(list)))
            .orElseGet(() -> list.accountKey().equals(self.list().accountKey()));
  }
}

package chat.sotto.client;

import chat.sotto.model.Device;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupContent.Post;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupRefusedException;
import chat.sotto.model.GroupRole;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.GroupStatements.Signer;
import chat.sotto.model.Membership;
import chat.sotto.model.Membership.Place;
import chat.sotto.model.Point;
import chat.sotto.model.RosterRow;
import chat.sotto.model.Statements;
import chat.sotto.protocol.ServerFrame.GroupEntryPush;
import chat.sotto.protocol.ServerFrame.GroupStart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A group's log as somebody invited begins it: from the point that the inviting commit names, up
 * to that commit (docs/protocol.md §9.4).
 *
 * @param start where the log begins for this device
 * @param head the last entry chained since
 * @param time of the head
 * @param rows of the roster after the inviting commit; none for who makes the group
 * @param isComplete whether all rows are there
 */
record GroupJoining(
    GroupId group,
    long generation,
    Point start,
    Point head,
    long time,
    List<RosterRow> rows,
    boolean isComplete) {

  static GroupJoining of(GroupStart push) {
    var start = new Point(push.sequenceNr(), push.hash());
    return new GroupJoining(
        push.owner(), push.generation(), start, start, 0, push.rows(), !push.more());
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
    return new GroupJoining(group, generation, start, head, time, all, !push.more());
  }

  /** Who makes a group has no rows: the first entry brings them. */
  boolean isFounding() {
    return rows.isEmpty();
  }

  /**
   * Chains a post before the invitation, which is not for this device to judge.
   *
   * @return empty if it is the commit that invites this device
   */
  Optional<GroupJoining> skip(GroupEntryPush push) {
    GroupEntry entry = push.entry();
    GroupLog.requireUnaltered(isComplete);
    GroupLog.requireNext(group, head, time, entry);
    if (entry.content() instanceof Post) {
      return Optional.of(
          new GroupJoining(
              group, generation, start, entry.point(), entry.time(), rows, true));
    }
    return Optional.empty();
  }

  /**
   * The view after the commit that invites this device: the roster is its committer's word.
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
    requireInvited(joined, self);
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

  private static void requireInvited(Membership joined, Self self) {
    Optional<Membership.Row> own = joined.row(self.user());
    GroupLog.requireUnaltered(
        own.filter(row -> row.role() == GroupRole.INVITED)
            .filter(row -> row.invitation().isPresent())
            .map(row -> Statements.listHash(row.deviceList()))
            .filter(Statements.listHash(self.list())::equals)
            .isPresent());
  }
}

package chat.sotto.model;

import chat.sotto.model.Membership.Invitation;
import chat.sotto.model.Membership.Pending;
import chat.sotto.model.Membership.Place;
import chat.sotto.model.Membership.Row;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.pcollections.PVector;

/** Applies a commit's ops to a roster, one after the other (docs/protocol.md §9.1). */
final class CommitOps {
  private final Membership before;
  private final Place place;
  private final GroupContent.Commit commit;
  private final TreeMap<UserName, Row> rows;
  private final Set<UserName> named = new HashSet<>();
  private final Set<GroupOp.Rekey> rekeyed = new HashSet<>();

  CommitOps(Membership before, Place place, GroupContent.Commit commit) {
    this.before = before;
    this.place = place;
    this.commit = commit;
    this.rows = new TreeMap<>(before.rows());
  }

  Membership apply() throws GroupRefusedException {
    long founds = commit.ops().stream().filter(GroupOp.Found.class::isInstance).count();
    boolean isFirst = commit.kind() == GroupContent.Kind.CREATE;
    refuseUnless(isFirst ? founds == 1 && commit.ops().size() == 1 : founds == 0);
    long invites = commit.ops().stream().filter(GroupOp.Invite.class::isInstance).count();
    Membership.require(invites <= Membership.INVITES_MAX, GroupRefusal.GROUP_FULL);
    for (GroupOp op : commit.ops()) {
      if (op instanceof GroupOp.Rekey rekey) {
        refuseUnless(rekeyed.add(rekey));
      } else {
        refuseUnless(named.add(op.user()));
        apply(op);
      }
    }
    refuseUnless(rekeyed.stream().allMatch(rekey -> isListed(rekey.user(), rekey.device())));
    return new Membership(
        before.group(),
        commit.epoch(),
        commit.rosterHash(),
        place.sequenceNr(),
        place.sequenceNr(),
        rows,
        unsettled(),
        Optional.empty());
  }

  private boolean isListed(UserName user, DeviceId device) {
    return rows.containsKey(user) && rows.get(user).deviceList().device(device).isPresent();
  }

  private void apply(GroupOp op) throws GroupRefusedException {
    if (op instanceof GroupOp.Found found) {
      refuseUnless(found.user().equals(place.user()));
      rows.put(found.user(), new Row(GroupRole.ADMIN, found.deviceList(), Optional.empty()));
    } else if (op instanceof GroupOp.Invite invite) {
      requireAdmin();
      Membership.require(!rows.containsKey(invite.user()), GroupRefusal.ALREADY_MEMBER);
      var invitation = new Invitation(place.user(), place.sequenceNr(), place.time());
      rows.put(
          invite.user(),
          new Row(GroupRole.INVITED, invite.deviceList(), Optional.of(invitation)));
    } else if (op instanceof GroupOp.Remove remove) {
      requireAdmin();
      refuseUnless(!remove.user().equals(place.user()) && rows.remove(remove.user()) != null);
    } else if (op instanceof GroupOp.ChangeRole change) {
      requireAdmin();
      changeRole(change);
    } else if (op instanceof GroupOp.Devices devices) {
      refuseUnless(before.mayTake(devices.user(), devices.deviceList()));
      Row row = rows.get(devices.user());
      rows.put(devices.user(), new Row(row.role(), devices.deviceList(), row.invitation()));
    } else if (op instanceof GroupOp.Timeout timeout) {
      timeOut(timeout);
    } else {
      leave(op);
    }
  }

  private void changeRole(GroupOp.ChangeRole change) throws GroupRefusedException {
    refuseUnless(before.isMember(change.user()));
    Row row = rows.get(change.user());
    refuseUnless(row.role() != change.role());
    rows.put(change.user(), new Row(change.role(), row.deviceList(), Optional.empty()));
  }

  private void timeOut(GroupOp.Timeout timeout) throws GroupRefusedException {
    Row row = rows.remove(timeout.user());
    refuseUnless(row != null && row.role() == GroupRole.INVITED);
    // A newcomer does not know when people were invited before it came: the others judge that.
    refuseUnless(row.invitation().map(at -> Membership.isOver(at, place.time())).orElse(true));
  }

  /** Carries out a pending leave or decline. */
  private void leave(GroupOp op) throws GroupRefusedException {
    boolean isLeave = op instanceof GroupOp.Leave;
    boolean isProposed =
        before.pending().stream()
            .filter(one -> one.user().equals(op.user()))
            .anyMatch(
                one ->
                    isLeave
                        ? one.op() instanceof GroupProposal.Leave
                        : one.op() instanceof GroupProposal.Decline);
    refuseUnless(isProposed && rows.remove(op.user()) != null);
  }

  /** The proposals that still make sense after this commit. */
  private PVector<Pending> unsettled() {
    PVector<Pending> left = before.pending();
    for (Pending one : before.pending()) {
      if (isSettled(one)) {
        left = left.minus(one);
      }
    }
    return left;
  }

  private boolean isSettled(Pending one) {
    Row row = rows.get(one.user());
    if (row == null) {
      return true;
    } else if (one.op() instanceof GroupProposal.Devices devices) {
      return row.deviceList().version() >= devices.deviceList().version();
    } else if (one.op() instanceof GroupProposal.Rekey) {
      return commit.kind() == GroupContent.Kind.RESET
          || row.deviceList().device(one.device()).isEmpty()
          || rekeyed.contains(new GroupOp.Rekey(one.user(), one.device()));
    }
    return false;
  }

  private void requireAdmin() throws GroupRefusedException {
    Membership.require(before.isAdmin(place.user()), GroupRefusal.NOT_ADMIN);
  }

  private static void refuseUnless(boolean holds) throws GroupRefusedException {
    Membership.require(holds, GroupRefusal.GROUP_REFUSED);
  }
}

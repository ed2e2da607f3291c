package chat.sotto.model;

import chat.sotto.model.Membership.Pending;
import chat.sotto.model.Membership.Place;
import chat.sotto.model.Membership.Row;
import java.util.TreeMap;

/** Adds a proposal of somebody in the roster to those that are pending (docs/protocol.md §9.1). */
final class ProposalOps {
  private final Membership before;
  private final Place place;
  private final GroupProposal op;

  ProposalOps(Membership before, Place place, GroupProposal op) {
    this.before = before;
    this.place = place;
    this.op = op;
  }

  Membership apply() throws GroupRefusedException {
    GroupRole role = before.rows().get(place.user()).role();
    if (op instanceof GroupProposal.Leave) {
      refuseUnless(role.isMember());
    } else if (op instanceof GroupProposal.Decline) {
      refuseUnless(!role.isMember());
    } else if (op instanceof GroupProposal.Devices devices) {
      refuseUnless(before.mayTake(place.user(), devices.deviceList()));
    }
    refuseUnless(!isPending());
    var made = new Pending(place.sequenceNr(), place.user(), place.device(), op);
    Membership next =
        before.with(place.sequenceNr(), before.rows(), before.pending().plus(made));
    next.requireAdmin();
    withPendingLists(next).requireLimits();
    return next;
  }

  private boolean isPending() {
    return before.pending().stream()
        .filter(one -> one.user().equals(place.user()))
        .filter(one -> one.op().getClass() == op.getClass())
        .anyMatch(
            one ->
                !(op instanceof GroupProposal.Rekey) || one.device().equals(place.device()));
  }

  /** With every proposed device list in its place: one commit must be able to take them all. */
  private static Membership withPendingLists(Membership after) {
    var rows = new TreeMap<>(after.rows());
    for (Pending one : after.pending()) {
      if (one.op() instanceof GroupProposal.Devices devices) {
        rows.computeIfPresent(
            one.user(),
            (user, row) -> new Row(row.role(), devices.deviceList(), row.invitation()));
      }
    }
    return after.with(after.changedNr(), rows, after.pending());
  }

  private static void refuseUnless(boolean holds) throws GroupRefusedException {
    Membership.require(holds, GroupRefusal.GROUP_REFUSED);
  }
}

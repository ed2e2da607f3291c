package chat.sotto.client;

import chat.sotto.crypto.GroupMessages;
import chat.sotto.crypto.RefusedException;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupContent.Confirm;
import chat.sotto.model.GroupContent.Proposal;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRole;
import java.util.List;
import java.util.Optional;

/** What happened in a group, in words. */
final class GroupNotices {
  private GroupNotices() {}

  static List<String> of(Commit commit, GroupEntry entry) {
    return commit.ops().stream().flatMap(op -> of(op, entry).stream()).toList();
  }

  private static Optional<String> of(GroupOp op, GroupEntry entry) {
    String by = entry.fromUser().value();
    if (op instanceof GroupOp.Found) {
      return Optional.of(by + " created the group");
    } else if (op instanceof GroupOp.Invite) {
      return Optional.of(by + " invited " + op.user());
    } else if (op instanceof GroupOp.Remove) {
      return Optional.of(by + " removed " + op.user());
    } else if (op instanceof GroupOp.ChangeRole change) {
      boolean isAdmin = change.role() == GroupRole.ADMIN;
      return Optional.of(by + " made " + op.user() + (isAdmin ? " an admin" : " a member"));
    } else if (op instanceof GroupOp.Timeout) {
      return Optional.of("the invitation of " + op.user() + " ran out");
    }
    // The rest was told when it was proposed, or is of no interest.
    return Optional.empty();
  }

  static String named(GroupEntry entry, String name) {
    return entry.fromUser() + " named the group “" + name + "”";
  }

  /** By somebody who is no admin: the name that is known stays. */
  static String namedInVain(GroupEntry entry, String name) {
    return entry.fromUser() + " calls the group “" + name + "”, but is no admin";
  }

  static List<String> of(Proposal proposal, GroupEntry entry) {
    if (proposal.op() instanceof GroupProposal.Leave) {
      return List.of(entry.fromUser() + " left");
    } else if (proposal.op() instanceof GroupProposal.Decline) {
      return List.of(entry.fromUser() + " declined the invitation");
    }
    return List.of();
  }

  /** Warns if who joined does not show the keys that this device has. */
  static List<String> of(Confirm confirm, GroupEntry entry, GroupView view) {
    var confirmation =
        new GroupMessages.Confirmation(
            view.group().value(),
            confirm.epoch(),
            entry.fromUser().value(),
            entry.fromDevice().value(),
            confirm.inviter().value());
    try {
      view.keys()
          .ifPresent(
              keys ->
                  GroupMessages.checkConfirmation(
                      keys.confirmKey().toArray(),
                      confirmation,
                      confirm.sealed().toArray()));
    } catch (RefusedException e) {
      return List.of(entry.fromUser() + " joined, but has other keys than this device");
    }
    return List.of(entry.fromUser() + " joined");
  }
}

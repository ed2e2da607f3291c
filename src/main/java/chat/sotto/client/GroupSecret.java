package chat.sotto.client;

import chat.sotto.crypto.GroupEpoch;
import chat.sotto.crypto.GroupSecrets;
import chat.sotto.crypto.RefusedException;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupContent.Kind;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.GroupStatements.Signer;
import chat.sotto.model.Membership;
import chat.sotto.model.UserName;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame.GroupEntryPush;
import chat.sotto.protocol.ServerFrame.OwnPiece;
import java.util.Optional;

/** How a device comes to the keys that a commit begins (docs/protocol.md §9.2). */
final class GroupSecret {
  private final GroupView view;
  private final Self self;
  private final GroupLog.Held held;

  GroupSecret(GroupView view, Self self, GroupLog.Held held) {
    this.view = view;
    this.self = self;
    this.held = held;
  }

  /** Whether a device is given J: it does not hold the epoch before, or that must not matter. */
  static boolean isJoiner(Membership before, Commit commit, UserName user, DeviceId device) {
    return commit.kind() != Kind.CHANGE
        || before.device(user, device).isEmpty()
        || commit.ops().contains(new GroupOp.Rekey(user, device));
  }

  /** Empty if the piece is missing or wrong, or the keys of the epoch before are. */
  Optional<GroupEpoch> epoch(GroupEntryPush push, Commit commit) {
    byte[] hash =
        GroupStatements.commitHash(Signer.of(view.group(), push.entry()), commit).toArray();
    var place = new GroupEpoch.Place(view.group().value(), commit.epoch(), hash);
    byte[] seed = push.seed().orElseThrow().toArray();
    try {
      Optional<Secret> own =
          push.fromDevice().equals(self.device())
              ? held.fresh(push.messageId())
              : Optional.empty();
      if (own.isPresent()) {
        return following(place, commit, own.get().toArray(), seed);
      }
      Optional<byte[]> given = push.piece().flatMap(piece -> open(place, piece));
      if (given.isEmpty()) {
        return Optional.empty();
      } else if (isJoiner(view.membership(), commit, self.user(), self.device())) {
        byte[] joinCheck = commit.joinCheck().toArray();
        return Optional.of(GroupEpoch.ofJoiner(place, given.get(), joinCheck, seed));
      }
      return following(place, commit, given.get(), seed);
    } catch (RefusedException e) {
      return Optional.empty();
    }
  }

  private Optional<GroupEpoch> following(
      GroupEpoch.Place place, Commit commit, byte[] fresh, byte[] seed) {
    Optional<GroupEpoch.CommitSecret> secret =
        commit.kind() == Kind.CHANGE
            ? view.keys().map(keys -> GroupEpoch.following(keys.next().toArray(), fresh))
            : Optional.of(GroupEpoch.beginning(fresh));
    return secret.map(
        both ->
            GroupEpoch.ofMember(
                place, both, commit.check().toArray(), commit.joinCheck().toArray(), seed));
  }

  private Optional<byte[]> open(GroupEpoch.Place place, OwnPiece piece) {
    var recipient =
        new GroupSecrets.Recipient(
            place,
            self.user().value(),
            self.device().value(),
            piece.prekeyKind().text(),
            piece.prekeyId());
    return held.prekey(piece.prekeyKind(), piece.prekeyId())
        .map(prekey -> GroupSecrets.open(prekey, recipient, piece.piece().toArray()));
  }
}

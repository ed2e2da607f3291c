package chat.sotto.client;

import chat.sotto.crypto.GroupEpoch;
import chat.sotto.crypto.GroupEpoch.CommitSecret;
import chat.sotto.crypto.GroupSecrets;
import chat.sotto.crypto.Hash;
import chat.sotto.crypto.RefusedException;
import chat.sotto.crypto.Suite;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupContent.Kind;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.GroupStatements.Signer;
import chat.sotto.model.Prekey;
import chat.sotto.model.RosterOps;
import chat.sotto.model.RosterRow;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.GroupPiece;
import chat.sotto.protocol.Secret;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a commit: draws its secret, seals it to the devices of the roster that this device
 * computed, never to others, and signs (docs/protocol.md §9.2).
 */
final class GroupCommits {
  private static final Bytes NO_DIGEST = Bytes.of(new byte[Bounds.HASH_BYTES]);

  private final GroupView view;
  private final Self self;
  private final GroupPrekeys keys;
  private final SecureRandom random;

  GroupCommits(GroupView view, Self self, GroupPrekeys keys, SecureRandom random) {
    this.view = view;
    this.self = self;
    this.keys = keys;
    this.random = random;
  }

  /** The roster that the ops give. */
  List<RosterRow> roster(List<GroupOp> ops) {
    return RosterOps.after(view.membership().roster(), ops);
  }

  /** Whether somebody who is in the group already needs a piece. */
  boolean needsMembers(List<GroupOp> ops) {
    return roster(ops).stream()
        .filter(row -> view.membership().row(row.user()).isPresent())
        .flatMap(row -> row.deviceList().devices().stream())
        .anyMatch(device -> !device.id().equals(self.device()));
  }

  /**
   * @param name that the group has from now on
   * @throws Breach if the server gave no good prekey for a device
   */
  GroupFlight make(Optional<String> itemKey, Kind kind, List<GroupOp> ops, GroupName name) {
    byte[] fresh = GroupEpoch.drawFresh(random);
    CommitSecret secret =
        kind == Kind.CHANGE
            ? GroupEpoch.following(view.keys().orElseThrow().next().toArray(), fresh)
            : GroupEpoch.beginning(fresh);
    Bytes messageId = MessageIds.make(random);
    var signer = new Signer(view.group(), self.user(), self.device(), messageId);
    Commit draft = draft(kind, ops, secret);
    byte[] hash = GroupStatements.commitHash(signer, draft).toArray();
    var place = new GroupEpoch.Place(view.group().value(), draft.epoch(), hash);
    Secret infoKey = Secret.of(secret.infoKey(place));
    Bytes info = name.seal(infoKey, view.group(), draft.epoch(), random);
    Commit unsigned =
        with(draft, Bytes.of(Hash.sha256(info.toArray())), GroupStatements.unsigned());
    Bytes signature = GroupStatements.sign(self.deviceKey(), signer, unsigned);
    return new GroupFlight(
        itemKey,
        messageId,
        with(unsigned, unsigned.infoDigest(), signature),
        Optional.of(info),
        Optional.of(pieces(place, draft, secret)),
        Optional.empty(),
        Optional.of(Secret.of(fresh)));
  }

  private Commit draft(Kind kind, List<GroupOp> ops, CommitSecret secret) {
    return new Commit(
        view.membership().epoch() + 1,
        kind,
        ops,
        GroupStatements.rosterHash(view.group(), roster(ops)),
        view.head(),
        Bytes.of(secret.check()),
        Bytes.of(secret.joinCheck()),
        NO_DIGEST,
        GroupStatements.unsigned());
  }

  private static Commit with(Commit commit, Bytes infoDigest, Bytes signature) {
    return new Commit(
        commit.epoch(),
        commit.kind(),
        commit.ops(),
        commit.rosterHash(),
        commit.head(),
        commit.check(),
        commit.joinCheck(),
        infoDigest,
        signature);
  }

  private List<GroupPiece> pieces(GroupEpoch.Place place, Commit commit, CommitSecret secret) {
    var pieces = new ArrayList<GroupPiece>();
    for (RosterRow row : roster(commit.ops())) {
      for (Device device : row.deviceList().devices()) {
        if (!device.id().equals(self.device())) {
          boolean isJoiner =
              GroupSecret.isJoiner(view.membership(), commit, row.user(), device.id());
          byte[] given = isJoiner ? secret.joiner() : secret.fresh();
          pieces.add(piece(place, row.user(), device, given));
        }
      }
    }
    return pieces;
  }

  private GroupPiece piece(
      GroupEpoch.Place place, UserName user, Device device, byte[] secret) {
    Prekey prekey =
        keys.prekey(user, device.id())
            .filter(
                given ->
                    Statements.verifyPrekey(device.signKey(), user, device.id(), given))
            .orElseThrow(() -> new Breach(Alarm.PREKEY_REFUSED));
    var recipient =
        new GroupSecrets.Recipient(
            place, user.value(), device.id().value(), prekey.kind().text(), prekey.id());
    try {
      byte[] piece =
          GroupSecrets.seal(
              Suite.of(prekey.suite()), prekey.key().toArray(), recipient, secret, random);
      return new GroupPiece(
          user, device.id(), prekey.kind(), prekey.id(), Bytes.of(piece));
    } catch (RefusedException e) {
      throw new Breach(Alarm.PREKEY_REFUSED);
    }
  }
}

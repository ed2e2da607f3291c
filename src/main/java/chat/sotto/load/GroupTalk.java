package chat.sotto.load;

import chat.sotto.client.Link;
import chat.sotto.crypto.Hash;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupRole;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.Membership;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.RosterRow;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.GroupPiece;
import chat.sotto.protocol.ServerFrame;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * A group, made by its first member, as the server knows it: who is in it, and what each says. Keys
 * and sealed pieces are random bytes.
 */
final class GroupTalk {
  private static final int INFO_BYTES = 300;
  private static final int PIECE_BYTES = 81;
  private static final int SEALED_BYTES = 60;
  private static final int HASH_BYTES = 32;
  private static final Bytes NO_SEED = Bytes.of(new byte[0]);

  final GroupId id = new GroupId(HexFormat.of().formatHex(Member.random(16)));
  private final TreeMap<UserName, RosterRow> rows = new TreeMap<>();
  private long epoch = -1;
  private Point head = GroupStatements.start(id);

  /** @param digest what the server must say of it once it has it */
  record Post(Link.Request request, Bytes digest) {}

  /** The last entry of its making. */
  Point head() {
    return head;
  }

  /** The first makes it and invites the others, who accept. */
  void found(List<Line> lines, Progress progress) {
    Line founder = lines.get(0);
    Member first = founder.member();
    rows.put(first.name, new RosterRow(GroupRole.ADMIN, first.list));
    commit(founder, List.of(new GroupOp.Found(first.name, first.list)));
    List<Line> others = lines.subList(1, lines.size());
    for (int from = 0; from < others.size(); from += Membership.INVITES_MAX) {
      int to = Math.min(from + Membership.INVITES_MAX, others.size());
      invite(founder, others.subList(from, to));
    }
    for (Line line : others) {
      confirm(line, first.name);
    }
    progress.at("a group of %,d".formatted(lines.size()));
  }

  private void invite(Line founder, List<Line> invited) {
    var ops = new ArrayList<GroupOp>();
    for (Line line : invited) {
      Member member = line.member();
      rows.put(member.name, new RosterRow(GroupRole.INVITED, member.list));
      ops.add(new GroupOp.Invite(member.name, member.list));
    }
    commit(founder, ops);
  }

  /** The rows are those after it. */
  private void commit(Line by, List<GroupOp> ops) {
    epoch++;
    Bytes info = random(INFO_BYTES);
    var content =
        new GroupContent.Commit(
            epoch,
            epoch == 0 ? GroupContent.Kind.CREATE : GroupContent.Kind.CHANGE,
            ops,
            GroupStatements.rosterHash(id, rows.values()),
            head,
            random(HASH_BYTES),
            random(HASH_BYTES),
            digest(info),
            GroupStatements.unsigned());
    Bytes messageId = random(16);
    var signed =
        new GroupContent.Commit(
            content.epoch(),
            content.kind(),
            content.ops(),
            content.rosterHash(),
            content.head(),
            content.check(),
            content.joinCheck(),
            content.infoDigest(),
            sign(by.member(), messageId, content));
    append(by, messageId, signed, Optional.of(info), Optional.of(piecesBut(by)), Optional.empty());
  }

  private List<GroupPiece> piecesBut(Line committer) {
    return rows.keySet().stream()
        .filter(user -> !user.equals(committer.member().name))
        .flatMap(
            user ->
                rows.get(user).deviceList().devices().stream()
                    .map(
                        device ->
                            new GroupPiece(
                                user,
                                device.id(),
                                Prekey.Kind.SIGNED,
                                1,
                                random(PIECE_BYTES))))
        .toList();
  }

  private void confirm(Line by, UserName inviter) {
    var content =
        new GroupContent.Confirm(
            epoch, head, inviter, random(SEALED_BYTES), GroupStatements.unsigned());
    Bytes messageId = random(16);
    var signed =
        new GroupContent.Confirm(
            epoch, head, inviter, content.sealed(), sign(by.member(), messageId, content));
    append(by, messageId, signed, Optional.empty(), Optional.empty(), Optional.empty());
    Member member = by.member();
    rows.put(member.name, new RosterRow(GroupRole.MEMBER, member.list));
  }

  private void append(
      Line by,
      Bytes messageId,
      GroupContent content,
      Optional<Bytes> info,
      Optional<List<GroupPiece>> pieces,
      Optional<Bytes> ciphertext) {
    CompletableFuture<ServerFrame.Reply> reply =
        by.onLoop(
            () ->
                by.request(
                    (nonce, token) ->
                        new ClientFrame.GroupAppend(
                            nonce, token, id, messageId, content, info, pieces, ciphertext)));
    if (!(Crew.await(reply) instanceof ServerFrame.GroupAccepted accepted)) {
      throw new LoadException("the group was not made: " + reply.join());
    }
    head = new Point(accepted.sequenceNr(), accepted.hash());
  }

  /**
   * A post of a member on what that has taken.
   *
   * @param counter of its posts, from 1
   */
  Post post(Member member, long counter, Bytes body) {
    Point taken = member.groups.get(id);
    var content =
        new GroupContent.Post(epoch, counter, taken, digest(body), GroupStatements.unsigned());
    Bytes messageId = random(16);
    var signed =
        new GroupContent.Post(
            epoch, counter, taken, content.digest(), sign(member, messageId, content));
    Link.Request request =
        (nonce, token) ->
            new ClientFrame.GroupAppend(
                nonce,
                token,
                id,
                messageId,
                signed,
                Optional.empty(),
                Optional.empty(),
                Optional.of(body));
    Bytes digest =
        GroupStatements.contentDigest(signer(member, messageId), signed, NO_SEED);
    return new Post(request, digest);
  }

  private Bytes sign(Member member, Bytes messageId, GroupContent content) {
    return GroupStatements.sign(member.deviceKey, signer(member, messageId), content);
  }

  private GroupStatements.Signer signer(Member member, Bytes messageId) {
    return new GroupStatements.Signer(id, member.name, member.device, messageId);
  }

  private static Bytes digest(Bytes body) {
    return Bytes.of(Hash.sha256(body.toArray()));
  }

  private static Bytes random(int length) {
    return Bytes.of(Member.random(length));
  }
}

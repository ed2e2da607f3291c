package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.crypto.Hash;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRole;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.RosterRow;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.GroupPiece;
import chat.sotto.protocol.ServerFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A group as all its members together know it: makes entries that the server must take. Keys and
 * ciphertexts are random bytes, which the server cannot tell from others.
 */
final class TestGroup {
  final GroupId id = new GroupId(HexFormat.of().formatHex(TestUser.random(16)));
  private SortedMap<UserName, RosterRow> rows = new TreeMap<>();
  private final Map<DeviceId, Long> counters = new HashMap<>();
  private long epoch = -1;
  private Point head = GroupStatements.start(id);

  /** The last entry that was accepted. */
  Point head() {
    return head;
  }

  List<RosterRow> roster() {
    return List.copyOf(rows.values());
  }

  // Contents, on the present head and not signed yet

  GroupContent.Commit commit(GroupOp... ops) {
    Bytes rosterHash = GroupStatements.rosterHash(id, rowsAfter(List.of(ops)).values());
    return new GroupContent.Commit(
        epoch + 1,
        epoch < 0 ? GroupContent.Kind.CREATE : GroupContent.Kind.CHANGE,
        List.of(ops),
        rosterHash,
        head,
        random(32),
        random(32),
        random(32),
        GroupStatements.unsigned());
  }

  GroupContent.Commit reset(GroupOp... ops) {
    GroupContent.Commit change = commit(ops);
    return new GroupContent.Commit(
        change.epoch(), GroupContent.Kind.RESET, change.ops(), change.rosterHash(),
        change.head(), change.check(), change.joinCheck(), change.infoDigest(),
        change.signature());
  }

  /** The server went back to the log before this entry; all of it was taken by nobody else. */
  void onRestored(ServerFrame.RestoredPush restored) {
    head = restored.entry().point();
    counters.clear();
  }

  static GroupOp found(TestUser user) {
    return new GroupOp.Found(user.name, user.deviceList);
  }

  static GroupOp invite(TestUser user) {
    return new GroupOp.Invite(user.name, user.deviceList);
  }

  static GroupOp remove(TestUser user) {
    return new GroupOp.Remove(user.name);
  }

  GroupContent.Proposal propose(GroupProposal op) {
    return new GroupContent.Proposal(op, head, GroupStatements.unsigned());
  }

  GroupContent.Confirm confirm(TestUser inviter) {
    return new GroupContent.Confirm(
        epoch, head, inviter.name, random(60), GroupStatements.unsigned());
  }

  GroupContent.Post post(TestUser by) {
    long counter = counters.getOrDefault(by.device, 0L) + 1;
    return new GroupContent.Post(
        epoch, counter, head, random(32), GroupStatements.unsigned());
  }

  private SortedMap<UserName, RosterRow> rowsAfter(List<GroupOp> ops) {
    var next = new TreeMap<>(rows);
    for (GroupOp op : ops) {
      if (op instanceof GroupOp.Found found) {
        next.put(op.user(), new RosterRow(GroupRole.ADMIN, found.deviceList()));
      } else if (op instanceof GroupOp.Invite invite) {
        next.put(op.user(), new RosterRow(GroupRole.INVITED, invite.deviceList()));
      } else if (op instanceof GroupOp.Devices devices) {
        GroupRole role = next.get(op.user()).role();
        next.put(op.user(), new RosterRow(role, devices.deviceList()));
      } else if (op instanceof GroupOp.ChangeRole change) {
        next.put(op.user(), new RosterRow(change.role(), next.get(op.user()).deviceList()));
      } else if (!(op instanceof GroupOp.Rekey)) {
        next.remove(op.user());
      }
    }
    return next;
  }

  // Frames

  /** Signed by that user's device, with everything that belongs to it. */
  ClientFrame.GroupAppend frame(
      RawClient client, long nonce, TestUser by, GroupContent content) {
    return frame(client, nonce, by, content, random(200));
  }

  /** @param body a commit's sealed name, a post's ciphertext */
  ClientFrame.GroupAppend frame(
      RawClient client, long nonce, TestUser by, GroupContent content, Bytes body) {
    boolean isCommit = content instanceof GroupContent.Commit;
    boolean isPost = content instanceof GroupContent.Post;
    return unsigned(
            client,
            nonce,
            withDigest(content, body),
            isCommit ? Optional.of(body) : Optional.empty(),
            isCommit ? Optional.of(pieces(by, content)) : Optional.empty(),
            isPost ? Optional.of(body) : Optional.empty())
        .apply(by);
  }

  /** A frame that lacks its signature. */
  interface Unsigned {
    ClientFrame.GroupAppend apply(TestUser signer);
  }

  Unsigned unsigned(
      RawClient client,
      long nonce,
      GroupContent content,
      Optional<Bytes> info,
      Optional<List<GroupPiece>> pieces,
      Optional<Bytes> ciphertext) {
    Bytes messageId = random(16);
    return by ->
        new ClientFrame.GroupAppend(
            nonce,
            client.token(),
            id,
            messageId,
            signed(by, messageId, content),
            info,
            pieces,
            ciphertext);
  }

  /** The same attempt under another number. */
  static ClientFrame.GroupAppend again(ClientFrame.GroupAppend frame, long nonce) {
    return new ClientFrame.GroupAppend(
        nonce,
        frame.token(),
        frame.group(),
        frame.messageId(),
        frame.content(),
        frame.info(),
        frame.pieces(),
        frame.ciphertext());
  }

  GroupContent signed(TestUser by, Bytes messageId, GroupContent content) {
    var signer = new GroupStatements.Signer(id, by.name, by.device, messageId);
    return withSignature(content, GroupStatements.sign(by.deviceKey, signer, content));
  }

  static GroupContent withSignature(GroupContent content, Bytes signature) {
    if (content instanceof GroupContent.Commit one) {
      return new GroupContent.Commit(
          one.epoch(),
          one.kind(),
          one.ops(),
          one.rosterHash(),
          one.head(),
          one.check(),
          one.joinCheck(),
          one.infoDigest(),
          signature);
    } else if (content instanceof GroupContent.Proposal one) {
      return new GroupContent.Proposal(one.op(), one.head(), signature);
    } else if (content instanceof GroupContent.Confirm one) {
      return new GroupContent.Confirm(
          one.epoch(), one.head(), one.inviter(), one.sealed(), signature);
    }
    var one = (GroupContent.Post) content;
    return new GroupContent.Post(
        one.epoch(), one.counter(), one.head(), one.digest(), signature);
  }

  private static GroupContent withDigest(GroupContent content, Bytes body) {
    Bytes digest = Bytes.of(Hash.sha256(body.toArray()));
    if (content instanceof GroupContent.Commit one) {
      return new GroupContent.Commit(
          one.epoch(),
          one.kind(),
          one.ops(),
          one.rosterHash(),
          one.head(),
          one.check(),
          one.joinCheck(),
          digest,
          one.signature());
    } else if (content instanceof GroupContent.Post one) {
      return new GroupContent.Post(
          one.epoch(), one.counter(), one.head(), digest, one.signature());
    }
    return content;
  }

  /** One for each device of the roster after the commit, but the committer's own. */
  List<GroupPiece> pieces(TestUser by, GroupContent content) {
    List<GroupPiece> pieces = new ArrayList<>();
    for (RosterRow row : rowsAfter(((GroupContent.Commit) content).ops()).values()) {
      row.deviceList().devices().stream()
          .filter(device -> !device.id().equals(by.device))
          .forEach(device -> pieces.add(piece(row.user(), device.id())));
    }
    return pieces;
  }

  static GroupPiece piece(UserName user, DeviceId device) {
    return new GroupPiece(user, device, Prekey.Kind.SIGNED, 1, random(81));
  }

  // What was accepted

  /** Says an entry that the server must take. */
  ServerFrame.GroupAccepted append(RawClient client, TestUser by, GroupContent content)
      throws Exception {
    return append(client, by, content, random(200));
  }

  ServerFrame.GroupAccepted append(
      RawClient client, TestUser by, GroupContent content, Bytes body) throws Exception {
    var accepted =
        client.askKeeping(
            ServerFrame.GroupAccepted.class,
            nonce -> frame(client, nonce, by, content, body));
    onAccepted(by, content, accepted);
    return accepted;
  }

  void onAccepted(TestUser by, GroupContent content, ServerFrame.GroupAccepted accepted) {
    head = new Point(accepted.sequenceNr(), accepted.hash());
    if (content instanceof GroupContent.Commit commit) {
      rows = rowsAfter(commit.ops());
      epoch++;
      counters.clear();
    } else if (content instanceof GroupContent.Confirm) {
      rows.put(by.name, new RosterRow(GroupRole.MEMBER, by.deviceList));
    } else if (content instanceof GroupContent.Post) {
      counters.merge(by.device, 1L, Long::sum);
    }
  }

  static Bytes random(int length) {
    return Bytes.of(TestUser.random(length));
  }

  // What a member hears

  /**
   * Hears entries up to a number, each chained to the one before; other pushes are skipped.
   *
   * @return those that came, the last one with that number
   */
  List<ServerFrame.GroupEntryPush> hear(RawClient client, long upTo) throws Exception {
    List<ServerFrame.GroupEntryPush> heard = new ArrayList<>();
    while (heard.isEmpty() || heard.get(heard.size() - 1).sequenceNr() < upTo) {
      if (client.hear() instanceof ServerFrame.GroupEntryPush push && push.owner().equals(id)) {
        if (!heard.isEmpty()) {
          Bytes before = heard.get(heard.size() - 1).hash();
          assertEquals(GroupStatements.entryHash(before, id, push.entry()), push.hash());
        }
        heard.add(push);
      }
    }
    assertEquals(upTo, heard.get(heard.size() - 1).sequenceNr());
    return heard;
  }

  /** Hears entries up to the last one that was accepted. */
  ServerFrame.GroupEntryPush hearHead(RawClient client) throws Exception {
    List<ServerFrame.GroupEntryPush> heard = hear(client, head.sequenceNr());
    ServerFrame.GroupEntryPush last = heard.get(heard.size() - 1);
    assertEquals(head, last.entry().point());
    return last;
  }

  static LogPoint point(ServerFrame.GroupEntryPush push) {
    return new LogPoint(
        LogPoint.GROUP,
        push.owner().value(),
        push.generation(),
        push.sequenceNr(),
        push.hash());
  }

  /** Says that everything up to these points is stored. @param nonce of the last push */
  static void acknowledge(RawClient client, TestUser user, long nonce, LogPoint... points) {
    List<LogPoint> items = List.of(points);
    Bytes signature =
        Statements.signAck(user.deviceKey, user.serverHost, user.name, user.device, items);
    client.say(new ClientFrame.Ack(nonce + 1, client.token(), items, signature));
  }

  static void acknowledge(RawClient client, TestUser user, ServerFrame.GroupEntryPush push) {
    acknowledge(client, user, push.nonce(), point(push));
  }
}

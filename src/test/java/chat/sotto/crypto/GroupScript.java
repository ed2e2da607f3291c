package chat.sotto.crypto;

import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupContent.Kind;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRefusedException;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.GroupStatements.Signer;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Membership;
import chat.sotto.model.Membership.Place;
import chat.sotto.model.Point;
import chat.sotto.model.Restored;
import chat.sotto.model.RosterOps;
import chat.sotto.model.RosterRow;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.StrictJson;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A group's log as its members and an honest server make it, the same bytes at every run. */
final class GroupScript {
  static final GroupId GROUP = new GroupId("0f1e2d3c4b5a69788796a5b4c3d2e1f0");
  static final long TIME = 1_750_000_000_000L;

  final DeterministicRandom random;
  final List<GroupEntry> entries = new ArrayList<>();

  /** All that is in it, in the form of frames. */
  final List<ObjectNode> log = new ArrayList<>();

  Membership membership = Membership.of(GROUP);
  Point head = GroupStatements.start(GROUP);
  long time = TIME;

  GroupScript(String name) {
    random = new DeterministicRandom(name);
  }

  static UserName user(String name) {
    return new UserName(name);
  }

  static DeviceId device(String user) {
    byte[] id = new DeterministicRandom(user + " device id").bytes(16);
    return new DeviceId(HexFormat.of().formatHex(id));
  }

  static DeviceList list(String user) {
    return VectorFiles.deviceList(user, device(user).value());
  }

  /** The next version of a user's list, with another date in it. */
  static DeviceList nextList(String user) {
    return nextList(user, user);
  }

  /** The same with a device that is another user's. */
  static DeviceList nextList(String user, String deviceOf) {
    Device device = list(deviceOf).devices().get(0);
    var changed =
        new Device(
            device.id(),
            device.signKey(),
            device.suites(),
            device.addedAt() + 1,
            device.inboxStart());
    return following(list(user), VectorFiles.accountKey(user), List.of(changed));
  }

  /** The next version of a user's list, with more devices, each by a name of its own. */
  static DeviceList linkedList(String user, String... more) {
    return following(list(user), VectorFiles.accountKey(user), devices(user, more));
  }

  static List<Device> devices(String user, String... more) {
    return Stream.concat(Stream.of(user), Stream.of(more))
        .map(name -> list(name).devices().get(0))
        .toList();
  }

  static DeviceList following(
      DeviceList before, Ed25519.SigningKey accountKey, List<Device> devices) {
    return Statements.signDeviceList(
        accountKey,
        before.user(),
        before.serverHost(),
        before.version() + 1,
        Statements.listHash(before),
        devices);
  }

  static GroupOp invite(String user) {
    return new GroupOp.Invite(user(user), list(user));
  }

  static GroupOp remove(String user) {
    return new GroupOp.Remove(user(user));
  }

  Bytes draw(int length) {
    return Bytes.of(random.bytes(length));
  }

  /** The entry that this would be, whether it may stand there or not. */
  GroupEntry next(String by, GroupContent content) {
    return next(by, by, draw(16), content);
  }

  /** @param device the name of the user's device that makes it */
  GroupEntry next(String by, String device, GroupContent content) {
    return next(by, device, draw(16), content);
  }

  private GroupEntry next(String by, String device, Bytes messageId, GroupContent content) {
    var signer = new Signer(GROUP, user(by), device(device), messageId);
    Bytes signature = GroupStatements.sign(VectorFiles.deviceKey(device), signer, content);
    Optional<Bytes> seed =
        content instanceof Commit ? Optional.of(draw(32)) : Optional.empty();
    var entry =
        new GroupEntry(
            head.sequenceNr() + 1,
            time + 1,
            user(by),
            device(device),
            messageId,
            signed(content, signature),
            seed,
            head.hash());
    return entry.with(GroupStatements.entryHash(head.hash(), GROUP, entry));
  }

  static GroupContent signed(GroupContent content, Bytes signature) {
    if (content instanceof Commit c) {
      return new Commit(
          c.epoch(), c.kind(), c.ops(), c.rosterHash(), c.head(), c.check(), c.joinCheck(),
          c.infoDigest(), signature);
    } else if (content instanceof GroupContent.Proposal p) {
      return new GroupContent.Proposal(p.op(), p.head(), signature);
    } else if (content instanceof GroupContent.Confirm c) {
      return new GroupContent.Confirm(
          c.epoch(), c.head(), c.inviter(), c.sealed(), signature);
    }
    var p = (GroupContent.Post) content;
    return new GroupContent.Post(p.epoch(), p.counter(), p.head(), p.digest(), signature);
  }

  /** As {@link #next}, and the log goes on after it. */
  GroupEntry append(String by, GroupContent content) {
    return append(by, draw(16), content);
  }

  GroupEntry append(String by, Bytes messageId, GroupContent content) {
    return append(next(by, by, messageId, content));
  }

  GroupEntry append(GroupEntry entry) {
    membership = apply(membership, entry);
    entries.add(entry);
    log.add(json(entry));
    head = entry.point();
    time = entry.time();
    return entry;
  }

  /** The server was restored from a copy in which the newest entry was the last. */
  Restored restore() {
    Restored entry = RestoredVectors.restored(LogPoint.GROUP, GROUP.value(), head, time);
    membership = membership.restored(entry.sequenceNr());
    log.add(RestoredVectors.json(entry));
    head = entry.point();
    time = entry.time();
    return entry;
  }

  static Membership apply(Membership before, GroupEntry entry) {
    try {
      return judge(before, entry);
    } catch (GroupRefusedException e) {
      throw new AssertionError("entry " + entry.sequenceNr() + ": " + e.refusal());
    }
  }

  /** The one rule for what follows from an entry. */
  static Membership judge(Membership before, GroupEntry entry) throws GroupRefusedException {
    Place place = Place.of(entry);
    GroupContent content = entry.content();
    if (content instanceof Commit commit) {
      return before.commit(place, commit);
    } else if (content instanceof GroupContent.Proposal proposal) {
      return before.propose(place, proposal);
    } else if (content instanceof GroupContent.Confirm confirm) {
      return before.confirm(place, confirm);
    }
    before.post(place, (GroupContent.Post) content);
    return before;
  }

  Commit commit(Kind kind, GroupOp... ops) {
    return commit(kind, draw(32), draw(32), ops);
  }

  /** On the newest entry, of the roster that the ops give. */
  Commit commit(Kind kind, Bytes check, Bytes joinCheck, GroupOp... ops) {
    return new Commit(
        membership.epoch() + 1,
        kind,
        List.of(ops),
        rosterHash(ops),
        head,
        check,
        joinCheck,
        draw(32),
        GroupStatements.unsigned());
  }

  Commit change(GroupOp... ops) {
    return commit(Kind.CHANGE, ops);
  }

  Bytes rosterHash(GroupOp... ops) {
    return GroupStatements.rosterHash(GROUP, RosterOps.after(membership.roster(), List.of(ops)));
  }

  List<RosterRow> rosterAfter(GroupOp... ops) {
    return RosterOps.after(membership.roster(), List.of(ops));
  }

  GroupContent.Proposal proposal(GroupProposal op) {
    return new GroupContent.Proposal(op, head, GroupStatements.unsigned());
  }

  GroupContent.Confirm confirm(String inviter) {
    return confirm(inviter, draw(60));
  }

  GroupContent.Confirm confirm(String inviter, Bytes sealed) {
    return new GroupContent.Confirm(
        membership.epoch(), head, user(inviter), sealed, GroupStatements.unsigned());
  }

  GroupContent.Post post(long counter) {
    return post(counter, draw(32));
  }

  GroupContent.Post post(long counter, Bytes digest) {
    return new GroupContent.Post(
        membership.epoch(), counter, head, digest, GroupStatements.unsigned());
  }

  /** Alice makes the group. */
  GroupEntry create() {
    var found = new GroupOp.Found(user("alice"), list("alice"));
    return append("alice", commit(Kind.CREATE, found));
  }

  /** As the frame of a pushed entry carries it. */
  static ObjectNode json(GroupEntry entry) {
    return tree(StrictJson.encode(entry, GroupEntry.class));
  }

  private static ObjectNode tree(byte[] json) {
    try {
      return (ObjectNode) VectorFiles.JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void putRows(ObjectNode node, List<RosterRow> rows) {
    ArrayNode array = node.putArray("rows");
    rows.forEach(row -> array.add(VectorFiles.JSON.<ObjectNode>valueToTree(row)));
  }

  /** What the entries must come to. */
  static void putState(ObjectNode node, Membership membership) {
    ObjectNode state = node.putObject("state").put("epoch", membership.epoch());
    state.put("commitNr", membership.commitNr()).put("changedNr", membership.changedNr());
    ArrayNode roles = state.putArray("roster");
    membership
        .roster()
        .forEach(
            row ->
                roles
                    .addObject()
                    .put("user", row.user().value())
                    .put("role", row.role().text())
                    .put("listVersion", row.deviceList().version()));
    ArrayNode pending = state.putArray("pending");
    membership.pending().forEach(one -> pending.add(one.sequenceNr()));
  }
}

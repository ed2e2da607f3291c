package chat.sotto.crypto;

import static chat.sotto.crypto.GroupScript.invite;
import static chat.sotto.crypto.GroupScript.user;
import static chat.sotto.crypto.VectorFiles.HOST;
import static chat.sotto.crypto.VectorFiles.JSON;
import static chat.sotto.crypto.VectorFiles.file;
import static chat.sotto.crypto.VectorFiles.hex;
import static chat.sotto.crypto.VectorFiles.refused;
import static chat.sotto.crypto.VectorFiles.valid;

import chat.sotto.model.Bytes;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupContent.Kind;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRefusal;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Restored;
import chat.sotto.protocol.FrameCodec;
import chat.sotto.protocol.FrameException;
import chat.sotto.protocol.ServerFrame;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Vectors of what a restored server says, and of what a group takes after that. */
final class RestoredVectors extends GroupRuleCases {
  private static final Ed25519.SigningKey SERVER_KEY =
      Ed25519.generate(new DeterministicRandom("server"));
  private static final GroupRefusal PENDING = GroupRefusal.EPOCH_PENDING;

  private RestoredVectors(ObjectNode file) {
    super(file);
  }

  static ObjectNode restored() {
    ObjectNode file =
        file(
            "Logs after a restore (docs/protocol.md §10). 'kind' says what a case is, see the"
                + " README; what is frames' JSON is so here.");
    var vectors = new RestoredVectors(file);
    vectors.entries();
    vectors.waiting();
    vectors.resets();
    return file;
  }

  /** Ten seconds after the last entry, from a copy that was made in between. */
  static Restored restored(String kind, String owner, Point previous, long time) {
    long now = time + 10_000;
    return Restored.sign(
        SERVER_KEY, HOST, kind, owner, now / 1000, previous, now, time + 5_000);
  }

  /** As it is pushed, without a nonce. */
  static ObjectNode json(Restored entry) {
    try {
      byte[] push = FrameCodec.encode(ServerFrame.RestoredPush.of(0, entry));
      ObjectNode node = (ObjectNode) JSON.readTree(push);
      node.remove("nonce");
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The other way. */
  static Restored entry(JsonNode node) throws FrameException {
    ObjectNode push = ((ObjectNode) node.deepCopy()).put("nonce", 0);
    byte[] bytes = push.toString().getBytes(StandardCharsets.UTF_8);
    return ((ServerFrame.RestoredPush) FrameCodec.decodeServer(bytes)).entry();
  }

  private void entries() {
    Bytes hash = Bytes.of(Hash.sha256(new byte[] {7}));
    put(valid(file), restored(LogPoint.INBOX, "bob", new Point(41, hash), GroupScript.TIME));
    var never = new Point(0, Bytes.of(EntryChain.start(LogPoint.INBOX, "carol", 1)));
    put(valid(file), restored(LogPoint.INBOX, "carol", never, GroupScript.TIME));
    Restored entry = restored(LogPoint.GROUP, GROUP, new Point(12, hash), GroupScript.TIME);
    put(valid(file), entry);
    Bytes other = Bytes.of(Hash.sha256(new byte[] {8}));
    change("another server", entry).put("serverHost", "evil.example");
    byte[] otherKey = Ed25519.generate(new DeterministicRandom("other")).publicKey();
    change("another server's key", entry).put("serverKey", hex(otherKey));
    changeEntry("another kind of log", entry).put("kind", "inbox");
    changeEntry("another owner", entry).put("owner", "00".repeat(16));
    changeEntry("another generation", entry).put("generation", entry.generation() + 1);
    changeEntry("another time", entry).put("time", entry.time() + 1);
    changeEntry("another time of the copy", entry).put("copyTime", entry.copyTime() - 1);
    changeEntry("another hash", entry).put("hash", other.toString());
    previous("another hash before it", entry).put("hash", other.toString());
    previous("another number before it", entry).put("sequenceNr", 11);
    byte[] bent = VectorFiles.flipped(entry.signature().toArray(), 9);
    changeEntry("a flipped bit in the signature", entry)
        .put("signature", Bytes.of(bent).toString());
    changeEntry("a number that does not follow", entry).put("sequenceNr", 14);
    changeEntry("a copy from after it", entry).put("copyTime", entry.time() + 1);
    ObjectNode moved = changeEntry("all of it at another number", entry).put("sequenceNr", 12);
    ((ObjectNode) moved.get("previous")).put("sequenceNr", 11);
    put(
        refused(file, "well signed, but with the hash of another generation"),
        withHashOf(entry, entry.generation() + 1));
    changeEntry("the first generation", entry).put("generation", 1);
  }

  private static Restored withHashOf(Restored entry, long generation) {
    Restored other =
        Restored.sign(
            SERVER_KEY, HOST, entry.kind(), entry.owner(), generation, entry.previous(),
            entry.time(), entry.copyTime());
    return new Restored(
        entry.kind(), entry.owner(), entry.generation(), entry.previous(), entry.time(),
        entry.copyTime(), entry.signature(), other.hash());
  }

  private static void put(ObjectNode node, Restored entry) {
    node.put("kind", "restored").put("serverHost", HOST);
    node.put("serverKey", hex(SERVER_KEY.publicKey()));
    node.set("entry", json(entry));
  }

  private ObjectNode change(String why, Restored entry) {
    ObjectNode node = refused(file, why);
    put(node, entry);
    return node;
  }

  private ObjectNode changeEntry(String why, Restored entry) {
    return (ObjectNode) change(why, entry).get("entry");
  }

  private ObjectNode previous(String why, Restored entry) {
    return (ObjectNode) changeEntry(why, entry).get("previous");
  }

  /** Alice is admin, bob a member, carol invited; then the server was restored. */
  private static GroupScript restoredThree() {
    GroupScript script = three();
    script.restore();
    return script;
  }

  private static GroupScript restoredThreeAnd(String by, Part part) {
    GroupScript script = restoredThree();
    script.append(by, part.of(script));
    return script;
  }

  private static Part reset(GroupOp... ops) {
    return script -> script.commit(Kind.RESET, ops);
  }

  private void waiting() {
    hold(restoredThree());
    refuse("a post", PENDING, restoredThree(), "bob", script -> script.post(1));
    refuse("an admin's change", PENDING, restoredThree(), "alice", change(invite("dave")));
    refuse("a confirmation", PENDING, restoredThree(), "carol", script -> script.confirm("alice"));
    refuse(
        "a group made anew",
        GroupRefusal.GROUP_REFUSED,
        restoredThree(),
        "alice",
        script -> script.commit(Kind.CREATE, found("alice")));
    refuse(
        "a reset by somebody invited",
        GroupRefusal.NOT_MEMBER,
        restoredThree(),
        "carol",
        reset());
    refuse("a reset by a stranger", GroupRefusal.NOT_MEMBER, restoredThree(), "dave", reset());
    refuse(
        "a member's reset that removes",
        GroupRefusal.NOT_ADMIN,
        restoredThree(),
        "bob",
        reset(GroupScript.remove("carol")));
    Point before = three().head;
    refuse(
        "a reset that has not seen the restore",
        GroupRefusal.EPOCH_STALE,
        restoredThree(),
        "alice",
        script -> on(script.commit(Kind.RESET), before));
    refuse(
        "a proposal that has not seen the restore",
        GroupRefusal.EPOCH_STALE,
        restoredThree(),
        "bob",
        script ->
            new GroupContent.Proposal(
                new GroupProposal.Leave(), before, GroupStatements.unsigned()));
    Part leave = proposal(new GroupProposal.Leave());
    hold(restoredThreeAnd("bob", leave));
    refuse(
        "a change that settles a proposal",
        PENDING,
        restoredThreeAnd("bob", leave),
        "alice",
        change(new GroupOp.Leave(user("bob"))));
    refuse(
        "a reset that leaves a leave pending",
        PENDING,
        restoredThreeAnd("bob", leave),
        "alice",
        reset());
    GroupScript asked = threeAnd("bob", proposal(new GroupProposal.Rekey()));
    asked.restore();
    hold(asked);
    refuse(
        "a proposal that was pending before",
        GroupRefusal.GROUP_REFUSED,
        asked,
        "bob",
        proposal(new GroupProposal.Rekey()));
    GroupScript twice = restoredThree();
    twice.restore();
    hold(twice);
    refuse("a post after two restores", PENDING, twice, "bob", script -> script.post(1));
  }

  private void resets() {
    hold(restoredThreeAnd("bob", reset()));
    hold(restoredThreeAnd("alice", reset(GroupScript.remove("bob"), invite("dave"))));
    GroupScript left = restoredThreeAnd("bob", proposal(new GroupProposal.Leave()));
    left.append("alice", left.commit(Kind.RESET, new GroupOp.Leave(user("bob"))));
    hold(left);
    GroupScript asked = threeAnd("bob", proposal(new GroupProposal.Rekey()));
    asked.restore();
    asked.append("alice", asked.commit(Kind.RESET));
    hold(asked);
    GroupScript open = restoredThreeAnd("bob", reset());
    open.append("bob", open.post(1));
    open.append("carol", open.confirm("alice"));
    open.append("alice", open.change(invite("dave")));
    hold(open);
    refuse(
        "a post of the epoch before the restore",
        GroupRefusal.EPOCH_STALE,
        restoredThreeAnd("bob", reset()),
        "alice",
        script ->
            new GroupContent.Post(
                1, 1, script.head, script.draw(32), GroupStatements.unsigned()));
    GroupScript again = restoredThreeAnd("bob", reset());
    again.restore();
    refuse("a post after another restore", PENDING, again, "bob", script -> script.post(1));
    again.append("bob", again.commit(Kind.RESET));
    hold(again);
  }

  private static GroupContent.Commit on(GroupContent.Commit commit, Point head) {
    return new GroupContent.Commit(
        commit.epoch(), commit.kind(), commit.ops(), commit.rosterHash(), head, commit.check(),
        commit.joinCheck(), commit.infoDigest(), commit.signature());
  }
}

package chat.sotto.crypto;

import static chat.sotto.crypto.VectorFiles.JSON;
import static chat.sotto.crypto.VectorFiles.file;
import static chat.sotto.crypto.VectorFiles.flipped;
import static chat.sotto.crypto.VectorFiles.hex;
import static chat.sotto.crypto.VectorFiles.refused;
import static chat.sotto.crypto.VectorFiles.valid;

import chat.sotto.crypto.GroupEpoch.CommitSecret;
import chat.sotto.crypto.GroupMessages.Confirmation;
import chat.sotto.crypto.GroupSecrets.Recipient;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupContent.Kind;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRole;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.GroupStatements.Signer;
import chat.sotto.model.RosterRow;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Vectors of what a group signs and seals, and from what its keys come. */
final class GroupVectors {
  private static final String GROUP = GroupScript.GROUP.value();

  private final ObjectNode file;
  private final GroupScript script = new GroupScript("group");
  private final GroupEntryVectors entries;
  private final DeterministicRandom random = new DeterministicRandom("group keys");
  private final Map<String, byte[]> chains = new HashMap<>();
  private final Set<String> bent = new HashSet<>();
  private Optional<byte[]> next = Optional.empty();
  private GroupEpoch epoch;

  private GroupVectors(ObjectNode file) {
    this.file = file;
    entries = new GroupEntryVectors(file, script);
  }

  static ObjectNode group() {
    ObjectNode file =
        file(
            "Groups (docs/protocol.md §9). 'kind' says what a case is, see the README; what is"
                + " frames' JSON is so here.");
    new GroupVectors(file).play();
    new GroupRuleVectors(file).addAll();
    new GroupAnswerVectors(file).addAll();
    new GroupDeviceVectors(file).addAll();
    return file;
  }

  /** Every entry, epoch and sealed thing of this log is a case. */
  private void play() {
    var bob = GroupScript.user("bob");
    var dave = GroupScript.user("dave");
    commit(
        "alice",
        Kind.CREATE,
        new GroupOp.Found(GroupScript.user("alice"), GroupScript.list("alice")));
    commit("alice", Kind.CHANGE, GroupScript.invite("bob"), GroupScript.invite("carol"));
    confirm("bob", "alice");
    post("alice", 1, "hello");
    post("bob", 1, "grüße 😀");
    post("alice", 2, "x".repeat(300));
    confirm("carol", "alice");
    commit("alice", Kind.CHANGE, GroupScript.remove("carol"));
    post("bob", 1, "carol is gone");
    commit("alice", Kind.CHANGE, new GroupOp.ChangeRole(bob, GroupRole.ADMIN));
    entries.append("alice", script.proposal(new GroupProposal.Leave()));
    entries.append("bob", script.proposal(new GroupProposal.Devices(GroupScript.nextList("bob"))));
    commit(
        "bob",
        Kind.CHANGE,
        new GroupOp.Leave(GroupScript.user("alice")),
        new GroupOp.Devices(bob, GroupScript.nextList("bob")),
        GroupScript.invite("dave"));
    entries.append("dave", script.proposal(new GroupProposal.Rekey()));
    commit("bob", Kind.CHANGE, new GroupOp.Rekey(dave, GroupScript.device("dave")));
    entries.append("dave", script.proposal(new GroupProposal.Decline()));
    commit("bob", Kind.CHANGE, new GroupOp.Decline(dave), GroupScript.invite("erin"));
    script.time += 14 * 24 * 3_600_000L;
    commit("bob", Kind.CHANGE, new GroupOp.Timeout(GroupScript.user("erin")));
    commit("bob", Kind.RESET);
    post("bob", 1, "alone");
    entries.membership();
    entries.refusedEntries();
  }

  /** Whether the refused variants of such a case are still to be made: once is enough. */
  private boolean isFirst(String sort) {
    return bent.add(sort);
  }

  // Epochs

  private void commit(String by, Kind kind, GroupOp... ops) {
    boolean follows = kind == Kind.CHANGE;
    byte[] fresh = GroupEpoch.drawFresh(random);
    CommitSecret secret =
        follows
            ? GroupEpoch.following(next.orElseThrow(), fresh)
            : GroupEpoch.beginning(fresh);
    List<RosterRow> before = script.membership.roster();
    Bytes check = Bytes.of(secret.check());
    Bytes joinCheck = Bytes.of(secret.joinCheck());
    entries.roster(script.rosterAfter(ops), kind == Kind.CREATE);
    GroupEntry entry = entries.append(by, script.commit(kind, check, joinCheck, ops));
    var commit = (Commit) entry.content();
    byte[] hash =
        GroupStatements.commitHash(Signer.of(GroupScript.GROUP, entry), commit).toArray();
    var place = new GroupEpoch.Place(GROUP, commit.epoch(), hash);
    byte[] seed = entry.seed().orElseThrow().toArray();
    epoch =
        GroupEpoch.ofMember(
            place, secret, commit.check().toArray(), commit.joinCheck().toArray(), seed);
    epochCases(place, kind, secret, commit, seed);
    pieces(place, by, before, kind, secret);
    next = Optional.of(epoch.next());
    chains.clear();
    info(commit.epoch());
  }

  private void epochCases(
      GroupEpoch.Place place, Kind kind, CommitSecret secret, Commit commit, byte[] seed) {
    ObjectNode base = JSON.createObjectNode().put("kind", "epoch").put("group", GROUP);
    base.put("epoch", place.epoch()).put("commitHash", hex(place.commitHash()));
    base.put("commitKind", kind.text()).put("seed", hex(seed));
    base.put("check", hex(commit.check().toArray()));
    base.put("joinCheck", hex(commit.joinCheck().toArray()));
    base.put("nextKey", hex(epoch.next())).put("confirmKey", hex(epoch.confirmKey()));
    base.put("infoKey", hex(epoch.infoKey()));
    ArrayNode keys = base.putArray("chains");
    for (RosterRow row : script.membership.roster()) {
      for (Device device : row.deviceList().devices()) {
        String id = device.id().value();
        keys.addObject()
            .put("user", row.user().value())
            .put("device", id)
            .put("key", hex(epoch.chainKey(row.user().value(), id)));
      }
    }
    ObjectNode member = valid(file, base).put("fresh", hex(secret.fresh()));
    if (kind == Kind.CHANGE) {
      member.put("next", hex(next.orElseThrow()));
    }
    ObjectNode joiner = valid(file, base).put("joiner", hex(secret.joiner()));
    if (isFirst("epoch " + kind)) {
      refusedEpochs(member, joiner, place, secret, seed);
    }
  }

  private void refusedEpochs(
      ObjectNode member,
      ObjectNode joiner,
      GroupEpoch.Place place,
      CommitSecret secret,
      byte[] seed) {
    if (member.has("next")) {
      refused(file, member, "another next: J does not fit joinCheck")
          .put("next", hex(flipped(next.orElseThrow(), 9)));
    }
    refused(file, member, "f does not fit check").put("fresh", hex(flipped(secret.fresh(), 0)));
    refused(file, joiner, "J does not fit joinCheck")
        .put("joiner", hex(flipped(secret.joiner(), 0)));
    // HMAC fills a key up with zeros, so these fit the checks.
    refused(file, member, "f with a zero after it")
        .put("fresh", hex(Arrays.copyOf(secret.fresh(), 33)));
    refused(file, joiner, "J with a zero after it")
        .put("joiner", hex(Arrays.copyOf(secret.joiner(), 33)));
    refused(file, joiner, "f in the place of J").put("joiner", hex(secret.fresh()));
    refused(file, joiner, "another seed gives other keys").put("seed", hex(flipped(seed, 31)));
    refused(file, joiner, "another commit gives other keys")
        .put("commitHash", hex(flipped(place.commitHash(), 4)));
    refused(file, joiner, "another epoch gives other keys").put("epoch", place.epoch() + 1);
  }

  private void pieces(
      GroupEpoch.Place place,
      String by,
      List<RosterRow> before,
      Kind kind,
      CommitSecret secret) {
    for (RosterRow row : script.membership.roster()) {
      String name = row.user().value();
      boolean isMember =
          kind == Kind.CHANGE
              && before.stream().anyMatch(old -> old.user().equals(row.user()));
      if (!name.equals(by)) {
        piece(place, name, isMember ? secret.fresh() : secret.joiner(), isMember);
      }
    }
  }

  private void piece(GroupEpoch.Place place, String name, byte[] secret, boolean isMember) {
    X25519.KeyPair prekey = X25519.generateKeyPair(random);
    String device = GroupScript.device(name).value();
    String kind = isMember ? "signed" : "one-time";
    var recipient = new Recipient(place, name, device, kind, 7);
    byte[] piece =
        GroupSecrets.seal(Suite.X25519, prekey.publicKey(), recipient, secret, random);
    ObjectNode base = JSON.createObjectNode().put("kind", "piece").put("group", GROUP);
    base.put("epoch", place.epoch()).put("commitHash", hex(place.commitHash()));
    base.put("user", name).put("device", device).put("prekeyKind", kind).put("prekeyId", 7);
    base.put("prekeyPrivate", hex(prekey.exportPrivateKey())).put("secret", hex(secret));
    base.put("piece", hex(piece));
    valid(file, base);
    if (!isFirst("piece " + kind)) {
      return;
    }
    refused(file, base, "another user's").put("user", "mallory");
    refused(file, base, "another device's").put("device", "00".repeat(16));
    refused(file, base, "of another group").put("group", "00".repeat(16));
    refused(file, base, "of another epoch").put("epoch", place.epoch() + 1);
    refused(file, base, "of another commit")
        .put("commitHash", hex(flipped(place.commitHash(), 0)));
    refused(file, base, "for another prekey").put("prekeyId", 8);
    refused(file, base, "for a prekey of another kind")
        .put("prekeyKind", isMember ? "one-time" : "signed");
    refused(file, base, "a flipped bit in enc").put("piece", hex(flipped(piece, 5)));
    refused(file, base, "a flipped bit").put("piece", hex(flipped(piece, piece.length - 1)));
    refused(file, base, "cut short").put("piece", hex(Arrays.copyOf(piece, 40)));
    refused(file, base, "shorter than enc").put("piece", hex(Arrays.copyOf(piece, 20)));
    refused(file, base, "empty").put("piece", "");
    refused(file, base, "an unknown suite").put("piece", hex(flipped(piece, 0)));
    refused(file, base, "another secret").put("secret", hex(flipped(secret, 0)));
  }

  // What is sealed under an epoch's keys

  private void post(String by, long counter, String text) {
    String device = GroupScript.device(by).value();
    byte[] chainKey = chains.computeIfAbsent(by, user -> epoch.chainKey(user, device));
    byte[] rosterHash = script.membership.rosterHash().toArray();
    byte[] padded = Padding.pad(text.getBytes(StandardCharsets.UTF_8));
    // The header needs no digest, and the digest needs the header.
    var draft = script.next(by, script.post(counter));
    byte[] header =
        GroupStatements.signedBytes(Signer.of(GroupScript.GROUP, draft), draft.content())
            .toArray();
    byte[] ciphertext =
        GroupMessages.sealPost(Suite.X25519, chainKey, header, rosterHash, padded, random);
    Bytes digest = Bytes.of(Hash.sha256(ciphertext));
    entries.append(by, draft.messageId(), script.post(counter, digest));
    byte[] nextKey = GroupMessages.nextChainKey(chainKey);
    chains.put(by, nextKey);
    ObjectNode base = JSON.createObjectNode().put("kind", "post").put("header", hex(header));
    base.put("rosterHash", hex(rosterHash)).put("chainKey", hex(chainKey));
    base.put("nextChainKey", hex(nextKey)).put("ciphertext", hex(ciphertext));
    base.put("plaintext", hex(padded));
    valid(file, base);
    if (!isFirst("post")) {
      return;
    }
    refused(file, base, "under another roster hash")
        .put("rosterHash", hex(flipped(rosterHash, 0)));
    refused(file, base, "under another header")
        .put("header", hex(flipped(header, header.length - 1)));
    refused(file, base, "the next counter's key").put("chainKey", hex(nextKey));
    refused(file, base, "another key after it").put("nextChainKey", hex(chainKey));
    refused(file, base, "a flipped bit in the nonce")
        .put("ciphertext", hex(flipped(ciphertext, 1)));
    refused(file, base, "a flipped bit")
        .put("ciphertext", hex(flipped(ciphertext, ciphertext.length - 1)));
    refused(file, base, "an unknown suite").put("ciphertext", hex(flipped(ciphertext, 0)));
    refused(file, base, "cut short").put("ciphertext", hex(Arrays.copyOf(ciphertext, 20)));
    refused(file, base, "empty").put("ciphertext", "");
  }

  private void confirm(String by, String inviter) {
    String device = GroupScript.device(by).value();
    long number = script.membership.epoch();
    var confirmation = new Confirmation(GROUP, number, by, device, inviter);
    byte[] sealed = GroupMessages.sealConfirmation(epoch.confirmKey(), confirmation, random);
    entries.append(by, script.confirm(inviter, Bytes.of(sealed)));
    ObjectNode base = JSON.createObjectNode().put("kind", "confirm").put("group", GROUP);
    base.put("epoch", number).put("user", by).put("device", device).put("inviter", inviter);
    base.put("confirmKey", hex(epoch.confirmKey())).put("sealed", hex(sealed));
    valid(file, base);
    if (!isFirst("confirm")) {
      return;
    }
    refused(file, base, "another inviter").put("inviter", "mallory");
    refused(file, base, "another user").put("user", "mallory");
    refused(file, base, "another device").put("device", "00".repeat(16));
    refused(file, base, "another group").put("group", "00".repeat(16));
    refused(file, base, "another epoch").put("epoch", number + 1);
    refused(file, base, "another key").put("confirmKey", hex(epoch.infoKey()));
    refused(file, base, "a flipped bit").put("sealed", hex(flipped(sealed, 20)));
    refused(file, base, "cut short").put("sealed", hex(Arrays.copyOf(sealed, 20)));
  }

  private void info(long number) {
    byte[] content =
        "{\"version\":1,\"name\":\"Lesekreis Köln\"}".getBytes(StandardCharsets.UTF_8);
    byte[] info =
        GroupMessages.sealInfo(epoch.infoKey(), GROUP, number, content, random);
    ObjectNode base = JSON.createObjectNode().put("kind", "info").put("group", GROUP);
    base.put("epoch", number).put("infoKey", hex(epoch.infoKey()));
    base.put("content", hex(content)).put("info", hex(info));
    valid(file, base);
    if (!isFirst("info")) {
      return;
    }
    refused(file, base, "another group").put("group", "00".repeat(16));
    refused(file, base, "another epoch").put("epoch", number + 1);
    refused(file, base, "another key").put("infoKey", hex(epoch.confirmKey()));
    refused(file, base, "a flipped bit").put("info", hex(flipped(info, 20)));
    refused(file, base, "cut short").put("info", hex(Arrays.copyOf(info, 20)));
  }
}

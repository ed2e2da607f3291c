package chat.sotto.crypto;

import static chat.sotto.crypto.VectorFiles.JSON;
import static chat.sotto.crypto.VectorFiles.hex;
import static chat.sotto.crypto.VectorFiles.refused;
import static chat.sotto.crypto.VectorFiles.valid;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.GroupStatements.Signer;
import chat.sotto.model.RosterRow;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Vectors of the entries of a group's log: signed bytes, digests, chain, roster hash. */
final class GroupEntryVectors {
  private static final String GROUP = GroupScript.GROUP.value();

  private final ObjectNode file;
  private final GroupScript script;

  GroupEntryVectors(ObjectNode file, GroupScript script) {
    this.file = file;
    this.script = script;
  }

  /** The log goes on with this entry, which is a case. */
  GroupEntry append(String by, GroupContent content) {
    return append(by, script.draw(16), content);
  }

  GroupEntry append(String by, Bytes messageId, GroupContent content) {
    Bytes previous = script.head.hash();
    GroupEntry entry = script.append(by, messageId, content);
    putEntry(valid(file), by, previous, entry);
    return entry;
  }

  private static ObjectNode putEntry(ObjectNode node, String by, Bytes previous, GroupEntry entry) {
    Signer signer = Signer.of(GroupScript.GROUP, entry);
    node.put("kind", "entry").put("group", GROUP).put("previous", hex(previous.toArray()));
    node.put("deviceKey", hex(VectorFiles.deviceKey(by).publicKey()));
    node.set("entry", GroupScript.json(entry));
    Bytes signed = GroupStatements.signedBytes(signer, entry.content());
    node.put("signed", hex(signed.toArray()));
    Bytes digest = GroupStatements.contentDigest(GroupScript.GROUP, entry);
    return node.put("contentDigest", hex(digest.toArray()));
  }

  void refusedEntries() {
    Bytes previous = script.entries.get(0).hash();
    GroupEntry commit = script.entries.get(1);
    refusedEntry("another seed", previous, commit).put("seed", script.draw(32).toString());
    refusedEntry("another time", previous, commit).put("time", commit.time() + 1);
    refusedEntry("another message id", previous, commit)
        .put("messageId", script.draw(16).toString());
    refusedEntry("another signer", previous, commit).put("fromUser", "bob");
    refusedContent("another info digest", previous, commit)
        .put("infoDigest", script.draw(32).toString());
    refusedContent("another check", previous, commit).put("check", script.draw(32).toString());
    refusedContent("another joinCheck", previous, commit)
        .put("joinCheck", script.draw(32).toString());
    refusedContent("another kind", previous, commit).put("kind", "reset");
    ArrayNode ops =
        (ArrayNode) refusedContent("the ops in another order", previous, commit).get("ops");
    ops.add(ops.remove(0));
    ((ArrayNode) refusedContent("an op left out", previous, commit).get("ops")).remove(0);
    refusedContent("another signature", previous, commit)
        .put("signature", script.draw(64).toString());
    GroupEntry post = script.entries.get(3);
    Bytes beforePost = script.entries.get(2).hash();
    refusedContent("a post with another counter", beforePost, post).put("counter", 2);
    refusedContent("a post with another digest", beforePost, post)
        .put("digest", script.draw(32).toString());
    ((ObjectNode) refusedContent("a post on another head", beforePost, post).get("head"))
        .put("sequenceNr", 2);
    refusedEntry("another entry before it", script.draw(32), post);
    ObjectNode group = refused(file, "another group");
    putEntry(group, "alice", beforePost, post).put("group", "00".repeat(16));
    ObjectNode key = refused(file, "another device's key");
    putEntry(key, "alice", beforePost, post)
        .put("deviceKey", hex(VectorFiles.deviceKey("bob").publicKey()));
  }

  private ObjectNode refusedEntry(String why, Bytes previous, GroupEntry entry) {
    ObjectNode node = putEntry(refused(file, why), "alice", previous, entry);
    return (ObjectNode) node.get("entry");
  }

  private ObjectNode refusedContent(String why, Bytes previous, GroupEntry entry) {
    return (ObjectNode) refusedEntry(why, previous, entry).get("content");
  }

  void membership() {
    ObjectNode node = valid(file).put("kind", "membership").put("group", GROUP);
    ArrayNode entries = node.putArray("entries");
    script.entries.forEach(entry -> entries.add(GroupScript.json(entry)));
    GroupScript.putState(node, script.membership);
  }

  void roster(List<RosterRow> rows, boolean withRefused) {
    ObjectNode good = valid(file).put("kind", "roster").put("group", GROUP);
    GroupScript.putRows(good, rows);
    good.put("hash", hex(GroupStatements.rosterHash(GroupScript.GROUP, rows).toArray()));
    if (!withRefused) {
      return;
    }
    refusedRow(good, "another role").put("role", "invited");
    DeviceList other = GroupScript.list("mallory");
    refusedRow(good, "another device list").set("deviceList", JSON.valueToTree(other));
    refused(file, good, "another group").put("group", "00".repeat(16));
  }

  private ObjectNode refusedRow(ObjectNode good, String why) {
    return (ObjectNode) refused(file, good.deepCopy(), why).get("rows").get(0);
  }
}

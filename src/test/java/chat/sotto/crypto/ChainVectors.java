package chat.sotto.crypto;

import static chat.sotto.crypto.VectorFiles.ALICE_DEVICE;
import static chat.sotto.crypto.VectorFiles.BOB_DEVICE;
import static chat.sotto.crypto.VectorFiles.JSON;
import static chat.sotto.crypto.VectorFiles.file;
import static chat.sotto.crypto.VectorFiles.hex;
import static chat.sotto.crypto.VectorFiles.refused;
import static chat.sotto.crypto.VectorFiles.valid;

import chat.sotto.model.LogPoint;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.TreeMap;

/** Vectors of the chain of an inbox. */
final class ChainVectors {
  private ChainVectors() {}

  static ObjectNode entryChain() {
    ObjectNode file =
        file(
            "The chain of an inbox (docs/protocol.md §6). 'refused' are chains whose last hash is"
                + " not"
                + " what the entries give.");
    byte[] start = EntryChain.start(LogPoint.INBOX, "bob", 1);
    ObjectNode base = JSON.createObjectNode();
    base.put("owner", "bob").put("generation", 1).put("start", hex(start));
    ArrayNode entries = JSON.createArrayNode();
    byte[] hash = start;
    for (int i = 1; i <= 3; i++) {
      byte[] digest = Hash.sha256(new byte[] {(byte) i});
      byte[] messageId = Arrays.copyOf(Hash.sha256(new byte[] {9, (byte) i}), 16);
      var digests = new TreeMap<String, byte[]>();
      digests.put(BOB_DEVICE, digest);
      if (i == 3) {
        digests.put(ALICE_DEVICE, Hash.sha256(new byte[0]));
      }
      byte[] bodyDigest = EntryChain.bodyDigest(digests);
      long time = 1_750_000_000_000L + i;
      hash =
          EntryChain.next(
              hash, i, time, "message", "alice", ALICE_DEVICE, "bob", messageId, bodyDigest);
      ObjectNode entry = entries.addObject();
      entry.put("sequenceNr", i).put("time", time).put("entryKind", "message");
      entry.put("fromUser", "alice").put("fromDevice", ALICE_DEVICE);
      entry.put("messageId", hex(messageId));
      ArrayNode bodies = entry.putArray("bodies");
      digests.forEach(
          (device, value) -> bodies.addObject().put("device", device).put("digest", hex(value)));
      entry.put("bodyDigest", hex(bodyDigest)).put("hash", hex(hash));
    }
    valid(file, base).set("entries", entries);
    changedChain(file, base, entries, "another time").put("time", 1L);
    changedChain(file, base, entries, "another sender").put("fromUser", "mallory");
    changedChain(file, base, entries, "another number").put("sequenceNr", 4);
    ArrayNode swapped = entries.deepCopy();
    var first = swapped.get(0);
    swapped.set(0, swapped.get(1));
    swapped.set(1, first);
    refused(file, base, "two entries swapped").set("entries", swapped);
    ArrayNode shorter = entries.deepCopy();
    shorter.remove(1);
    refused(file, base, "an entry left out").set("entries", shorter);
    refused(file, base, "another owner").put("owner", "carol").set("entries", entries);
    refused(file, base, "another generation")
        .put("generation", 2)
        .set("entries", entries);
    return file;
  }

  private static ObjectNode changedChain(
      ObjectNode file, ObjectNode base, ArrayNode entries, String why) {
    ArrayNode changed = entries.deepCopy();
    refused(file, base, why).set("entries", changed);
    return (ObjectNode) changed.get(2);
  }
}

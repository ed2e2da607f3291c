package chat.sotto.crypto;

import chat.sotto.model.Acknowledgement;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.model.Witness;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Consumer;

/** Vectors of what a device says of its server (docs/audit.md §6). */
final class WitnessVectors {
  private static final UserName ALICE = new UserName("alice");
  private static final DeviceId DEVICE = new DeviceId(VectorFiles.ALICE_DEVICE);
  private static final String GROUP = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
  private static final long EXPORTED_AT = 1_750_000_100_000L;

  private WitnessVectors() {}

  static ObjectNode witness() {
    ObjectNode file =
        VectorFiles.file(
            "What a device says of its server (docs/audit.md §6). 'witness' is the JSON of the"
                + " file, 'deviceSeed' the private key that signed it, 'contentHash' is"
                + " H(\"witness\", …). 'refused' are not the word of that user's device.");
    LogPoint inbox = point(LogPoint.INBOX, "alice", 1, 7);
    LogPoint group = point(LogPoint.GROUP, GROUP, 2, 41);
    Acknowledgement both = acknowledgement("alice", group, point(LogPoint.INBOX, "alice", 1, 6));
    Acknowledgement newest = acknowledgement("alice", inbox);
    DeviceList list = VectorFiles.deviceList("alice", VectorFiles.ALICE_DEVICE);
    put(VectorFiles.valid(file), witness(list, List.of(inbox), List.of()));
    Witness whole = witness(list, List.of(group, inbox), List.of(both, newest));
    put(VectorFiles.valid(file), whole);
    refusedWhenChanged(file, whole);
    put(
        VectorFiles.refused(file, "an acknowledgement that another device signed"),
        witness(list, List.of(inbox), List.of(acknowledgement("bob", inbox))));
    put(
        VectorFiles.refused(file, "the list of another person"),
        witness(
            VectorFiles.deviceList("bob", VectorFiles.ALICE_DEVICE), List.of(group), List.of()))
        .put("user", "alice");
    put(
        VectorFiles.refused(file, "a device that is not in the list"),
        witness(
            VectorFiles.deviceList("alice", VectorFiles.BOB_DEVICE), List.of(inbox), List.of()));
    return file;
  }

  private static void refusedWhenChanged(ObjectNode file, Witness whole) {
    String zeros = Bytes.of(new byte[32]).toString();
    change(file, whole, "another server", json -> json.put("serverHost", "evil.example"));
    change(file, whole, "another key of the server", json -> json.put("serverKey", zeros));
    change(file, whole, "another time", json -> json.put("exportedAt", EXPORTED_AT + 1));
    change(
        file,
        whole,
        "another head",
        json -> ((ObjectNode) json.get("logs").get(0)).put("hash", zeros));
    change(
        file,
        whole,
        "a shorter log",
        json -> ((ObjectNode) json.get("logs").get(1)).put("sequenceNr", 6));
    change(
        file, whole, "a log left out", json -> ((ArrayNode) json.get("logs")).remove(0));
    change(
        file,
        whole,
        "an acknowledgement left out",
        json -> ((ArrayNode) json.get("acknowledgements")).remove(1));
    change(
        file,
        whole,
        "a point left out of an acknowledgement",
        json -> ((ArrayNode) json.get("acknowledgements").get(0).get("items")).remove(1));
    byte[] signature = whole.signature().toArray();
    change(
        file,
        whole,
        "a flipped bit in the signature",
        json -> json.put("signature", Bytes.of(VectorFiles.flipped(signature, 3)).toString()));
    change(
        file,
        whole,
        "another key than the list's",
        json ->
            json.put(
                "deviceKey", Bytes.of(VectorFiles.deviceKey("bob").publicKey()).toString()));
  }

  private static void change(
      ObjectNode file, Witness whole, String why, Consumer<ObjectNode> change) {
    change.accept(put(VectorFiles.refused(file, why), whole));
  }

  private static Witness witness(
      DeviceList list, List<LogPoint> logs, List<Acknowledgement> acknowledgements) {
    return Witness.sign(
        VectorFiles.deviceKey("alice"),
        Bytes.of(Ed25519.generate(new DeterministicRandom("server")).publicKey()),
        DEVICE,
        list,
        EXPORTED_AT,
        logs,
        acknowledgements);
  }

  private static Acknowledgement acknowledgement(String signer, LogPoint... points) {
    List<LogPoint> items = List.of(points);
    Ed25519.SigningKey key = VectorFiles.deviceKey(signer);
    return new Acknowledgement(
        items, Statements.signAck(key, VectorFiles.HOST, ALICE, DEVICE, items));
  }

  private static LogPoint point(String kind, String owner, long generation, long sequenceNr) {
    byte[] hash = Hash.sha256(new byte[] {(byte) sequenceNr});
    return new LogPoint(kind, owner, generation, sequenceNr, Bytes.of(hash));
  }

  /** @return the witness in it */
  private static ObjectNode put(ObjectNode node, Witness witness) {
    node.put("deviceSeed", VectorFiles.hex(VectorFiles.deviceKey("alice").exportSeed()));
    node.put("contentHash", VectorFiles.hex(witness.contentHash().toArray()));
    node.set("witness", VectorFiles.JSON.valueToTree(witness));
    return (ObjectNode) node.get("witness");
  }
}

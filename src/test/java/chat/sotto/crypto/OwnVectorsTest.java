package chat.sotto.crypto;

import static chat.sotto.crypto.VectorCases.bytes;
import static chat.sotto.crypto.VectorCases.hex;
import static chat.sotto.crypto.VectorCases.stream;
import static chat.sotto.crypto.VectorCases.verdicts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Shared vectors of what the devices of one user share. The browser reads the same files. */
class OwnVectorsTest {
  @TestFactory
  Stream<DynamicTest> recovery() throws IOException {
    return verdicts(
        "recovery",
        node -> {
          RecoveryCode code = RecoveryCode.of(hex(node, "code"));
          for (JsonNode typed : node.get("typed")) {
            code = RecoveryCode.read(typed.asText());
          }
          byte[] content =
              code.openVault(
                  node.get("serverHost").asText(), node.get("user").asText(), hex(node, "vault"));
          return code.text().equals(node.get("text").asText())
              && Arrays.equals(hex(node, "code"), code.toBytes())
              && Arrays.equals(hex(node, "secret"), code.secret())
              && Arrays.equals(hex(node, "content"), content);
        });
  }

  @TestFactory
  Stream<DynamicTest> sync() throws IOException {
    return verdicts(
        "sync",
        node -> {
          byte[] content =
              OwnKey.openSync(
                  ownKeys(node),
                  node.get("serverHost").asText(),
                  node.get("user").asText(),
                  node.get("counter").asLong(),
                  hex(node, "blob"));
          return Arrays.equals(hex(node, "content"), content);
        });
  }

  @TestFactory
  Stream<DynamicTest> archive() throws IOException {
    return verdicts("archive", OwnVectorsTest::archiveHolds);
  }

  private static boolean archiveHolds(JsonNode node) {
    List<OwnKey> keys = ownKeys(node);
    ArchivePlace floor = place(node.get("floor"));
    var reading = ArchiveReading.from(node.get("last").asLong(), keys.size(), floor);
    List<String> contents = new ArrayList<>();
    for (JsonNode batch : node.get("batches")) {
      ArchiveReading.Opened opened =
          reading.open(
              keys,
              closed(node),
              node.get("serverHost").asText(),
              node.get("user").asText(),
              batch.get("nr").asLong(),
              hex(batch, "blob"));
      opened.content().map(Hex::text).ifPresent(contents::add);
      reading = opened.next();
    }
    return reading.ends()
        && contents.equals(stream(node.get("contents")).map(JsonNode::asText).toList())
        && place(node.get("head")).equals(headOf(node, floor));
  }

  private static ArchivePlace headOf(JsonNode node, ArchivePlace floor) {
    List<byte[]> rising = new ArrayList<>();
    node.get("batches").forEach(batch -> rising.add(0, hex(batch, "blob")));
    ArchivePlace head = floor;
    for (byte[] blob : rising) {
      head = head.next(blob);
    }
    return head;
  }

  private static ArchivePlace place(JsonNode node) {
    return ArchivePlace.of(node.get("nr").asLong(), hex(node, "hash"), node.get("keyId").asLong());
  }

  private static List<ArchiveClosing> closed(JsonNode node) {
    List<ArchiveClosing> closed = new ArrayList<>();
    for (JsonNode one : node.path("closed")) {
      closed.add(
          new ArchiveClosing(
              one.get("keyId").asLong(), one.get("nr").asLong(), hex(one, "hash")));
    }
    return closed;
  }

  private static List<OwnKey> ownKeys(JsonNode node) {
    List<OwnKey> keys = new ArrayList<>();
    node.get("ownKeys").forEach(key -> keys.add(OwnKey.of(keys.size() + 1, bytes(key))));
    return keys;
  }

  @Test
  void nothingLongerThanTheServerTakesIsSealed() {
    OwnKey key = OwnKey.generate(1, new SecureRandom());
    ArchivePlace start = ArchivePlace.before(1);
    byte[] batch = new byte[ArchivePlace.BLOB_BYTES_MAX - 4096];
    byte[] sync = new byte[OwnKey.SYNC_BYTES_MAX - 4096 - 1];
    start.seal(key, "host", "alice", Arrays.copyOf(batch, batch.length - 1), new SecureRandom());
    key.sealSync("host", "alice", 1, sync, new SecureRandom());
    assertThrows(
        IllegalArgumentException.class,
        () -> start.seal(key, "host", "alice", batch, new SecureRandom()));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            key.sealSync(
                "host", "alice", 1, Arrays.copyOf(sync, sync.length + 1), new SecureRandom()));
  }

  @Test
  void olderOwnKeyDoesNotSealAfterANewerOne() {
    OwnKey older = OwnKey.generate(1, new SecureRandom());
    OwnKey newer = OwnKey.generate(2, new SecureRandom());
    byte[] content = {'{', '}'};
    ArchivePlace start = ArchivePlace.before(1);
    ArchivePlace place =
        start.next(start.seal(newer, "host", "alice", content, new SecureRandom()));
    assertThrows(
        IllegalArgumentException.class,
        () -> place.seal(older, "host", "alice", content, new SecureRandom()));
  }

  @Test
  void secretsHaveNoText() {
    RecoveryCode code = RecoveryCode.generate(new SecureRandom());
    OwnKey key = OwnKey.generate(3, new SecureRandom());
    assertFalse(code.toString().contains(code.text().substring(0, 4)));
    assertEquals("OwnKey[3, ***]", key.toString());
  }
}

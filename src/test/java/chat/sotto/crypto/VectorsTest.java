package chat.sotto.crypto;

import static chat.sotto.crypto.VectorCases.as;
import static chat.sotto.crypto.VectorCases.cases;
import static chat.sotto.crypto.VectorCases.hex;
import static chat.sotto.crypto.VectorCases.items;
import static chat.sotto.crypto.VectorCases.refusedWith;
import static chat.sotto.crypto.VectorCases.stream;
import static chat.sotto.crypto.VectorCases.verdicts;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.model.Witness;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Shared vectors of what is below sessions. The browser reads the same files. */
class VectorsTest {
  @Test
  void constructionsAreStillTheReleasedOnes(@TempDir Path folder) throws IOException {
    VectorFiles.writeAll(folder);
    try (Stream<Path> made = Files.list(folder)) {
      for (Path file : made.toList()) {
        Path released = VectorFiles.FOLDER.resolve(file.getFileName());
        assertEquals(Files.readString(released), Files.readString(file), released.toString());
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> encoding() throws IOException {
    Stream<DynamicTest> valid =
        cases("encoding", "valid")
            .map(
                node ->
                    dynamicTest(
                        "valid " + node.get("encoded").asText(),
                        () -> {
                          Object[] items = items(node.get("items")).toArray();
                          assertArrayEquals(hex(node, "encoded"), Enc.encode(items));
                          assertEquals(items.length, Enc.decode(hex(node, "encoded")).size());
                          String label = Labels.PREFIX + node.get("label").asText();
                          assertArrayEquals(hex(node, "hash"), Hash.of(label, items));
                        }));
    Stream<DynamicTest> refused =
        refusedWith(
            "encoding",
            node -> assertThrows(RefusedException.class, () -> Enc.decode(hex(node, "encoded"))));
    return Stream.concat(valid, refused);
  }

  @TestFactory
  Stream<DynamicTest> statements() throws IOException {
    return verdicts("statements", this::statementHolds);
  }

  private boolean statementHolds(JsonNode node) {
    return switch (node.get("kind").asText()) {
      case "device-list" -> {
        DeviceList list = as(node.get("deviceList"), DeviceList.class);
        yield Statements.verifyDeviceList(list)
            && Statements.listHash(list).equals(Bytes.of(hex(node, "listHash")));
      }
      case "prekey" ->
          Statements.verifyPrekey(
              Bytes.of(hex(node, "deviceKey")),
              new UserName(node.get("user").asText()),
              new DeviceId(node.get("device").asText()),
              as(node.get("prekey"), Prekey.class));
      case "ack" ->
          Statements.verifyAck(
              Bytes.of(hex(node, "deviceKey")),
              node.get("serverHost").asText(),
              new UserName(node.get("user").asText()),
              new DeviceId(node.get("device").asText()),
              stream(node.get("items")).map(item -> as(item, LogPoint.class)).toList(),
              Bytes.of(hex(node, "signature")));
      case "account-change" ->
          Statements.verifyAccountChange(
              Bytes.of(hex(node, "deviceKey")),
              node.get("serverHost").asText(),
              new UserName(node.get("user").asText()),
              Bytes.of(hex(node, "from")),
              Bytes.of(hex(node, "to")),
              Bytes.of(hex(node, "signature")));
      default -> throw new IllegalArgumentException(node.get("kind").asText());
    };
  }

  @TestFactory
  Stream<DynamicTest> witness() throws IOException {
    return verdicts("witness", this::witnessHolds);
  }

  private boolean witnessHolds(JsonNode node) {
    Witness witness = as(node.get("witness"), Witness.class);
    return witness.refusal().isEmpty()
        && witness.contentHash().equals(Bytes.of(hex(node, "contentHash")));
  }

  @TestFactory
  Stream<DynamicTest> entryChain() throws IOException {
    return verdicts("entry-chain", this::chainHolds);
  }

  private boolean chainHolds(JsonNode node) {
    String owner = node.get("owner").asText();
    byte[] hash = EntryChain.start(LogPoint.INBOX, owner, node.get("generation").asLong());
    boolean holds = Arrays.equals(hex(node, "start"), hash);
    long expected = 1;
    for (JsonNode entry : node.get("entries")) {
      var digests = new TreeMap<String, byte[]>();
      entry
          .get("bodies")
          .forEach(body -> digests.put(body.get("device").asText(), hex(body, "digest")));
      hash =
          EntryChain.next(
              hash,
              entry.get("sequenceNr").asLong(),
              entry.get("time").asLong(),
              entry.get("entryKind").asText(),
              entry.get("fromUser").asText(),
              entry.get("fromDevice").asText(),
              owner,
              hex(entry, "messageId"),
              EntryChain.bodyDigest(digests));
      holds &= entry.get("sequenceNr").asLong() == expected++;
      holds &= Arrays.equals(hex(entry, "hash"), hash);
    }
    return holds;
  }

  @TestFactory
  Stream<DynamicTest> password() throws IOException {
    return verdicts(
        "password",
        node -> {
          PasswordSecrets secrets =
              PasswordSecrets.derive(
                  node.get("password").asText(),
                  node.get("serverHost").asText(),
                  node.get("user").asText(),
                  node.get("iterations").asInt());
          return Arrays.equals(hex(node, "authSecret"), secrets.authSecret())
              && Arrays.equals(hex(node, "vaultKey"), secrets.vaultKey());
        });
  }

  @TestFactory
  Stream<DynamicTest> safetyNumber() throws IOException {
    return verdicts(
        "safety-number",
        node -> {
          String host = node.get("serverHost").asText();
          String a = node.get("userA").asText();
          String b = node.get("userB").asText();
          byte[] keyA = hex(node, "accountKeyA");
          byte[] keyB = hex(node, "accountKeyB");
          SafetyNumber mine = SafetyNumber.of(host, a, keyA, b, keyB);
          assertEquals(mine, SafetyNumber.of(host, b, keyB, a, keyA));
          return mine.digits().equals(node.get("digits").asText())
              && mine.qrText().equals(node.get("qrText").asText());
        });
  }

  @TestFactory
  Stream<DynamicTest> files() throws IOException {
    return verdicts("file", FileVectors::holds);
  }

  @TestFactory
  Stream<DynamicTest> typing() throws IOException {
    return verdicts("typing", TypingVectors::holds);
  }

  @TestFactory
  Stream<DynamicTest> padding() throws IOException {
    Stream<DynamicTest> valid =
        cases("padding", "valid")
            .map(
                node ->
                    dynamicTest(
                        node.get("contentLength").asText(),
                        () -> {
                          byte[] content = new byte[node.get("contentLength").asInt()];
                          Arrays.fill(content, (byte) 0x61);
                          byte[] padded = Padding.pad(content);
                          assertEquals(node.get("paddedLength").asInt(), padded.length);
                          assertArrayEquals(hex(node, "sha256"), Hash.sha256(padded));
                          assertArrayEquals(content, Padding.unpad(padded));
                        }));
    Stream<DynamicTest> refused =
        refusedWith(
            "padding",
            node -> assertThrows(RefusedException.class, () -> Padding.unpad(hex(node, "padded"))));
    return Stream.concat(valid, refused);
  }

  @TestFactory
  Stream<DynamicTest> signatures() throws IOException {
    return verdicts(
        "signatures",
        node -> {
          if (node.has("seed")) {
            Ed25519.SigningKey key = Ed25519.fromSeed(hex(node, "seed"));
            assertArrayEquals(hex(node, "publicKey"), key.publicKey());
            byte[] made = Ed25519.signRaw(key, hex(node, "message"));
            assertArrayEquals(hex(node, "signature"), made);
          }
          return Ed25519.verifyRaw(
              hex(node, "publicKey"), hex(node, "signature"), hex(node, "message"));
        });
  }

  @TestFactory
  Stream<DynamicTest> agreement() throws IOException {
    return verdicts(
        "agreement",
        node -> {
          X25519.KeyPair own = X25519.fromPrivateKey(hex(node, "private"));
          assertArrayEquals(hex(node, "public"), own.publicKey());
          byte[] secret = X25519.agree(own, hex(node, "peer"));
          return Arrays.equals(hex(node, "secret"), secret);
        });
  }

  @TestFactory
  Stream<DynamicTest> vault() throws IOException {
    return verdicts(
        "vault",
        node -> {
          String user = node.get("user").asText();
          byte[] aad = Enc.encode(Labels.VAULT, node.get("serverHost").asText(), user);
          byte[] vault = hex(node, "vault");
          byte[] opened = Aead.open(hex(node, "vaultKey"), aad, vault);
          byte[] k = Argon2id.hash(hex(node, "authSecret"), hex(node, "salt"));
          assertArrayEquals(hex(node, "k"), k);
          assertArrayEquals(hex(node, "verifier"), KeyVectors.derive(k, Labels.VERIFY));
          byte[] wrapKey = KeyVectors.derive(k, Labels.VAULT_WRAP);
          byte[] wrapAad = Enc.encode(Labels.VAULT_WRAP, user);
          assertArrayEquals(vault, Aead.open(wrapKey, wrapAad, hex(node, "wrapped")));
          return Arrays.equals(hex(node, "content"), opened);
        });
  }
}

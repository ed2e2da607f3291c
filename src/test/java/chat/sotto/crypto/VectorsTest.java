package chat.sotto.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import chat.sotto.crypto.DoubleRatchet.Result;
import chat.sotto.crypto.SessionOpening.Opening;
import chat.sotto.crypto.SessionOpening.Parties;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.Handshake;
import chat.sotto.protocol.Hello;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every shared vector: the valid ones hold, the refused ones do not. The browser reads the same files. */
class VectorsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

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
      default -> throw new IllegalArgumentException(node.get("kind").asText());
    };
  }

  @TestFactory
  Stream<DynamicTest> hpke() throws IOException {
    return verdicts("hpke", this::hpkeOpens);
  }

  private boolean hpkeOpens(JsonNode node) {
    Suite suite = Suite.of(node.get("suite").asInt());
    X25519.KeyPair recipient = X25519.fromPrivateKey(hex(node, "recipientPrivate"));
    Hpke.ReceiverContext context =
        node.get("mode").asText().equals("psk")
            ? Hpke.setupPskR(
                suite,
                hex(node, "enc"),
                recipient,
                hex(node, "info"),
                hex(node, "psk"),
                hex(node, "pskId"))
            : Hpke.setupBaseR(suite, hex(node, "enc"), recipient, hex(node, "info"));
    for (int i = 0; i < node.get("ciphertexts").size(); i++) {
      byte[] opened = context.open(bytes(node.get("ciphertexts").get(i)));
      assertArrayEquals(bytes(node.get("plaintexts").get(i)), opened);
    }
    for (JsonNode export : node.path("exports")) {
      String label = export.get("context").asText();
      assertArrayEquals(hex(export, "value"), context.export(label, export.get("length").asInt()));
    }
    return true;
  }

  @TestFactory
  Stream<DynamicTest> envelope() throws IOException {
    return verdicts("envelope", this::envelopesOpen);
  }

  private boolean envelopesOpen(JsonNode node) {
    byte[] helloHash = Handshake.helloHash(hex(node, "hello"));
    byte[] serverKey = hex(node, "serverSignKey");
    Hello.SealKey sealKey = as(node.get("sealKey"), Hello.SealKey.class);
    assertTrue(Handshake.verifySealKey(serverKey, node.get("serverHost").asText(), sealKey));
    byte[] first = hex(node, "clientFirst");
    byte[] enc = Arrays.copyOfRange(first, 1, 33);
    Hpke.ReceiverContext c2s =
        Hpke.setupBaseR(
            Suite.of(first[0]),
            enc,
            X25519.fromPrivateKey(hex(node, "sealPrivate")),
            Handshake.clientInfo(Suite.X25519, helloHash, serverKey));
    byte[] opened = c2s.open(Arrays.copyOfRange(first, 33, first.length));
    X25519.KeyPair connection = X25519.fromPrivateKey(hex(node, "connectionPrivate"));
    var signed =
        new Handshake.First(
            Suite.X25519,
            helloHash,
            serverKey,
            sealKey.key().toArray(),
            enc,
            connection.publicKey(),
            hex(node, "frame"));
    assertTrue(signed.verify(hex(node, "deviceKey"), Arrays.copyOf(opened, 64)));
    assertArrayEquals(hex(node, "frame"), Arrays.copyOfRange(opened, 64, opened.length));
    byte[] psk = c2s.export(Labels.PSK, Handshake.PSK_BYTES);
    assertArrayEquals(hex(node, "psk"), psk);
    byte[] transcript = Handshake.transcript(helloHash, first);
    assertArrayEquals(hex(node, "transcript"), transcript);
    byte[] reply = hex(node, "serverFirst");
    byte[] replyEnc = Arrays.copyOf(reply, 32);
    byte[] plain =
        Hpke.setupPskR(
                Suite.X25519,
                replyEnc,
                connection,
                Handshake.serverInfo(Suite.X25519, transcript),
                psk,
                Handshake.PSK_ID)
            .open(Arrays.copyOfRange(reply, 32, reply.length));
    byte[] frame = Arrays.copyOfRange(plain, 64, plain.length);
    return Arrays.equals(hex(node, "reply"), frame)
        && Handshake.verifyServerFirst(
            serverKey, Arrays.copyOf(plain, 64), transcript, replyEnc, frame);
  }

  @TestFactory
  Stream<DynamicTest> opening() throws IOException {
    return verdicts("opening", this::openingAccepted);
  }

  private boolean openingAccepted(JsonNode node) {
    Opening opening = Opening.fromBytes(hex(node, "opening"));
    var parties =
        new Parties(
            Suite.of(node.get("suite").asInt()),
            node.get("serverHost").asText(),
            node.get("fromUser").asText(),
            node.get("fromDevice").asText(),
            hex(node, "fromAccountKey"),
            hex(node, "fromListHash"),
            node.get("toUser").asText(),
            node.get("toDevice").asText(),
            hex(node, "toAccountKey"),
            hex(node, "toListHash"));
    DoubleRatchet session =
        SessionOpening.accept(
            parties,
            opening,
            hex(node, "senderSignKey"),
            X25519.fromPrivateKey(hex(node, "prekeyPrivate")),
            new DeterministicRandom("accept"));
    if (node.has("first")) {
      opened(session, opening.sessionId(), node.get("first"));
    }
    return true;
  }

  @TestFactory
  Stream<DynamicTest> ratchet() throws IOException {
    Stream<DynamicTest> valid =
        cases("ratchet", "valid")
            .map(
                node ->
                    dynamicTest(
                        "valid",
                        () -> {
                          openAll(bob(node), hex(node, "sessionId"), node.get("toBob"));
                          openAll(alice(node), hex(node, "sessionId"), node.get("toAlice"));
                        }));
    return Stream.concat(valid, refusedWith("ratchet", this::ratchetRefuses));
  }

  private void ratchetRefuses(JsonNode node) {
    DoubleRatchet bob = bob(node);
    List<JsonNode> messages = stream(node.get("messages")).toList();
    byte[] sessionId = hex(node, "sessionId");
    for (JsonNode message : messages.subList(0, messages.size() - 1)) {
      bob = opened(bob, sessionId, message);
    }
    byte[] before = bob.toBytes();
    Result result = open(bob, sessionId, messages.get(messages.size() - 1));
    String outcome = result.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    assertEquals(node.get("outcome").asText(), outcome);
    assertArrayEquals(before, bob.toBytes());
  }

  private static DoubleRatchet alice(JsonNode node) {
    return DoubleRatchet.ofOpener(hex(node, "root"), X25519.fromPrivateKey(hex(node, "r1Private")));
  }

  private static DoubleRatchet bob(JsonNode node) {
    return DoubleRatchet.ofRecipient(
        hex(node, "root"), hex(node, "r1Public"), new DeterministicRandom("ratchet r2"));
  }

  private static void openAll(DoubleRatchet state, byte[] sessionId, JsonNode messages) {
    for (JsonNode message : messages) {
      // Stored and read again between any two messages.
      state = DoubleRatchet.fromBytes(opened(state, sessionId, message).toBytes());
    }
  }

  private static DoubleRatchet opened(DoubleRatchet state, byte[] sessionId, JsonNode message) {
    Result.Opened opened =
        assertInstanceOf(Result.Opened.class, open(state, sessionId, message));
    assertArrayEquals(hex(message, "plaintext"), opened.plaintext());
    return opened.next();
  }

  private static Result open(DoubleRatchet state, byte[] sessionId, JsonNode message) {
    return state.open(
        SessionVectors.context(sessionId, message.get("from").asText(), hex(message, "messageId")),
        DoubleRatchet.Header.fromBytes(hex(message, "header")),
        hex(message, "nonce"),
        hex(message, "ct"),
        new DeterministicRandom("open"));
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

  /** The valid cases hold; the refused ones give false or are refused. */
  private static Stream<DynamicTest> verdicts(String file, Predicate<JsonNode> holds)
      throws IOException {
    Stream<DynamicTest> valid =
        cases(file, "valid").map(node -> dynamicTest("valid", () -> assertTrue(holds.test(node))));
    return Stream.concat(valid, refusedWith(file, node -> assertFalse(heldOrRefused(holds, node))));
  }

  private static boolean heldOrRefused(Predicate<JsonNode> holds, JsonNode node) {
    try {
      return holds.test(node);
    } catch (RefusedException e) {
      return false;
    }
  }

  private interface Check {
    void on(JsonNode node);
  }

  private static Stream<DynamicTest> refusedWith(String file, Check check) throws IOException {
    List<JsonNode> nodes = cases(file, "refused").toList();
    assertNotEquals(0, nodes.size(), file + " has refused cases");
    return nodes.stream()
        .map(node -> dynamicTest("refused: " + node.get("why").asText(), () -> check.on(node)));
  }

  private static Stream<JsonNode> cases(String file, String verdict) throws IOException {
    Path path = VectorFiles.FOLDER.resolve(file + ".json");
    return stream(JSON.readTree(Files.readString(path, StandardCharsets.UTF_8)).get(verdict));
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static List<Object> items(JsonNode array) {
    List<Object> items = new ArrayList<>();
    for (JsonNode item : array) {
      if (item.isNull()) {
        items.add(null);
      } else if (item.has("text")) {
        items.add(item.get("text").asText());
      } else if (item.has("integer")) {
        items.add(item.get("integer").asLong());
      } else if (item.has("bytes")) {
        items.add(hex(item, "bytes"));
      } else {
        items.add(items(item.get("list")));
      }
    }
    return items;
  }

  private static <T> T as(JsonNode node, Class<T> type) {
    return JSON.convertValue(node, type);
  }

  private static byte[] hex(JsonNode node, String field) {
    return bytes(node.get(field));
  }

  private static byte[] bytes(JsonNode node) {
    return HexFormat.of().parseHex(node.asText());
  }
}

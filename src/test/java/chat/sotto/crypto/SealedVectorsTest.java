package chat.sotto.crypto;

import static chat.sotto.crypto.VectorCases.as;
import static chat.sotto.crypto.VectorCases.bytes;
import static chat.sotto.crypto.VectorCases.cases;
import static chat.sotto.crypto.VectorCases.hex;
import static chat.sotto.crypto.VectorCases.refusedWith;
import static chat.sotto.crypto.VectorCases.stream;
import static chat.sotto.crypto.VectorCases.verdicts;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import chat.sotto.crypto.DoubleRatchet.Result;
import chat.sotto.crypto.SessionOpening.Opening;
import chat.sotto.crypto.SessionOpening.Parties;
import chat.sotto.protocol.Handshake;
import chat.sotto.protocol.Hello;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Shared vectors of what is sealed: HPKE, a connection's first envelopes, sessions. */
class SealedVectorsTest {
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
  Stream<DynamicTest> conversation() throws IOException {
    Stream<DynamicTest> valid =
        cases("conversation", "valid")
            .map(
                node ->
                    dynamicTest(
                        node.get("name").asText(),
                        () -> new Conversation(node).play(node.get("steps").size())));
    List<JsonNode> played = cases("conversation", "valid").toList();
    return Stream.concat(
        valid,
        refusedWith(
            "conversation",
            node -> {
              var conversation = new Conversation(played.get(node.get("case").asInt()));
              conversation.play(node.get("stepCount").asInt());
              conversation.refuses(node.get("attempt"));
            }));
  }
}

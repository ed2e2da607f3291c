package chat.sotto.crypto;

import static chat.sotto.crypto.VectorFiles.ALICE_DEVICE;
import static chat.sotto.crypto.VectorFiles.BOB_DEVICE;
import static chat.sotto.crypto.VectorFiles.HOST;
import static chat.sotto.crypto.VectorFiles.JSON;
import static chat.sotto.crypto.VectorFiles.accountKey;
import static chat.sotto.crypto.VectorFiles.deviceKey;
import static chat.sotto.crypto.VectorFiles.deviceList;
import static chat.sotto.crypto.VectorFiles.file;
import static chat.sotto.crypto.VectorFiles.flipped;
import static chat.sotto.crypto.VectorFiles.hex;
import static chat.sotto.crypto.VectorFiles.refused;
import static chat.sotto.crypto.VectorFiles.valid;

import chat.sotto.crypto.DoubleRatchet.Context;
import chat.sotto.crypto.SessionOpening.Parties;
import chat.sotto.crypto.SessionOpening.PrekeyRef;
import chat.sotto.model.Statements;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Vectors of session openings and of the ratchet. */
final class SessionVectors {
  private SessionVectors() {}

  static Parties parties() {
    return new Parties(
        Suite.X25519,
        HOST,
        "alice",
        ALICE_DEVICE,
        accountKey("alice").publicKey(),
        Statements.listHash(deviceList("alice", ALICE_DEVICE)).toArray(),
        "bob",
        BOB_DEVICE,
        accountKey("bob").publicKey(),
        Statements.listHash(deviceList("bob", BOB_DEVICE)).toArray());
  }

  static ObjectNode opening() throws IOException {
    ObjectNode file =
        file(
            "Session openings (docs/protocol.md §7.1), seen by the recipient. 'opening' is the enc"
                + " that"
                + " travels; 'first' is a message on the new session that must then open to"
                + " 'plaintext'."
                + " Names, keys and hashes are what the recipient has verified.");
    var random = new DeterministicRandom("opening");
    X25519.KeyPair prekey = X25519.generateKeyPair(random);
    List<byte[]> replaces = List.of(random.bytes(16), random.bytes(16));
    SessionOpening.Created created =
        SessionOpening.create(
            parties(),
            JSON.writeValueAsBytes(deviceList("alice", ALICE_DEVICE)),
            1,
            new PrekeyRef("one-time", 7),
            prekey.publicKey(),
            replaces,
            deviceKey("alice"),
            random);
    ObjectNode base = putParties(JSON.createObjectNode(), parties());
    base.put("senderSignKey", hex(deviceKey("alice").publicKey()));
    base.put("prekeyPrivate", hex(prekey.exportPrivateKey()));
    base.put("prekeyPublic", hex(prekey.publicKey()));
    base.put("opening", hex(created.opening().toBytes()));
    ObjectNode good = valid(file, base);
    Context context = context(created.opening().sessionId(), "alice", random.bytes(16));
    byte[] plaintext = "hello bob".getBytes(StandardCharsets.UTF_8);
    putMessage(
        good.putObject("first"), context, created.ratchet().seal(context, plaintext, random),
        plaintext);
    refused(file, base, "another server").put("serverHost", "evil.example");
    refused(file, base, "another sender").put("fromUser", "mallory");
    refused(file, base, "another recipient").put("toUser", "carol");
    refused(file, base, "another recipient device").put("toDevice", ALICE_DEVICE);
    refused(file, base, "another list of the recipient")
        .put("toListHash", "22".repeat(32));
    refused(file, base, "another account key of the sender")
        .put("fromAccountKey", hex(accountKey("bob").publicKey()));
    refused(file, base, "signed by another device")
        .put("senderSignKey", hex(deviceKey("bob").publicKey()));
    refused(file, base, "another prekey")
        .put("prekeyPrivate", hex(X25519.generateKeyPair(random).exportPrivateKey()));
    byte[] bytes = created.opening().toBytes();
    refused(file, base, "a flipped bit in the signature")
        .put("opening", hex(flipped(bytes, bytes.length - 1)));
    refused(file, base, "a byte too many")
        .put("opening", hex(Arrays.copyOf(bytes, bytes.length + 1)));
    refused(file, base, "cut short")
        .put("opening", hex(Arrays.copyOf(bytes, bytes.length - 1)));
    return file;
  }

  private static ObjectNode putParties(ObjectNode node, Parties parties) {
    node.put("suite", parties.suite().id()).put("serverHost", parties.serverHost());
    node.put("fromUser", parties.fromUser()).put("fromDevice", parties.fromDevice());
    node.put("fromAccountKey", hex(parties.fromAccountKey()));
    node.put("fromListHash", hex(parties.fromListHash()));
    node.put("toUser", parties.toUser()).put("toDevice", parties.toDevice());
    node.put("toAccountKey", hex(parties.toAccountKey()));
    return node.put("toListHash", hex(parties.toListHash()));
  }

  static Context context(byte[] sessionId, String from, byte[] messageId) {
    boolean fromAlice = from.equals("alice");
    return new Context(
        Suite.X25519,
        sessionId,
        from,
        fromAlice ? ALICE_DEVICE : BOB_DEVICE,
        fromAlice ? "bob" : "alice",
        fromAlice ? BOB_DEVICE : ALICE_DEVICE,
        messageId);
  }

  private static void putMessage(
      ObjectNode node, Context context, DoubleRatchet.Sealed sealed, byte[] plaintext) {
    node.put("from", context.fromUser()).put("messageId", hex(context.messageId()));
    node.put("header", hex(sealed.header().toBytes())).put("nonce", hex(sealed.nonce()));
    node.put("ct", hex(sealed.ciphertext())).put("plaintext", hex(plaintext));
  }

  static ObjectNode ratchet() {
    ObjectNode file =
        file(
            "Double Ratchet (docs/protocol.md §7.2). The opener (alice) starts from 'root' and"
                + " 'r1Private', the recipient (bob) from 'root', r1 and 'r2Private'. 'toBob' and"
                + " 'toAlice'"
                + " are opened by fresh states in the order 'order'; each must give its plaintext."
                + " 'refused' are messages to bob's fresh state: 'duplicate' after one that opens,"
                + " or"
                + " a failure that changes nothing.");
    var random = new DeterministicRandom("ratchet");
    byte[] root = random.bytes(64);
    X25519.KeyPair r1 = X25519.generateKeyPair(random);
    var alice = DoubleRatchet.ofOpener(root, r1);
    var beforeR2 = new DeterministicRandom("ratchet r2");
    X25519.KeyPair r2 = X25519.generateKeyPair(new DeterministicRandom("ratchet r2"));
    var bob = DoubleRatchet.ofRecipient(root, r1.publicKey(), beforeR2);
    byte[] sessionId = random.bytes(16);
    ObjectNode base = JSON.createObjectNode();
    base.put("suite", 1).put("sessionId", hex(sessionId)).put("root", hex(root));
    base.put("r1Private", hex(r1.exportPrivateKey())).put("r1Public", hex(r1.publicKey()));
    base.put("r2Private", hex(r2.exportPrivateKey())).put("r2Public", hex(r2.publicKey()));
    base.put("aliceDevice", ALICE_DEVICE).put("bobDevice", BOB_DEVICE);

    List<ObjectNode> toBob = new ArrayList<>();
    List<ObjectNode> toAlice = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      alice = sealed(alice, "alice", sessionId, i, random, toBob);
    }
    for (int i = 0; i < 2; i++) {
      bob = sealed(bob, "bob", sessionId, i, random, toAlice);
    }
    Context context = context(sessionId, "bob", HexFormat.of().parseHex(messageId(toAlice.get(0))));
    var opened =
        (DoubleRatchet.Result.Opened)
            alice.open(
                context,
                DoubleRatchet.Header.fromBytes(bytes(toAlice.get(0), "header")),
                bytes(toAlice.get(0), "nonce"),
                bytes(toAlice.get(0), "ct"),
                random);
    alice = opened.next();
    for (int i = 3; i < 5; i++) {
      alice = sealed(alice, "alice", sessionId, i, random, toBob);
    }
    ratchetCase(file, base, toBob, toAlice, new int[] {0, 1, 2, 3, 4}, new int[] {0, 1});
    ratchetCase(file, base, toBob, toAlice, new int[] {4, 0, 2, 3, 1}, new int[] {1, 0});
    ratchetRefusals(file, base, toBob);
    return file;
  }

  private static void ratchetRefusals(ObjectNode file, ObjectNode base, List<ObjectNode> toBob) {
    ObjectNode twice = refused(file, base, "its key was used already");
    twice.put("outcome", "duplicate").putArray("messages").add(toBob.get(0)).add(toBob.get(0));
    bad(file, base, "a flipped bit in the ciphertext", toBob.get(0), "ct", 0);
    bad(file, base, "a flipped bit in the nonce", toBob.get(0), "nonce", 0);
    bad(file, base, "another message id", toBob.get(0), "messageId", 0);
    bad(file, base, "another number in the header", toBob.get(0), "header", 79);
    bad(file, base, "another ratchet key in the header", toBob.get(0), "header", 24);
    ObjectNode jump = toBob.get(0).deepCopy();
    var header = DoubleRatchet.Header.fromBytes(bytes(jump, "header"));
    jump.put(
        "header",
        hex(
            new DoubleRatchet.Header(
                    header.sessionId(), header.dh(), 0, DoubleRatchet.JUMP_MAX + 1)
                .toBytes()));
    failed(file, base, "a jump of more than 2,000", jump);
    ObjectNode lowOrder = toBob.get(0).deepCopy();
    lowOrder.put(
        "header",
        hex(new DoubleRatchet.Header(header.sessionId(), new byte[32], 0, 0).toBytes()));
    failed(file, base, "a ratchet key of small order", lowOrder);
  }

  private static void bad(
      ObjectNode file, ObjectNode base, String why, ObjectNode message, String field, int at) {
    ObjectNode changed = message.deepCopy();
    failed(file, base, why, changed.put(field, hex(flipped(bytes(message, field), at))));
  }

  private static void failed(ObjectNode file, ObjectNode base, String why, ObjectNode message) {
    ObjectNode node = refused(file, base, why);
    node.put("outcome", "failed").putArray("messages").add(message);
  }

  private static byte[] bytes(ObjectNode node, String field) {
    return HexFormat.of().parseHex(node.get(field).asText());
  }

  private static String messageId(ObjectNode node) {
    return node.get("messageId").asText();
  }

  private static DoubleRatchet sealed(
      DoubleRatchet ratchet,
      String from,
      byte[] sessionId,
      int i,
      DeterministicRandom random,
      List<ObjectNode> out) {
    Context context = context(sessionId, from, random.bytes(16));
    byte[] plaintext = (from + " " + i).getBytes(StandardCharsets.UTF_8);
    DoubleRatchet.Sealed sealed = ratchet.seal(context, plaintext, random);
    ObjectNode node = JSON.createObjectNode();
    putMessage(node, context, sealed, plaintext);
    out.add(node);
    return sealed.next();
  }

  private static void ratchetCase(
      ObjectNode file,
      ObjectNode base,
      List<ObjectNode> toBob,
      List<ObjectNode> toAlice,
      int[] bobOrder,
      int[] aliceOrder) {
    ObjectNode node = valid(file, base);
    putOrdered(node.putArray("toBob"), toBob, bobOrder);
    putOrdered(node.putArray("toAlice"), toAlice, aliceOrder);
  }

  private static void putOrdered(ArrayNode array, List<ObjectNode> messages, int[] order) {
    for (int i : order) {
      array.add(messages.get(i));
    }
  }
}

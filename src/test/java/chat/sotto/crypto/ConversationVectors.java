package chat.sotto.crypto;

import static chat.sotto.crypto.VectorFiles.ALICE_DEVICE;
import static chat.sotto.crypto.VectorFiles.BOB_DEVICE;
import static chat.sotto.crypto.VectorFiles.JSON;
import static chat.sotto.crypto.VectorFiles.file;
import static chat.sotto.crypto.VectorFiles.hex;
import static chat.sotto.crypto.VectorFiles.refused;
import static chat.sotto.crypto.VectorFiles.valid;

import chat.sotto.crypto.DoubleRatchet.Header;
import chat.sotto.crypto.DoubleRatchet.Result;
import chat.sotto.crypto.SessionOpening.Opening;
import chat.sotto.crypto.SessionOpening.PrekeyRef;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Vectors of whole conversations between two devices, as they go over the wire. */
final class ConversationVectors {
  /** Steps of the first conversation before anything is received. */
  private static final int SENT_FIRST = 4;

  private final DeterministicRandom random;
  private final Map<String, ScriptedDevice> devices = new HashMap<>();
  private final Map<String, byte[]> sessionIds = new HashMap<>();
  private final Map<String, ObjectNode> sent = new HashMap<>();
  private final ObjectNode people = JSON.createObjectNode();
  private final ArrayNode steps = JSON.createArrayNode();

  private ConversationVectors(String name) throws IOException {
    random = new DeterministicRandom(name);
    addPerson("alice", ALICE_DEVICE);
    addPerson("bob", BOB_DEVICE);
  }

  static ObjectNode conversation() throws IOException {
    ObjectNode file =
        file(
            "Conversations of alice's and bob's device on the wire (docs/protocol.md §7)."
                + " 'deviceList' is"
                + " the JSON of §4.1. The steps are done in order: 'open' makes a session, 'send' a"
                + " 'ciphertext' of the padded 'plaintext', 'receive' has an 'outcome'. 'draws'"
                + " are the"
                + " random bytes that a step uses: 'r1', 'ephemeral' and 'ratchetKey' are private"
                + " X25519"
                + " keys. In a refused case the same 'steps' are done first; then 'attempt' must"
                + " not"
                + " open, whether it is refused or fails, and no state changes.");
    ConversationVectors first = outOfOrder();
    valid(file, first.whole("both write, out of order, repeated"));
    valid(file, bothOpen().whole("both open at once"));
    valid(file, repair().whole("a second session replaces the first"));
    first.addRefusedOpenings(file);
    first.addRefusedMessages(file);
    return file;
  }

  private ObjectNode whole(String name) {
    ObjectNode whole = JSON.createObjectNode().put("name", name);
    whole.set("people", people);
    whole.set("steps", steps);
    return whole;
  }

  private static ConversationVectors outOfOrder() throws IOException {
    var made = new ConversationVectors("conversation 1");
    made.open("alice", "bob", "s1", new PrekeyRef("one-time", 7));
    made.send("alice", "bob", "s1", "a0", "a1", "a2");
    made.receive("bob", "a1");
    made.send("bob", "alice", "s1", "b0");
    made.receive("bob", "a0", "a0");
    made.receive("alice", "b0");
    made.send("alice", "bob", "s1", "a3", "a4");
    made.receive("bob", "a4", "a2", "a3", "a4");
    made.send("bob", "alice", "s1", "b1", "b2");
    made.receive("alice", "b2", "b1", "b1", "b0");
    made.send("alice", "bob", "s1", "a5", "a6");
    made.receive("bob", "a1", "a5");
    return made;
  }

  private static ConversationVectors bothOpen() throws IOException {
    var made = new ConversationVectors("conversation 2");
    made.open("alice", "bob", "s1", new PrekeyRef("one-time", 7));
    made.open("bob", "alice", "s2", new PrekeyRef("signed", 1));
    made.send("alice", "bob", "s1", "a0");
    made.send("bob", "alice", "s2", "b0");
    made.receive("bob", "a0");
    made.receive("alice", "b0");
    made.send("bob", "alice", "s1", "b1");
    made.send("alice", "bob", "s1", "a1");
    made.receive("alice", "b1");
    made.receive("bob", "a1");
    made.send("alice", "bob", "s1", "a2");
    made.receive("bob", "a2");
    return made;
  }

  private static ConversationVectors repair() throws IOException {
    var made = new ConversationVectors("conversation 3");
    made.open("alice", "bob", "s1", new PrekeyRef("one-time", 7));
    made.send("alice", "bob", "s1", "a0");
    made.receive("bob", "a0");
    made.open("bob", "alice", "s2", new PrekeyRef("signed", 1), "s1");
    made.send("bob", "alice", "s2", "b0");
    made.send("alice", "bob", "s1", "late");
    made.receive("alice", "b0");
    made.receive("bob", "late");
    made.send("alice", "bob", "s2", "a1");
    made.receive("bob", "a1");
    return made;
  }

  private void addPerson(String user, String device) throws IOException {
    var scripted = new ScriptedDevice(user, device);
    devices.put(user, scripted);
    ObjectNode person = people.putObject(user);
    person.put("device", device).put("deviceSeed", hex(scripted.deviceKey.exportSeed()));
    person.set("deviceList", JSON.readTree(scripted.listJson()));
    ArrayNode prekeys = person.putArray("prekeys");
    addPrekey(scripted, Prekey.Kind.SIGNED, 1, prekeys);
    addPrekey(scripted, Prekey.Kind.ONE_TIME, 7, prekeys);
  }

  private void addPrekey(ScriptedDevice device, Prekey.Kind kind, int id, ArrayNode prekeys) {
    X25519.KeyPair pair = X25519.generateKeyPair(random);
    device.prekeys.put(new PrekeyRef(kind.text(), id), pair);
    Prekey prekey =
        Statements.signPrekey(
            device.deviceKey,
            new UserName(device.user),
            new DeviceId(device.device),
            id,
            kind,
            1,
            Bytes.of(pair.publicKey()));
    ObjectNode node = prekeys.addObject().put("private", hex(pair.exportPrivateKey()));
    node.set("prekey", JSON.valueToTree(prekey));
  }

  private void open(String by, String to, String session, PrekeyRef ref, String... replaced) {
    byte[] sessionKey = random.bytes(32);
    byte[] sessionId = random.bytes(16);
    byte[] r1 = random.bytes(32);
    byte[] ephemeral = random.bytes(32);
    List<byte[]> replaces = Arrays.stream(replaced).map(sessionIds::get).toList();
    var draws = new ScriptedRandom(sessionKey, sessionId, r1, ephemeral);
    Opening opening = devices.get(by).open(devices.get(to), ref, replaces, draws);
    sessionIds.put(session, sessionId);
    ObjectNode step = steps.addObject().put("do", "open").put("by", by).put("to", to);
    step.put("prekeyKind", ref.kind()).put("prekeyId", ref.id());
    ArrayNode ids = step.putArray("replaces");
    replaces.forEach(id -> ids.add(hex(id)));
    step.putObject("draws")
        .put("sessionKey", hex(sessionKey))
        .put("sessionId", hex(sessionId))
        .put("r1", hex(r1))
        .put("ephemeral", hex(ephemeral));
    step.put("opening", hex(opening.toBytes()));
  }

  private void send(String by, String to, String session, String... texts) {
    for (String text : texts) {
      byte[] messageId = random.bytes(16);
      byte[] nonce = random.bytes(12);
      byte[] plaintext = text.getBytes(StandardCharsets.UTF_8);
      byte[] ciphertext =
          devices
              .get(by)
              .send(
                  devices.get(to),
                  sessionIds.get(session),
                  messageId,
                  plaintext,
                  new ScriptedRandom(nonce));
      ObjectNode message =
          JSON.createObjectNode()
              .put("from", by)
              .put("messageId", hex(messageId))
              .put("ciphertext", hex(ciphertext));
      sent.put(text, message);
      ObjectNode step = steps.addObject().put("do", "send").put("by", by).put("to", to);
      step.put("sessionId", hex(sessionIds.get(session))).put("messageId", hex(messageId));
      step.put("plaintext", hex(plaintext)).putObject("draws").put("nonce", hex(nonce));
      step.put("ciphertext", hex(ciphertext));
    }
  }

  private void receive(String by, String... texts) {
    for (String text : texts) {
      ObjectNode message = sent.get(text);
      byte[] ratchetKey = random.bytes(32);
      var draws = new ScriptedRandom(ratchetKey);
      Result result = receive(by, message, draws);
      ObjectNode step = steps.addObject().put("do", "receive").put("by", by);
      step.setAll(message);
      if (result instanceof Result.Opened opened) {
        step.put("outcome", "opened").put("plaintext", hex(Padding.unpad(opened.plaintext())));
      } else {
        step.put("outcome", "duplicate");
      }
      if (draws.isUsedUp()) {
        step.putObject("draws").put("ratchetKey", hex(ratchetKey));
      }
    }
  }

  private Result receive(String by, ObjectNode message, ScriptedRandom draws) {
    return devices
        .get(by)
        .receive(
            devices.get(message.get("from").asText()),
            Hex.bytes(message.get("messageId").asText()),
            Hex.bytes(message.get("ciphertext").asText()),
            draws);
  }

  /** Before bob has received anything. */
  private void addRefusedOpenings(ObjectNode file) {
    ObjectNode a0 = sent.get("a0");
    byte[] bytes = ciphertext(a0);
    Opening opening = Ciphertext.fromBytes(bytes).opening().orElseThrow();
    refuse(file, "unknown suite", changed(a0, withSuite(bytes, 2)));
    refuse(file, "suite 0", changed(a0, withSuite(bytes, 0)));
    refuse(file, "cut short", changed(a0, Arrays.copyOf(bytes, bytes.length - 1)));
    refuse(file, "a byte too many", changed(a0, Arrays.copyOf(bytes, bytes.length + 1)));
    refuse(file, "empty", changed(a0, new byte[0]));
    refuse(file, "a flipped bit: no session comes of it", changed(a0, lastFlipped(bytes)));
    String otherId = sent.get("a1").get("messageId").asText();
    refuse(file, "another message id", a0.deepCopy().put("messageId", otherId));
    refuse(file, "opening left out", changed(a0, withOpening(a0, Optional.empty())));
    byte[] bobsList = devices.get("bob").listJson();
    refuse(
        file,
        "the device list of somebody else",
        changed(a0, withOpening(a0, Optional.of(changed(opening, bobsList, 1, "one-time")))));
    refuse(
        file,
        "made for a list that the recipient does not have",
        changed(
            a0,
            withOpening(
                a0,
                Optional.of(changed(opening, opening.senderDeviceList(), 2, "one-time")))));
    refuse(
        file,
        "a prekey of another kind",
        changed(
            a0,
            withOpening(
                a0, Optional.of(changed(opening, opening.senderDeviceList(), 1, "signed")))));
    attempt(file, SENT_FIRST, "alice", "sent back to its sender", a0.deepCopy().put("from", "bob"));
  }

  /** After everything; "a6" has not been received. */
  private void addRefusedMessages(ObjectNode file) {
    int all = steps.size();
    ObjectNode a6 = sent.get("a6");
    byte[] bytes = ciphertext(a6);
    attempt(file, all, "bob", "a flipped bit", changed(a6, lastFlipped(bytes)));
    String otherId = sent.get("a0").get("messageId").asText();
    attempt(file, all, "bob", "id of another message", a6.deepCopy().put("messageId", otherId));
    Header header = Ciphertext.fromBytes(bytes).header();
    byte[] dh = header.dh();
    attempt(file, all, "bob", "another number", changed(a6, withHeader(a6, dh, 0, header.n() + 1)));
    byte[] small = withHeader(a6, new byte[32], 0, 0);
    attempt(file, all, "bob", "ratchet key of small order", changed(a6, small));
    byte[] otherKey = X25519.generateKeyPair(random).publicKey();
    attempt(file, all, "bob", "another ratchet key", changed(a6, withHeader(a6, otherKey, 0, 0)));
    byte[] r1 = Ciphertext.fromBytes(ciphertext(sent.get("a0"))).header().dh();
    byte[] afterEnd = withHeader(a6, r1, 0, 3);
    attempt(file, all, "bob", "a number after the end of its chain", changed(a6, afterEnd));
    attempt(
        file, all, "bob", "a jump of more than 2,000", changed(a6, withHeader(a6, dh, 0, 2_002)));
    attempt(file, all, "alice", "sent back to its sender", a6.deepCopy().put("from", "bob"));
  }

  private void refuse(ObjectNode file, String why, ObjectNode message) {
    attempt(file, SENT_FIRST, "bob", why, message);
  }

  private void attempt(
      ObjectNode file, int stepCount, String by, String why, ObjectNode message) {
    ObjectNode node = refused(file, why);
    node.put("case", 0).put("stepCount", stepCount);
    ObjectNode attempt = node.putObject("attempt").put("by", by);
    attempt.setAll(message);
  }

  private static ObjectNode changed(ObjectNode message, byte[] ciphertext) {
    return message.deepCopy().put("ciphertext", hex(ciphertext));
  }

  private static byte[] withSuite(byte[] ciphertext, int suite) {
    byte[] changed = ciphertext.clone();
    changed[0] = (byte) suite;
    return changed;
  }

  private static byte[] lastFlipped(byte[] bytes) {
    return VectorFiles.flipped(bytes, bytes.length - 1);
  }

  private static byte[] ciphertext(ObjectNode message) {
    return Hex.bytes(message.get("ciphertext").asText());
  }

  private static byte[] withOpening(ObjectNode message, Optional<Opening> opening) {
    Ciphertext parsed = Ciphertext.fromBytes(ciphertext(message));
    return new Ciphertext(
            parsed.suite(), opening, parsed.header(), parsed.nonce(), parsed.ct())
        .toBytes();
  }

  private static byte[] withHeader(ObjectNode message, byte[] dh, long pn, long n) {
    Ciphertext parsed = Ciphertext.fromBytes(ciphertext(message));
    var header = new Header(parsed.header().sessionId(), dh, pn, n);
    return new Ciphertext(
            parsed.suite(), parsed.opening(), header, parsed.nonce(), parsed.ct())
        .toBytes();
  }

  private static Opening changed(
      Opening opening, byte[] senderDeviceList, long listVersion, String prekeyKind) {
    return new Opening(
        senderDeviceList,
        listVersion,
        new PrekeyRef(prekeyKind, prekeyKind.equals("signed") ? 1 : opening.prekey().id()),
        opening.sessionId(),
        opening.replaces(),
        opening.r1(),
        opening.hpkeEnc(),
        opening.sealedKey(),
        opening.signature());
  }
}

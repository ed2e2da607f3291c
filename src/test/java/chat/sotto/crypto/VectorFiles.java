package chat.sotto.crypto;

import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Makes Sotto's own vectors, the same bytes at every run. They were made once; a difference means
 * that a released construction changed. {@link VectorsTest} reads them, and so does the browser's
 * test.
 */
final class VectorFiles {
  static final Path FOLDER = Path.of("src/test/resources/vectors");
  static final String HOST = "chat.example.org";
  static final String ALICE_DEVICE = "00112233445566778899aabbccddeeff";
  static final String BOB_DEVICE = "ffeeddccbbaa99887766554433221100";
  static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new Jdk8Module())
          .setDefaultPropertyInclusion(JsonInclude.Include.NON_ABSENT)
          .enable(SerializationFeature.INDENT_OUTPUT);

  private VectorFiles() {}

  public static void main(String[] args) throws IOException {
    writeAll(FOLDER);
  }

  static void writeAll(Path folder) throws IOException {
    write(folder, "encoding", encoding());
    write(folder, "statements", statements());
    write(folder, "signatures", KeyVectors.signatures());
    write(folder, "agreement", KeyVectors.agreement());
    write(folder, "vault", KeyVectors.vault());
    write(folder, "hpke", SealedVectors.hpke());
    write(folder, "envelope", SealedVectors.envelope());
    write(folder, "opening", SessionVectors.opening());
    write(folder, "ratchet", SessionVectors.ratchet());
    write(folder, "conversation", ConversationVectors.conversation());
    write(folder, "entry-chain", ChainVectors.entryChain());
    write(folder, "password", password());
    write(folder, "safety-number", safetyNumber());
    write(folder, "padding", padding());
    write(folder, "witness", WitnessVectors.witness());
    write(folder, "recovery", OwnVectors.recovery());
    write(folder, "sync", OwnVectors.sync());
    write(folder, "archive", OwnVectors.archive());
    writeLines(folder, "group", GroupVectors.group());
    writeLines(folder, "restored", RestoredVectors.restored());
    writeLines(folder, "file", FileVectors.file());
    writeLines(folder, "typing", TypingVectors.typing());
  }

  /** One case a line: whole logs of signed entries would be too long otherwise. */
  private static void writeLines(Path folder, String name, ObjectNode file) throws IOException {
    var text = new StringBuilder("{\n \"about\": ").append(file.get("about"));
    for (String verdict : List.of("valid", "refused")) {
      text.append(",\n \"").append(verdict).append("\": [");
      String separator = "\n  ";
      for (JsonNode node : file.get(verdict)) {
        text.append(separator).append(node);
        separator = ",\n  ";
      }
      text.append("\n ]");
    }
    Files.writeString(folder.resolve(name + ".json"), text.append("\n}\n").toString());
  }

  private static void write(Path folder, String name, ObjectNode file) throws IOException {
    Files.writeString(folder.resolve(name + ".json"), JSON.writeValueAsString(file) + "\n");
  }

  static ObjectNode file(String about) {
    ObjectNode file = JSON.createObjectNode().put("about", about);
    file.putArray("valid");
    file.putArray("refused");
    return file;
  }

  static ObjectNode valid(ObjectNode file) {
    return ((ArrayNode) file.get("valid")).addObject();
  }

  static ObjectNode refused(ObjectNode file, String why) {
    return ((ArrayNode) file.get("refused")).addObject().put("why", why);
  }

  static ObjectNode valid(ObjectNode file, ObjectNode base) {
    ObjectNode node = valid(file);
    node.setAll(base);
    return node;
  }

  static ObjectNode refused(ObjectNode file, ObjectNode base, String why) {
    ObjectNode node = refused(file, why);
    node.setAll(base);
    return node;
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  static byte[] flipped(byte[] bytes, int at) {
    byte[] changed = bytes.clone();
    changed[at] ^= 1;
    return changed;
  }

  private static ObjectNode encoding() {
    ObjectNode file =
        file(
            "enc and H (docs/protocol.md §1.1). An item is {text}, {integer}, {bytes} in hex,"
                + " {list}"
                + " or null. 'hash' is H(label, items). 'refused' are not the enc of anything.");
    encodingCase(file, List.of());
    encodingCase(file, List.of("alice"));
    encodingCase(file, List.of("", 0));
    encodingCase(file, List.of("grüße 😀", Enc.MAX_INTEGER));
    encodingCase(file, List.of(new byte[] {0, 1, (byte) 255}, 1, List.of("a", List.of(2, "b"))));
    encodingCase(file, List.of(List.of()));
    encodingCase(file, Arrays.asList(null, "x"));
    refused(file, "a length without its end").put("encoded", "000000");
    refused(file, "an item cut short").put("encoded", "0000000261");
    refused(file, "a byte after the last item").put("encoded", "000000016100");
    refused(file, "a length of 2^31").put("encoded", "8000000000");
    return file;
  }

  private static void encodingCase(ObjectNode file, List<?> items) {
    ObjectNode node = valid(file);
    putItems(node.putArray("items"), items);
    node.put("encoded", hex(Enc.encode(items.toArray())));
    node.put("label", "entry").put("hash", hex(Hash.of(Labels.ENTRY, items.toArray())));
  }

  private static void putItems(ArrayNode array, List<?> items) {
    for (Object item : items) {
      if (item == null) {
        array.addNull();
      } else if (item instanceof String text) {
        array.addObject().put("text", text);
      } else if (item instanceof Number number) {
        array.addObject().put("integer", number.longValue());
      } else if (item instanceof byte[] bytes) {
        array.addObject().put("bytes", hex(bytes));
      } else {
        putItems(array.addObject().putArray("list"), (List<?>) item);
      }
    }
  }

  static DeviceList deviceList(String user, String device) {
    Ed25519.SigningKey account = accountKey(user);
    UserName name = new UserName(user);
    return Statements.signDeviceList(
        account,
        name,
        HOST,
        1,
        Bytes.of(new byte[32]),
        List.of(
            new Device(
                new DeviceId(device),
                Bytes.of(deviceKey(user).publicKey()),
                List.of(1),
                1_750_000_000_000L,
                new Point(0, Statements.inboxStart(name, 1)))));
  }

  private static DeviceList smallOrderList() {
    UserName alice = new UserName("alice");
    Device device = deviceList("alice", ALICE_DEVICE).devices().get(0);
    Bytes key = Bytes.of(Arrays.copyOf(new byte[] {1}, 32));
    var changed =
        new Device(device.id(), key, device.suites(), device.addedAt(), device.inboxStart());
    return Statements.signDeviceList(
        accountKey("alice"), alice, HOST, 1, Bytes.of(new byte[32]), List.of(changed));
  }

  static Ed25519.SigningKey accountKey(String user) {
    return Ed25519.generate(new DeterministicRandom(user + " account"));
  }

  static Ed25519.SigningKey deviceKey(String user) {
    return Ed25519.generate(new DeterministicRandom(user + " device"));
  }

  private static ObjectNode statements() {
    ObjectNode file =
        file(
            "Signed statements (docs/protocol.md §4, §6). 'deviceList' and 'prekey' are frames'"
                + " JSON;"
                + " 'kind' says which statement. The signatures must verify, or must not.");
    DeviceList list = deviceList("alice", ALICE_DEVICE);
    putList(valid(file), list).put("listHash", hex(Statements.listHash(list).toArray()));
    putList(
        refused(file, "another version"),
        new DeviceList(
            list.user(), HOST, 2, list.prevHash(), list.accountKey(), list.devices(),
            list.signature()));
    putList(
        refused(file, "another server"),
        new DeviceList(
            list.user(), "evil.example", 1, list.prevHash(), list.accountKey(), list.devices(),
            list.signature()));
    putList(
        refused(file, "a ghost device"),
        new DeviceList(
            list.user(),
            HOST,
            1,
            list.prevHash(),
            list.accountKey(),
            List.of(
                list.devices().get(0), deviceList("bob", BOB_DEVICE).devices().get(0)),
            list.signature()));
    putList(refused(file, "a device key of small order, though well signed"), smallOrderList());
    Prekey prekey = prekey();
    putPrekey(valid(file), prekey);
    putPrekey(refused(file, "another id"), with(prekey, 8, prekey.kind(), prekey.signature()));
    putPrekey(
        refused(file, "another kind"),
        with(prekey, 7, Prekey.Kind.SIGNED, prekey.signature()));
    putPrekey(
        refused(file, "a flipped bit in the signature"),
        with(prekey, 7, prekey.kind(), Bytes.of(flipped(prekey.signature().toArray(), 3))));
    putPrekey(
        refused(file, "no signature: 64 zero bytes"),
        with(prekey, 7, prekey.kind(), Bytes.of(new byte[64])));
    putAck(valid(file), HOST, 5);
    putAck(refused(file, "another number").put("claimedSequenceNr", 6), HOST, 5);
    putAck(refused(file, "another server").put("claimedServerHost", "evil.example"), HOST, 5);
    AccountChangeVectors.putAll(file);
    return file;
  }

  private static ObjectNode putList(ObjectNode node, DeviceList list) {
    node.put("kind", "device-list");
    node.set("deviceList", JSON.valueToTree(list));
    return node;
  }

  private static Prekey prekey() {
    X25519.KeyPair pair = X25519.generateKeyPair(new DeterministicRandom("prekey"));
    return Statements.signPrekey(
        deviceKey("alice"),
        new UserName("alice"),
        new DeviceId(ALICE_DEVICE),
        7,
        Prekey.Kind.ONE_TIME,
        1,
        Bytes.of(pair.publicKey()));
  }

  private static Prekey with(Prekey prekey, long id, Prekey.Kind kind, Bytes signature) {
    return new Prekey(id, kind, prekey.suite(), prekey.key(), signature);
  }

  private static void putPrekey(ObjectNode node, Prekey prekey) {
    node.put("kind", "prekey").put("user", "alice").put("device", ALICE_DEVICE);
    node.put("deviceKey", hex(deviceKey("alice").publicKey()));
    node.set("prekey", JSON.valueToTree(prekey));
  }

  private static void putAck(ObjectNode node, String host, long sequenceNr) {
    byte[] hash = Hash.sha256(new byte[] {1});
    List<LogPoint> items =
        List.of(new LogPoint(LogPoint.INBOX, "alice", 1, sequenceNr, Bytes.of(hash)));
    Bytes signature =
        Statements.signAck(
            deviceKey("alice"), host, new UserName("alice"), new DeviceId(ALICE_DEVICE), items);
    node.put("kind", "ack").put("user", "alice").put("device", ALICE_DEVICE);
    node.put("deviceKey", hex(deviceKey("alice").publicKey()));
    node.put("serverHost", node.path("claimedServerHost").asText(host));
    node.putArray("items")
        .addObject()
        .put("kind", "inbox")
        .put("owner", "alice")
        .put("generation", 1)
        .put("sequenceNr", node.path("claimedSequenceNr").asLong(sequenceNr))
        .put("hash", Bytes.of(hash).toString());
    node.put("signature", hex(signature.toArray()));
    node.remove(List.of("claimedServerHost", "claimedSequenceNr"));
  }

  private static ObjectNode password() {
    ObjectNode file =
        file(
            "Password secrets (docs/protocol.md §3). 'iterations' is 1,000,000 in the protocol; the"
                + " smaller ones are for speed. 'refused' are passwords that must not give"
                + " 'authSecret'.");
    String[] passwords = {"correct horse battery staple", "Grüße aus Köln 😀", "ﬁve ½ Å"};
    for (String password : passwords) {
      putPassword(valid(file), password, 1_000);
    }
    putPassword(valid(file), passwords[0], PasswordSecrets.ITERATIONS);
    ObjectNode other = refused(file, "another user: the salt differs");
    putPassword(other, passwords[0], 1_000);
    other.put("user", "bob");
    ObjectNode host = refused(file, "another server: the salt differs");
    putPassword(host, passwords[0], 1_000);
    host.put("serverHost", "evil.example");
    return file;
  }

  private static void putPassword(ObjectNode node, String password, int iterations) {
    PasswordSecrets secrets = PasswordSecrets.derive(password, HOST, "alice", iterations);
    node.put("password", password).put("serverHost", HOST).put("user", "alice");
    node.put("iterations", iterations).put("authSecret", hex(secrets.authSecret()));
    node.put("vaultKey", hex(secrets.vaultKey()));
  }

  private static ObjectNode safetyNumber() {
    ObjectNode file =
        file(
            "Safety numbers (docs/protocol.md §4.3): the same for both, whoever asks. 'refused'"
                + " must"
                + " give other digits.");
    putSafety(valid(file), HOST, accountKey("bob"));
    putSafety(refused(file, "another account key").put("digitsOf", "bob"), HOST, accountKey("bob"))
        .put("accountKeyB", hex(accountKey("mallory").publicKey()))
        .remove("digitsOf");
    putSafety(refused(file, "another server"), HOST, accountKey("bob"))
        .put("serverHost", "evil.example");
    return file;
  }

  private static ObjectNode putSafety(ObjectNode node, String host, Ed25519.SigningKey bob) {
    byte[] alice = accountKey("alice").publicKey();
    SafetyNumber number = SafetyNumber.of(host, "alice", alice, "bob", bob.publicKey());
    node.put("serverHost", host).put("userA", "alice").put("accountKeyA", hex(alice));
    node.put("userB", "bob").put("accountKeyB", hex(bob.publicKey()));
    return node.put("digits", number.digits()).put("qrText", number.qrText());
  }

  private static ObjectNode padding() {
    ObjectNode file = file("Padding (docs/protocol.md §7.4). 'refused' was not made by it.");
    for (int length : new int[] {0, 1, 255, 256, 511, 4095, 4096, 8191, 8192, 70_000}) {
      byte[] content = new byte[length];
      Arrays.fill(content, (byte) 0x61);
      byte[] padded = Padding.pad(content);
      valid(file)
          .put("contentLength", length)
          .put("paddedLength", padded.length)
          .put("sha256", hex(Hash.sha256(padded)));
    }
    refused(file, "no mark").put("padded", "00".repeat(256));
    refused(file, "another mark").put("padded", "61".repeat(255) + "01");
    refused(file, "not a bucket").put("padded", "80" + "00".repeat(256));
    refused(file, "a larger bucket than needed").put("padded", "80" + "00".repeat(511));
    refused(file, "empty").put("padded", "");
    return file;
  }
}

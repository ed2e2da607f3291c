package chat.sotto.crypto;

import static chat.sotto.crypto.VectorFiles.HOST;
import static chat.sotto.crypto.VectorFiles.JSON;
import static chat.sotto.crypto.VectorFiles.file;
import static chat.sotto.crypto.VectorFiles.flipped;
import static chat.sotto.crypto.VectorFiles.hex;
import static chat.sotto.crypto.VectorFiles.refused;
import static chat.sotto.crypto.VectorFiles.valid;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Vectors of what the devices of one user share: recovery code, sync and archive. */
final class OwnVectors {
  private static final String USER = "alice";
  private static final OwnKey FIRST = OwnKey.generate(1, new DeterministicRandom("own key 1"));
  private static final OwnKey SECOND = OwnKey.generate(2, new DeterministicRandom("own key 2"));

  private OwnVectors() {}

  static ObjectNode recovery() {
    ObjectNode file =
        file(
            "The recovery code (docs/protocol.md §12.2). 'text' is how 'code' is shown; each of"
                + " 'typed' is read as it. 'secret' goes to the server, 'vault' holds 'content'. Of"
                + " the refused ones the first 'typed' is no code, or 'vault' does not open.");
    var random = new DeterministicRandom("recovery");
    RecoveryCode code = RecoveryCode.generate(random);
    byte[] content = utf8("{\"version\":2}");
    byte[] vault = code.sealVault(HOST, USER, content, random);
    ObjectNode base = JSON.createObjectNode();
    base.put("serverHost", HOST).put("user", USER).put("text", code.text());
    base.put("code", hex(code.toBytes())).put("secret", hex(code.secret()));
    base.put("vault", hex(vault)).put("content", hex(content));
    String text = code.text();
    typed(
        valid(file, base),
        text,
        text.toLowerCase(Locale.ROOT),
        " " + text.replace("-", "  ") + "\n",
        text.replace("-", ""));
    ObjectNode zeros = valid(file, base);
    RecoveryCode noughts = RecoveryCode.of(new byte[RecoveryCode.BYTES]);
    zeros.put("code", hex(noughts.toBytes())).put("secret", hex(noughts.secret()));
    zeros.put("text", noughts.text());
    zeros.put("vault", hex(noughts.sealVault(HOST, USER, content, random)));
    typed(
        zeros,
        noughts.text(),
        noughts.text().replace('0', 'O').replace('1', 'I'),
        noughts.text().replace('0', 'o').replace('1', 'l'));
    refusedCodes(file, base, text);
    refused(file, base, "another user").put("user", "bob");
    refused(file, base, "another server").put("serverHost", "evil.example");
    refused(file, base, "another code").put("typed", noughts.text());
    refused(file, base, "a flipped bit").put("vault", hex(flipped(vault, 20)));
    refused(file, base, "cut short").put("vault", hex(vault).substring(2));
    file.get("refused").forEach(node -> wrap((ObjectNode) node, text));
    return file;
  }

  private static void refusedCodes(ObjectNode file, ObjectNode base, String text) {
    String slip = (text.charAt(0) == 'A' ? "B" : "A") + text.substring(1);
    refused(file, base, "a symbol changed").put("typed", slip);
    String swapped = text.charAt(1) + "" + text.charAt(0) + text.substring(2);
    refused(file, base, "two symbols swapped").put("typed", swapped);
    refused(file, base, "a symbol short").put("typed", text.substring(1));
    refused(file, base, "a symbol too many").put("typed", text + "0");
    refused(file, base, "a letter that is no symbol").put("typed", "U" + text.substring(1));
    refused(file, base, "another dash").put("typed", text.replace('-', '\u2013'));
    refused(file, base, "nothing").put("typed", "");
  }

  private static void typed(ObjectNode node, String... texts) {
    ArrayNode typed = node.putArray("typed");
    List.of(texts).forEach(typed::add);
  }

  /** All cases have a list: what is typed in a refused one is the code unless it says otherwise. */
  private static void wrap(ObjectNode node, String text) {
    typed(node, node.path("typed").asText(text));
  }

  static ObjectNode sync() {
    ObjectNode file =
        file(
            "The sync blob (docs/protocol.md §13): 'blob' holds 'content' under one of 'ownKeys',"
                + " of which the first has the id 1. The refused ones do not open.");
    byte[] content = utf8("{\"version\":1}");
    byte[] blob = SECOND.sealSync(HOST, USER, 7, content, new DeterministicRandom("sync"));
    ObjectNode base = owned().put("counter", 7).put("blob", hex(blob));
    valid(file, base).put("content", hex(content));
    byte[] older = FIRST.sealSync(HOST, USER, 7, content, new DeterministicRandom("older sync"));
    valid(file, base).put("blob", hex(older)).put("content", hex(content));
    refused(file, base, "another counter").put("counter", 6);
    refused(file, base, "another user").put("user", "bob");
    refused(file, base, "another server").put("serverHost", "evil.example");
    refused(file, base, "an own key that is not known").set("ownKeys", keys(FIRST));
    byte[] sealed = Enc.decode(blob).get(1);
    refused(file, base, "said to be of another own key").put("blob", hex(Enc.encode(1, sealed)));
    refused(file, base, "a flipped bit").put("blob", hex(flipped(blob, 60)));
    refused(file, base, "a third item").put("blob", hex(Enc.encode(2, sealed, "")));
    refused(file, base, "one item").put("blob", hex(Enc.encode(sealed)));
    byte[] aad = Enc.encode(Labels.SYNC, HOST, USER, 7, 2);
    byte[] key = KeyVectors.derive(SECOND.toBytes(), Labels.SYNC);
    byte[] bare = Aead.seal(key, aad, content, new DeterministicRandom("bare sync"));
    refused(file, base, "not padded").put("blob", hex(Enc.encode(2, bare)));
    return file;
  }

  static ObjectNode archive() {
    ObjectNode file =
        file(
            "The archive (docs/protocol.md §14.1). 'batches' are what the server gives, the newest"
                + " first. Read down from number 'last' to 'floor' (what is known, or what stands"
                + " before the oldest batch), they hold 'contents' and the last one read leads to"
                + " the floor; 'head' is the place of the newest. Behind batch 'nr' of 'closed' those"
                + " under an own key older than 'keyId' are passed over. The refused ones break a"
                + " rule.");
    var random = new DeterministicRandom("archive");
    ArchivePlace start = ArchivePlace.before(1);
    byte[] one = start.seal(FIRST, HOST, USER, utf8("{\"nr\":1}"), random);
    ArchivePlace first = start.next(one);
    byte[] two = first.seal(FIRST, HOST, USER, utf8("{\"nr\":2}"), random);
    byte[] three = first.next(two).seal(SECOND, HOST, USER, utf8("{\"nr\":3}"), random);
    byte[] begun = ArchivePlace.before(9).seal(SECOND, HOST, USER, utf8("{\"nr\":9}"), random);

    ObjectNode whole = reading(start, 3, three, two, one);
    put(valid(file, whole), start.next(one).next(two).next(three), 3, 2, 1);
    put(valid(file, reading(first, 3, three, two)), first.next(two).next(three), 3, 2);
    ArchivePlace erased = ArchivePlace.before(9);
    put(valid(file, reading(erased, 9, begun)), erased.next(begun), 9);

    refused(file, reading(start, 3, three, one), "a batch missing");
    refused(file, reading(start, 3, three, one, two), "two batches swapped");
    refused(file, reading(start, 2, three, two), "an older batch said to be the newest");
    refused(file, reading(start, 3, three, two), "the oldest missing");
    refused(file, reading(ArchivePlace.before(2), 3, three, two), "the log cut below a batch");
    refused(file, reading(erased, 9, one), "a batch from before the archive was erased");
    refused(file, reading(first, 4, three, three, two), "a batch twice");
    refused(file, reading(start, 3, flipped(three, 90), two, one), "a flipped bit");
    refused(file, whole, "another user").put("user", "bob");
    refused(file, whole, "another server").put("serverHost", "evil.example");
    refused(file, whole, "an own key that is not known").set("ownKeys", keys(FIRST));
    ArchivePlace second = first.next(two);
    ArchivePlace other = ArchivePlace.of(1, Hash.sha256(one), 1);
    refused(file, reading(other, 3, three, two), "another history than the known one");
    ArchivePlace forgotten = ArchivePlace.of(second.nr(), second.hash(), 0);
    byte[] late = forgotten.seal(FIRST, HOST, USER, utf8("{\"nr\":3}"), random);
    ArchivePlace newer = ArchivePlace.of(second.nr(), second.hash(), 2);
    refused(file, reading(newer, 3, late), "an older own key than that of the batch before");
    byte[] early = first.seal(SECOND, HOST, USER, utf8("{\"nr\":2}"), random);
    ArchivePlace between = first.next(early);
    byte[] fallen =
        ArchivePlace.of(2, between.hash(), 0).seal(FIRST, HOST, USER, utf8("{}"), random);
    refused(file, reading(start, 3, fallen, early, one), "own keys that fall along the log");

    put(valid(file, closed(whole, 1, one)), start.next(one).next(two).next(three), 3, 1);
    put(valid(file, closed(whole, 2, two)), start.next(one).next(two).next(three), 3, 2, 1);
    put(valid(file, closed(reading(start, 2, two, one), 1, one)), first.next(two), 1);
    refused(file, closed(whole, 2, one), "another batch than the one at which it was closed");
    return file;
  }

  private static ObjectNode closed(ObjectNode reading, long nr, byte[] blob) {
    ObjectNode node = reading.deepCopy();
    node.putArray("closed")
        .addObject()
        .put("keyId", 2)
        .put("nr", nr)
        .put("hash", hex(ArchivePlace.hash(nr, blob)));
    return node;
  }

  private static ObjectNode reading(ArchivePlace floor, long last, byte[]... blobs) {
    ObjectNode node = owned().put("last", last);
    putPlace(node.putObject("floor"), floor);
    ArrayNode batches = node.putArray("batches");
    for (int i = 0; i < blobs.length; i++) {
      batches.addObject().put("nr", last - i).put("blob", hex(blobs[i]));
    }
    return node;
  }

  private static void put(ObjectNode node, ArchivePlace head, int... numbers) {
    ArrayNode contents = node.putArray("contents");
    for (int number : numbers) {
      contents.add(hex(utf8("{\"nr\":" + number + "}")));
    }
    putPlace(node.putObject("head"), head);
  }

  private static void putPlace(ObjectNode node, ArchivePlace place) {
    node.put("nr", place.nr()).put("hash", hex(place.hash())).put("keyId", place.keyId());
  }

  private static ObjectNode owned() {
    ObjectNode node = JSON.createObjectNode().put("serverHost", HOST).put("user", USER);
    node.set("ownKeys", keys(FIRST, SECOND));
    return node;
  }

  private static ArrayNode keys(OwnKey... keys) {
    ArrayNode array = JSON.createArrayNode();
    List.of(keys).forEach(key -> array.add(hex(key.toBytes())));
    return array;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

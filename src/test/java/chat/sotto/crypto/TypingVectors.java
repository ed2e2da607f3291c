package chat.sotto.crypto;

import static chat.sotto.crypto.VectorFiles.hex;
import static chat.sotto.crypto.VectorFiles.refused;
import static chat.sotto.crypto.VectorFiles.valid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Who is writing: what opens where, and what must not. */
final class TypingVectors {
  private static final byte[] KEY = Hash.sha256(new byte[] {10});
  private static final String GROUP = "0123456789abcdef0123456789abcdef";
  private static final TypingPlace PLACE = place("alice+bob", "alice", VectorFiles.ALICE_DEVICE);
  private static final String FIRST = content(1, true);

  private TypingVectors() {}

  private static TypingPlace place(String conversation, String user, String device) {
    return new TypingPlace(VectorFiles.HOST, conversation, user, device);
  }

  private static String content(long nr, boolean typing) {
    return "{\"version\":1,\"nr\":" + nr + ",\"typing\":" + typing + "}";
  }

  static ObjectNode typing() {
    ObjectNode file = VectorFiles.file("Who is writing (docs/protocol.md §7.10).");
    sealed(valid(file), PLACE, PLACE, FIRST);
    sealed(valid(file), PLACE, PLACE, content((1L << 53) - 1, false));
    TypingPlace group = place(GROUP, "bob", VectorFiles.BOB_DEVICE);
    sealed(valid(file), group, group, content(2, false));
    TypingPlace other = place("alice+carol", "alice", VectorFiles.ALICE_DEVICE);
    sealed(refused(file, "for another conversation"), other, PLACE, FIRST);
    TypingPlace inGroup = place(GROUP, "alice", VectorFiles.ALICE_DEVICE);
    sealed(refused(file, "for a group"), inGroup, PLACE, FIRST);
    TypingPlace bob = place("alice+bob", "bob", VectorFiles.ALICE_DEVICE);
    sealed(refused(file, "of another user"), bob, PLACE, FIRST);
    TypingPlace device = place("alice+bob", "alice", VectorFiles.BOB_DEVICE);
    sealed(refused(file, "of another device"), device, PLACE, FIRST);
    var server = new TypingPlace("example.com", "alice+bob", "alice", VectorFiles.ALICE_DEVICE);
    sealed(refused(file, "at another server"), server, PLACE, FIRST);
    ObjectNode key = refused(file, "under another key");
    sealed(key, PLACE, PLACE, FIRST);
    key.put("key", hex(Hash.sha256(new byte[] {11})));
    padded(refused(file, "shorter padding"), Arrays.copyOf(Padding.pad(utf8(FIRST), 64), 63));
    padded(refused(file, "longer padding"), Arrays.copyOf(Padding.pad(utf8(FIRST), 64), 65));
    padded(refused(file, "padded as a message is"), Padding.pad(utf8(FIRST)));
    padded(refused(file, "without the mark"), Arrays.copyOf(utf8(FIRST), 64));
    padded(refused(file, "nothing but zeros"), new byte[64]);
    ObjectNode changed = refused(file, "changed");
    sealed(changed, PLACE, PLACE, FIRST);
    changed.put("sealed", hex(VectorFiles.flipped(VectorCases.hex(changed, "sealed"), 20)));
    ObjectNode cut = refused(file, "cut");
    sealed(cut, PLACE, PLACE, FIRST);
    cut.put("sealed", hex(Arrays.copyOf(VectorCases.hex(cut, "sealed"), 27)));
    return file;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void sealed(
      ObjectNode node, TypingPlace made, TypingPlace read, String content) {
    put(node, read, content, made.seal(KEY, utf8(content), new DeterministicRandom("typing")));
  }

  private static void padded(ObjectNode node, byte[] padded) {
    byte[] aad =
        Enc.encode(
            Labels.TYPING,
            PLACE.serverHost(),
            PLACE.conversation(),
            PLACE.user(),
            PLACE.device());
    put(node, PLACE, FIRST, Aead.seal(KEY, aad, padded, new DeterministicRandom("typing")));
  }

  private static void put(ObjectNode node, TypingPlace read, String content, byte[] sealed) {
    node.put("serverHost", read.serverHost())
        .put("conversation", read.conversation())
        .put("user", read.user())
        .put("device", read.device())
        .put("key", hex(KEY))
        .put("content", content)
        .put("sealed", hex(sealed));
  }

  /** Whether it opens there, to that. */
  static boolean holds(JsonNode node) {
    var place =
        new TypingPlace(
            node.get("serverHost").textValue(),
            node.get("conversation").textValue(),
            node.get("user").textValue(),
            node.get("device").textValue());
    byte[] opened = place.open(VectorCases.hex(node, "key"), VectorCases.hex(node, "sealed"));
    return Arrays.equals(utf8(node.get("content").textValue()), opened);
  }
}

package chat.sotto.crypto;

import static chat.sotto.crypto.VectorFiles.file;
import static chat.sotto.crypto.VectorFiles.hex;
import static chat.sotto.crypto.VectorFiles.refused;
import static chat.sotto.crypto.VectorFiles.valid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Files: their sizes, and what a receiver must take and refuse. */
final class FileVectors {
  private static final int PATTERN = 251;

  private FileVectors() {}

  static ObjectNode file() {
    ObjectNode file = VectorFiles.file("Files as the server holds them (docs/protocol.md §7.6).");
    for (long size :
        new long[] {
          1, 1023, 1024, 1025, 1088, 1089, 9999, 65_535, 65_536, 65_537, 1_000_000, 1 << 20,
          104_857_600, 1_234_567_890_123L, 1L << 46
        }) {
      sized(valid(file), size, 0);
    }
    sized(refused(file, "one byte more than Padmé"), 1_000_000, 1);
    for (int size : new int[] {1, 1024, 65_536, 65_537, 200_000}) {
      ObjectNode node = valid(file);
      sealed(node, size, size, in(size), -1);
    }
    int three = 150_000;
    received(file, "a chunk at the end is missing", three, three, List.of(0, 1), -1);
    received(file, "a chunk in the middle is missing", three, three, List.of(0, 2), -1);
    received(file, "only the last chunk", three, three, List.of(2), -1);
    received(file, "nothing at all", three, three, List.of(), -1);
    received(file, "two chunks in another order", three, three, List.of(1, 0, 2), -1);
    received(file, "a chunk comes twice", three, three, List.of(0, 0, 2), -1);
    received(file, "something follows the last chunk", three, three, List.of(0, 1, 2, 2), -1);
    received(file, "a chunk was changed", three, three, List.of(0, 1, 2), 70_000);
    received(file, "the last tag was changed", 1, 1, List.of(0), 1039);
    received(file, "smaller than the message says", 100_000, three, List.of(0, 1), -1);
    received(file, "larger than the message says", three, 100_000, List.of(0, 1, 2), -1);
    ObjectNode other = refused(file, "another digest");
    sealed(other, 1, 1, List.of(0), -1);
    other.put("expected", hex(Hash.sha256(new byte[] {1})));
    ObjectNode changed = refused(file, "changed, and the digest is that of before");
    sealed(changed, 1, 1, List.of(0), 3);
    changed.put("expected", changed.get("digest").textValue());
    return file;
  }

  private static void sized(ObjectNode node, long size, int more) {
    node.put("kind", "size")
        .put("size", size)
        .put("padded", FileChunks.paddedSize(size) + more)
        .put("sealed", FileChunks.sealedSize(size) + more);
  }

  private static void received(
      ObjectNode file, String why, int size, int claimed, List<Integer> chunks, int flipped) {
    sealed(refused(file, why), size, claimed, chunks, flipped);
  }

  private static List<Integer> in(int size) {
    return IntStream.range(0, (int) FileChunks.chunks(size)).boxed().toList();
  }

  private static void sealed(
      ObjectNode node, int size, int claimed, List<Integer> chunks, int flipped) {
    byte[] key = Hash.sha256(new byte[] {(byte) size});
    node.put("kind", "file").put("key", hex(key)).put("size", size).put("pattern", PATTERN);
    var sealer = new FileChunks.Sealer(key, size);
    List<byte[]> sealed = seal(sealer, size, PATTERN);
    node.put("digest", hex(sealer.digest()));
    ArrayNode order = node.putArray("chunks");
    chunks.forEach(order::add);
    if (flipped >= 0) {
      node.put("flipped", flipped);
    }
    node.put("claimed", claimed);
    node.put("expected", hex(Hash.sha256(concat(received(node, sealed)))));
  }

  /** What a case says, done anew. */
  static boolean holds(JsonNode node) {
    long size = node.get("size").longValue();
    if (node.get("kind").textValue().equals("size")) {
      return FileChunks.paddedSize(size) == node.get("padded").longValue()
          && FileChunks.sealedSize(size) == node.get("sealed").longValue();
    }
    int pattern = node.get("pattern").intValue();
    byte[] key = VectorCases.hex(node, "key");
    var sealer = new FileChunks.Sealer(key, size);
    List<byte[]> sealed = seal(sealer, (int) size, pattern);
    byte[] got = concat(received(node, sealed));
    return Arrays.equals(sealer.digest(), VectorCases.hex(node, "digest"))
        && Arrays.equals(Hash.sha256(got), VectorCases.hex(node, "expected"))
        && Arrays.equals(
            content((int) size, pattern), open(key, node.get("claimed").longValue(), got));
  }

  private static List<byte[]> seal(FileChunks.Sealer sealer, int size, int pattern) {
    byte[] content = content(size, pattern);
    List<byte[]> sealed = new ArrayList<>();
    int at = 0;
    while (!sealer.isDone()) {
      int end = at + sealer.wanted();
      sealed.add(sealer.seal(Arrays.copyOfRange(content, at, end)));
      at = end;
    }
    return sealed;
  }

  private static byte[] content(int size, int pattern) {
    var content = new byte[size];
    for (int i = 0; i < size; i++) {
      content[i] = (byte) (i % pattern);
    }
    return content;
  }

  private static List<byte[]> received(JsonNode node, List<byte[]> sealed) {
    List<byte[]> got = new ArrayList<>();
    node.get("chunks").forEach(index -> got.add(sealed.get(index.intValue())));
    int flipped = node.path("flipped").asInt(-1);
    return flipped < 0 ? got : List.of(VectorFiles.flipped(concat(got), flipped));
  }

  private static byte[] concat(List<byte[]> parts) {
    var all = new ByteArrayOutputStream();
    parts.forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static byte[] open(byte[] key, long size, byte[] got) {
    var opener = new FileChunks.Opener(key, size);
    var content = new ByteArrayOutputStream();
    int at = 0;
    while (at < got.length || !opener.isDone()) {
      int end = Math.min(got.length, at + Math.max(1, opener.wanted()));
      content.writeBytes(opener.open(Arrays.copyOfRange(got, at, end)));
      at = end;
    }
    return content.toByteArray();
  }
}

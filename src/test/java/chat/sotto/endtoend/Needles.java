package chat.sotto.endtoend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Byte strings to look for in files: as they are, in hex, in both base64 alphabets at each of the
 * three places where they can begin in a longer text, and as UTF-16.
 */
final class Needles {
  private static final int KEY_BYTES = 8;

  private record Needle(String name, byte[] bytes) {}

  /** By their first eight bytes, so that a file is read once. */
  private final Map<Long, List<Needle>> needles = new HashMap<>();

  Needles text(String name, String text) {
    addForm(name + " (UTF-16)", text.getBytes(StandardCharsets.UTF_16LE));
    addForm(name + " (UTF-16)", text.getBytes(StandardCharsets.UTF_16BE));
    return bytes(name, text.getBytes(StandardCharsets.UTF_8));
  }

  Needles bytes(String name, byte[] bytes) {
    addForm(name, bytes);
    addForm(name + " (hex)", ascii(HexFormat.of().formatHex(bytes)));
    addForm(name + " (hex)", ascii(HexFormat.of().withUpperCase().formatHex(bytes)));
    for (int shift = 0; shift < 3; shift++) {
      addForm(name + " (base64)", ascii(inner(Base64.getEncoder(), bytes, shift)));
      addForm(name + " (base64url)", ascii(inner(Base64.getUrlEncoder(), bytes, shift)));
    }
    return this;
  }

  /** The characters that depend on these bytes only. */
  private static String inner(Base64.Encoder encoder, byte[] bytes, int shift) {
    byte[] shifted = new byte[shift + bytes.length];
    System.arraycopy(bytes, 0, shifted, shift, bytes.length);
    String encoded = encoder.withoutPadding().encodeToString(shifted);
    int from = (shift * 8 + 5) / 6;
    int to = shifted.length * 8 / 6;
    return encoded.substring(from, to);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void addForm(String name, byte[] bytes) {
    long key = ByteBuffer.wrap(bytes, 0, KEY_BYTES).getLong();
    needles.computeIfAbsent(key, first -> new ArrayList<>()).add(new Needle(name, bytes));
  }

  /** The names of those that stand in a file, or in a file under a folder. */
  Set<String> findIn(Path place) throws IOException {
    var found = new TreeSet<String>();
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        findInFile(file, found);
      }
    }
    return found;
  }

  private void findInFile(Path file, Set<String> found) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      long window = 0;
      for (int i = 0; i < content.limit(); i++) {
        window = window << 8 | content.get(i) & 0xff;
        int start = i - KEY_BYTES + 1;
        for (Needle needle : needles.getOrDefault(window, List.of())) {
          if (start >= 0 && standsAt(content, start, needle.bytes)) {
            found.add(needle.name + " in " + file.getFileName());
          }
        }
      }
    }
  }

  private static boolean standsAt(ByteBuffer content, int start, byte[] bytes) {
    if (start + bytes.length > content.limit()) {
      return false;
    }
    byte[] there = new byte[bytes.length];
    content.get(start, there);
    return Arrays.equals(there, bytes);
  }
}

package chat.sotto.crash;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a disk may hold after a power cut if it keeps its word and nothing more: what was written to
 * a file before an fsync of it that returned is there; of what was written later, any sectors are,
 * whatever their order was. Made from a copy of the files and a trace of what was written since the
 * copy began.
 */
final class TornDisk {
  private static final int SECTOR = 512;
  private static final List<String> FILES = List.of("sotto.db", "sotto.db-wal");
  private static final Pattern CALL =
      Pattern.compile("(\\d+) +(\\w+)\\(\\d+<((?:\\\\x[0-9a-f]{2})+)>(.*)");
  private static final Pattern RESUMED = Pattern.compile("(\\d+) +<\\.\\.\\. \\w+ resumed>(.*)");

  /** A question mark stands for what a process was killed in: it may have been made. */
  private static final Pattern WRITTEN =
      Pattern.compile(
          ", \"([^\"]*)\", (\\d+), (\\d+)(?:\\) += (?:\\d+|\\?)| <unfinished \\.\\.\\.>)");
  private static final Pattern LENGTH = Pattern.compile(", (\\d+)(?:\\).*| <unfinished \\.\\.\\.>)");
  private static final Pattern SUCCESS = Pattern.compile("\\) += 0");
  private static final Pattern UNFINISHED = Pattern.compile(" <unfinished \\.\\.\\.>");

  private final Map<String, Contents> files = new HashMap<>();

  /** A call that has begun: a write, by its place in the file's list, or a sync. */
  private record Open(Contents file, int writes, boolean isWrite) {}

  private record Write(int offset, byte[] bytes) {}

  private static final class Contents {
    final byte[] start;
    final List<Write> writes = new ArrayList<>();
    int synced;

    Contents(byte[] start) {
      this.start = start;
    }

    int length() {
      return writes.stream()
          .mapToInt(write -> write.offset + write.bytes.length)
          .reduce(start.length, Math::max);
    }

    byte[] synced() {
      return state(new Random(0), 0);
    }

    byte[] state(Random random, double kept) {
      byte[] bytes = start;
      for (int i = 0; i < writes.size(); i++) {
        Write write = writes.get(i);
        for (int from = 0; from < write.bytes.length; from += SECTOR) {
          if (i < synced || random.nextDouble() < kept) {
            int length = Math.min(SECTOR, write.bytes.length - from);
            int end = write.offset + from + length;
            bytes = bytes.length < end || bytes == start ? grown(bytes, end) : bytes;
            System.arraycopy(write.bytes, from, bytes, write.offset + from, length);
          }
        }
      }
      return bytes;
    }

    private static byte[] grown(byte[] bytes, int end) {
      return Arrays.copyOf(bytes, Math.max(bytes.length, end));
    }
  }

  /** Copies what is there; the trace must have begun. */
  TornDisk(Path data) throws IOException {
    for (String name : FILES) {
      files.put(name, new Contents(Files.readAllBytes(data.resolve(name))));
    }
  }

  /** Takes what strace wrote until the process was dead. */
  void replay(Path trace) throws IOException {
    Map<String, Open> open = new HashMap<>();
    try (Stream<String> lines = Files.lines(trace, StandardCharsets.ISO_8859_1)) {
      lines.forEach(line -> replay(line, open));
    }
  }

  private void replay(String line, Map<String, Open> open) {
    Matcher resumed = RESUMED.matcher(line);
    if (resumed.matches()) {
      Open ended = open.remove(resumed.group(1));
      if (ended != null) {
        end(ended, resumed.group(2));
      }
      return;
    }
    Matcher call = CALL.matcher(line);
    if (!call.matches()) {
      return;
    }
    String path = new String(unhex(call.group(3)), StandardCharsets.UTF_8);
    Contents file = files.get(Path.of(path).getFileName().toString());
    if (file != null) {
      Open begun = begin(file, call.group(2), call.group(4), open);
      if (UNFINISHED.matcher(line).find()) {
        open.put(call.group(1), begun);
      } else {
        end(begun, call.group(4));
      }
    }
  }

  private static Open begin(
      Contents file, String name, String arguments, Map<String, Open> open) {
    if (name.equals("pwrite64")) {
      Matcher written = WRITTEN.matcher(arguments);
      if (!written.matches()) {
        throw new IllegalStateException("no write that can be read: " + arguments);
      }
      file.writes.add(
          new Write(Integer.parseInt(written.group(3)), unhex(written.group(1))));
      return new Open(file, file.writes.size() - 1, true);
    }
    if (name.equals("ftruncate")) {
      file.writes.add(lengthened(file, arguments));
      return new Open(file, file.writes.size() - 1, true);
    }
    if (!name.matches("f(data)?sync")) {
      throw new IllegalStateException("a call that is not foreseen: " + name);
    }
    // A write that has not returned is not covered, nor is, for simplicity, what came after it.
    int covered =
        open.values().stream()
            .filter(other -> other.file == file && other.isWrite)
            .mapToInt(Open::writes)
            .min()
            .orElse(file.writes.size());
    return new Open(file, covered, false);
  }

  /** After a whole checkpoint SQLite gives the database its length, which it mostly has already. */
  private static Write lengthened(Contents file, String arguments) {
    Matcher wanted = LENGTH.matcher(arguments);
    if (!wanted.matches() || Integer.parseInt(wanted.group(1)) < file.length()) {
      throw new IllegalStateException("a file is cut: " + arguments);
    }
    return new Write(file.length(), new byte[Integer.parseInt(wanted.group(1)) - file.length()]);
  }

  private static void end(Open call, String outcome) {
    if (!call.isWrite && SUCCESS.matcher(outcome).find()) {
      call.file.synced = Math.max(call.file.synced, call.writes);
    }
  }

  private static byte[] unhex(String text) {
    var bytes = new ByteArrayOutputStream(text.length() / 4);
    for (int i = 0; i < text.length(); i += 4) {
      bytes.write(Integer.parseInt(text, i + 2, i + 4, 16));
    }
    return bytes.toByteArray();
  }

  /** How many writes nobody has promised to keep. */
  int unsynced() {
    return files.values().stream().mapToInt(file -> file.writes.size() - file.synced).sum();
  }

  /** Writes what every disk holds that keeps its word. */
  void writeSynced(Path folder) throws IOException {
    for (var file : files.entrySet()) {
      write(folder, file.getKey(), file.getValue().synced());
    }
  }

  /** Writes what one such disk may hold. */
  void writeAny(Path folder, Random random) throws IOException {
    double kept = random.nextDouble();
    for (var file : files.entrySet()) {
      write(folder, file.getKey(), file.getValue().state(random, kept));
    }
  }

  private static void write(Path folder, String name, byte[] bytes) throws IOException {
    Files.createDirectories(folder);
    // What readers share of the log is memory, and gone.
    Files.deleteIfExists(folder.resolve("sotto.db-shm"));
    Files.write(folder.resolve(name), bytes);
  }
}

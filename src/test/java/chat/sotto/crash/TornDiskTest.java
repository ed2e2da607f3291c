package chat.sotto.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a disk may hold, read off traces as strace writes them. */
class TornDiskTest {
  private static final String WAL = "7<" + hex("/data/sotto.db-wal") + ">";
  private static final String DB = "8<" + hex("/data/sotto.db") + ">";

  @TempDir Path folder;
  private Path data;

  @BeforeEach
  void makeFiles() throws IOException {
    data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(data.resolve("sotto.db"), "....");
    Files.writeString(data.resolve("sotto.db-wal"), "....");
  }

  private static String hex(String text) {
    return text.chars().mapToObj("\\x%02x"::formatted).collect(Collectors.joining());
  }

  private static String write(String file, String text, int offset) {
    return "pwrite64(%s, \"%s\", %d, %d".formatted(file, hex(text), text.length(), offset);
  }

  private TornDisk disk(String... trace) throws IOException {
    var disk = new TornDisk(data);
    disk.replay(Files.write(folder.resolve("trace"), List.of(trace)));
    return disk;
  }

  private String synced(TornDisk disk) throws IOException {
    disk.writeSynced(folder.resolve("synced"));
    return Files.readString(folder.resolve("synced/sotto.db-wal"));
  }

  @Test
  void keepsWhatWasSynced() throws IOException {
    TornDisk disk =
        disk(
            "10 " + write(WAL, "ab", 1) + ") = 2",
            "10 fdatasync(" + WAL + ") = 0",
            "10 " + write(WAL, "cd", 4) + ") = 2");

    assertEquals(".ab.", synced(disk));
    assertEquals(1, disk.unsynced());
  }

  @Test
  void mayKeepOrLoseEverySectorThatWasNotSynced() throws IOException {
    Files.writeString(data.resolve("sotto.db-wal"), ".".repeat(1024));
    TornDisk disk = disk("10 " + write(WAL, "x".repeat(1024), 0) + ") = 1024");
    var random = new Random(1);
    var seen = new TreeSet<String>();

    for (int i = 0; i < 200; i++) {
      disk.writeAny(folder.resolve("any"), random);
      seen.add(
          Files.readString(folder.resolve("any/sotto.db-wal"), StandardCharsets.US_ASCII)
              .replaceAll("(.)\\1{511}", "$1"));
    }

    assertEquals(new TreeSet<>(List.of("..", ".x", "x.", "xx")), seen);
  }

  @Test
  void aSyncThatFailsOrDoesNotReturnPromisesNothing() throws IOException {
    TornDisk disk =
        disk(
            "10 " + write(WAL, "ab", 0) + ") = 2",
            "10 fdatasync(" + WAL + ") = -1 EIO (Input/output error) (INJECTED)",
            "10 fdatasync(" + WAL + " <unfinished ...>",
            "10 +++ killed by SIGKILL +++");

    assertEquals("....", synced(disk));
  }

  @Test
  void aSyncCoversWhatHadReturnedWhenItBegan() throws IOException {
    TornDisk disk =
        disk(
            "10 " + write(WAL, "a", 0) + ") = 1",
            "10 " + write(WAL, "b", 1) + " <unfinished ...>",
            "11 fdatasync(" + WAL + " <unfinished ...>",
            "10 <... pwrite64 resumed>) = 1",
            "10 " + write(WAL, "c", 2) + ") = 1",
            "11 <... fdatasync resumed>) = 0");

    assertEquals("a...", synced(disk));
  }

  @Test
  void aWriteInWhichTheProcessDiedPromisesNothing() throws IOException {
    TornDisk disk =
        disk("10 " + write(WAL, "ab", 0) + ") = ?", "10 +++ killed by SIGKILL +++");

    assertEquals("....", synced(disk));
    assertEquals(1, disk.unsynced());
  }

  @Test
  void aSyncIsOfOneFile() throws IOException {
    TornDisk disk = disk("10 " + write(WAL, "a", 0) + ") = 1", "10 fdatasync(" + DB + ") = 0");

    assertEquals("....", synced(disk));
  }

  @Test
  void refusesATraceThatItDoesNotUnderstand() {
    assertThrows(IllegalStateException.class, () -> disk("10 ftruncate(" + WAL + ", 0) = 0"));
  }
}

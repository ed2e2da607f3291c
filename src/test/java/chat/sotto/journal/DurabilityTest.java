package chat.sotto.journal;

import static chat.sotto.journal.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chat.sotto.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is on disk, whatever happens to the process or the disk. */
class DurabilityTest {
  private static final String FOREVER = Integer.toString(Integer.MAX_VALUE);

  /** Runs a command whose files may not grow beyond 8 MiB. */
  private static final List<String> LIMITED =
      List.of("bash", "-c", "ulimit -f 8192; exec \"$@\"", "bash");

  @TempDir Path path;

  @Test
  void everythingAcknowledgedIsThereAfterKills() throws Exception {
    var random = new Random();
    var acked = new ArrayList<String>();
    for (int round = 0; round < 5; round++) {
      Process process = start(List.of(), path, "round-" + round + "-", "100", FOREVER);
      acked.addAll(ackedBeforeKill(process, 200 + random.nextInt(3_000)));
      checkEverything(acked);
    }
  }

  private static List<String> ackedBeforeKill(Process process, int lines) throws Exception {
    var acked = new ArrayList<String>();
    try (var output = output(process)) {
      String line = output.readLine();
      assertEquals("ready", line);
      while ((line = output.readLine()) != null) {
        if (line.startsWith("acked ")) {
          acked.add(line.substring("acked ".length()));
        }
        if (acked.size() == lines) {
          // SIGKILL; Process.destroyForcibly would also drop what is still in the pipe.
          process.toHandle().destroyForcibly();
        }
      }
    }
    assertEquals(137, process.waitFor());
    assertTrue(acked.size() >= lines);
    return acked;
  }

  /** Acknowledged events are there, chains are whole, and every event has its body. */
  private void checkEverything(List<String> acked) {
    try (var db = new TestDatabase(path)) {
      Set<String> entities = new HashSet<>();
      for (String id : acked) {
        String entity = id.substring(0, id.indexOf(' '));
        long nr = Long.parseLong(id.substring(id.indexOf(' ') + 1));
        entities.add(entity);
        assertTrue(db.highestNr(entity) >= nr, id);
      }
      for (String entity : entities) {
        HashChain chain = HashChain.start(entity);
        for (StoredEntry stored : await(db.journal.read(entity, 0, Long.MAX_VALUE))) {
          chain = chain.append(stored.entry());
          String body = WritingProcess.bodyId(entity, chain.sequenceNr());
          assertTrue(await(db.bodies.get(body)).isPresent(), body);
        }
      }
      assertFalse(db.failure.isDone());
    }
  }

  @Test
  void aFolderThatAnotherProcessHoldsIsRefused() throws Exception {
    Process process = start(List.of(), path, "held-", "1", FOREVER);
    try (var output = output(process)) {
      assertEquals("ready", output.readLine());

      var refusal = assertThrows(DataFolderException.class, () -> DataFolder.open(path));

      assertTrue(refusal.getMessage().startsWith("Another server"), refusal.getMessage());
    } finally {
      process.destroyForcibly().waitFor();
    }
    DataFolder.open(path).close();
  }

  @Test
  void theLogIsSyncedBeforeTheReply() throws Exception {
    Path trace = path.resolve("trace");
    List<String> strace =
        List.of("strace", "-f", "-y", "-e", "trace=write,fsync,fdatasync", "-o", trace.toString());
    assumeTrue(succeeds("strace", "-f", "true"), "no strace here: fsync before reply not checked");

    Process process = start(strace, path.resolve("data"), "traced-", "1", "20");
    try (var output = output(process)) {
      assertTrue(output.lines().toList().contains("done"));
    }
    assertEquals(0, process.waitFor());

    for (int nr = 1; nr <= 20; nr++) {
      assertTrue(isSyncedBetween(Files.readAllLines(trace), nr), "number " + nr);
    }
  }

  /** Whether a sync of the log began and ended between a request and its reply. */
  private static boolean isSyncedBetween(List<String> trace, int nr) {
    Pattern sync = Pattern.compile("(\\d+) +f(?:data)?sync\\(\\d+<.*sotto\\.db-wal>(.*)");
    Set<String> inSync = new HashSet<>();
    boolean asked = false;
    boolean synced = false;
    for (String line : trace) {
      if (line.contains("\"asked traced-0 " + nr + "\\n\"")) {
        asked = true;
      }
      if (line.contains("\"acked traced-0 " + nr + "\\n\"")) {
        return asked && synced;
      }
      Matcher call = sync.matcher(line);
      if (asked && call.matches()) {
        synced |= call.group(2).matches("\\) += 0");
        inSync.add(call.group(1));
      } else if (line.matches("\\d+ +<\\.\\.\\. f(data)?sync resumed>.*= 0")) {
        synced |= inSync.contains(line.split(" ")[0]);
      }
    }
    return false;
  }

  @Test
  void nothingIsAcknowledgedOnceAFileMayNotGrow() throws Exception {
    assumeTrue(succeeds("bash", "-c", "ulimit -f 8192"), "no file size limits here");
    checkEverything(writeUntilFailure(LIMITED));
  }

  @Test
  void aServerWhoseDiskFailsExitsWithACodeOfItsOwn() throws Exception {
    assumeTrue(succeeds("bash", "-c", "ulimit -f 8192"), "no file size limits here");

    Process process = start(LIMITED, ServingProcess.class, path);
    process.getInputStream().readAllBytes();

    assertEquals(74, process.waitFor());
    DataFolder.open(path).close();
  }

  @Test
  void nothingIsAcknowledgedOnceTheDiskIsFull() throws Exception {
    assumeTrue(
        succeeds("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", path.toString()),
        "no right to mount a small disk: full disk not checked");
    try {
      List<String> acked = writeUntilFailure(List.of());
      assertTrue(succeeds("mount", "-o", "remount,size=64m", path.toString()));
      checkEverything(acked);
    } finally {
      succeeds("umount", path.toString());
    }
  }

  /** What a process that ends by a failed write had acknowledged. */
  private List<String> writeUntilFailure(List<String> prefix) throws Exception {
    Process process = start(prefix, path, "filling-", "10", FOREVER);
    var acked = new ArrayList<String>();
    try (var output = output(process)) {
      List<String> lines = output.lines().toList();
      assertEquals("failed", lines.get(lines.size() - 1));
      lines.stream()
          .filter(line -> line.startsWith("acked "))
          .forEach(line -> acked.add(line.substring("acked ".length())));
    }
    assertEquals(0, process.waitFor());
    assertNotEquals(0, acked.size());
    return acked;
  }

  private static Process start(List<String> prefix, Path folder, String... arguments)
      throws IOException {
    return start(prefix, WritingProcess.class, folder, arguments);
  }

  private static Process start(
      List<String> prefix, Class<?> main, Path folder, String... arguments) throws IOException {
    var command = new ArrayList<>(prefix);
    command.addAll(JavaCommand.of(main, folder.toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static BufferedReader output(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException notInstalled) {
      return false;
    }
  }
}

package chat.sotto.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Makes system calls of a running process fail, or kills it at one of them. */
final class Strace implements AutoCloseable {
  static final String WRITE = "pwrite64";

  /** SQLite uses the second where it was built to. */
  static final String SYNC = "fsync,fdatasync";

  /** Who writes to the database, as Linux names threads: by 15 characters. */
  private static final Set<String> WRITING = Set.of("sotto-journal-w", "sotto-journal-u");

  private static final long PATIENCE_SECONDS = 60;

  private final Process process;

  private Strace(Process process) {
    this.process = process;
  }

  /** Why no process can be traced here; empty if it can. */
  static Optional<String> obstacle() throws InterruptedException {
    return Command.succeeds("strace", "-f", "-o", "/dev/null", "true")
        ? Optional.empty()
        : Optional.of("no strace, or no right to trace");
  }

  /** Kills it just before its writer's {@code nr}th call of such a kind from now on. */
  static Strace killAt(long pid, String calls, int nr) throws IOException {
    return inject(pid, calls, "signal=KILL:when=" + nr);
  }

  /** Lets its journal no call of these kinds through any more, after so many of each. */
  static Strace failAfter(long pid, String calls, String error, int nr) throws IOException {
    return inject(pid, calls, "error=" + error + ":when=" + (nr + 1) + "+");
  }

  /** Writes down what its journal writes and syncs, with all bytes. */
  static Strace record(long pid, Path trace) throws IOException {
    List<String> options =
        List.of("-y", "-xx", "-s", "70000", "-e", "trace=ftruncate," + WRITE + "," + SYNC);
    return attach(writingThreads(pid), trace, options);
  }

  /** All others run at their own speed: tracing is slow. */
  private static List<String> writingThreads(long pid) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      List<String> threads =
          tasks.filter(Strace::isWriting).map(task -> task.getFileName().toString()).toList();
      assertEquals(WRITING.size(), threads.size());
      return threads;
    }
  }

  private static boolean isWriting(Path task) {
    try {
      return WRITING.contains(Files.readString(task.resolve("comm")).strip());
    } catch (IOException threadHasEnded) {
      return false;
    }
  }

  private static Strace inject(long pid, String calls, String fault) throws IOException {
    List<String> options = List.of("-e", "trace=" + calls, "-e", "inject=" + calls + ":" + fault);
    return attach(writingThreads(pid), Path.of("/dev/null"), options);
  }

  private static Strace attach(List<String> threads, Path output, List<String> options)
      throws IOException {
    var command = new ArrayList<>(List.of("strace", "-o", output.toString()));
    command.addAll(options);
    threads.forEach(thread -> command.addAll(List.of("-p", thread)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    for (String ignored : threads) {
      String line = said.readLine();
      assertTrue(line != null && line.contains("attached"), "strace says: " + line);
    }
    return new Strace(process);
  }

  /** Waits until everything of a process that is dead is written down. */
  void awaitEnd() throws InterruptedException {
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "strace does not end");
  }

  /** Lets go of the process. */
  @Override
  public void close() throws InterruptedException {
    process.destroy();
    awaitEnd();
  }
}

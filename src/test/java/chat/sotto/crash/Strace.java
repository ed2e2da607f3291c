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
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Makes system calls of a running process fail, or kills it at one of them. */
final class Strace implements AutoCloseable {
  /** Who writes to the database, as Linux names threads: by 15 characters. */
  private static final Set<String> WRITING = Set.of("sotto-journal-w", "sotto-journal-u");

  private final Process process;

  private Strace(Process process) {
    this.process = process;
  }

  /** Whether there is an strace that may trace here. */
  static boolean isAllowed() throws InterruptedException {
    return Command.succeeds("strace", "-f", "-o", "/dev/null", "true");
  }

  /** Kills it just before its writer's {@code nr}th call of this kind from now on. */
  static Strace killAt(long pid, String call, int nr) throws IOException {
    return attach(writingThreads(pid), call, "signal=KILL:when=" + nr);
  }

  /** Lets its journal no call of these kinds through any more, after so many of each. */
  static Strace failAfter(long pid, String calls, String error, int nr) throws IOException {
    return attach(writingThreads(pid), calls, "error=" + error + ":when=" + (nr + 1) + "+");
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

  private static Strace attach(List<String> threads, String calls, String fault)
      throws IOException {
    var command = new ArrayList<>(List.of("strace", "-o", "/dev/null", "-e", "trace=" + calls));
    command.addAll(List.of("-e", "inject=" + calls + ":" + fault));
    threads.forEach(thread -> command.addAll(List.of("-p", thread)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    for (String ignored : threads) {
      String line = said.readLine();
      assertTrue(line != null && line.contains("attached"), "strace says: " + line);
    }
    return new Strace(process);
  }

  /** Lets go of the process. */
  @Override
  public void close() throws InterruptedException {
    process.destroy();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), "strace does not let go");
  }
}

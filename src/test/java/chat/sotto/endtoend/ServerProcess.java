package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.JavaCommand;
import chat.sotto.Main;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real server in a process of its own, which can be killed. */
final class ServerProcess implements AutoCloseable {
  private static final long START_SECONDS = 180;

  private final Path folder;
  private final int port;
  private Path data;
  private Process process;

  ServerProcess(Path folder) throws Exception {
    this.folder = Files.createDirectories(folder);
    data = folder.resolve("data");
    port = freePort();
    Files.writeString(
        config(),
        """
        sotto.limits {
          registrations-per-address.burst = 1000
          sign-ins-per-address.burst = 1000
          sign-ins-per-user.burst = 1000
        }
        """);
    start();
  }

  private static int freePort() throws IOException {
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private Path config() {
    return folder.resolve("sotto.conf");
  }

  Path data() {
    return data;
  }

  /** Where it keeps its data from the next start on. */
  void moveTo(Path newData) {
    data = newData;
  }

  /** All that the server ever wrote on its two outputs. */
  Path log() {
    return folder.resolve("server.log");
  }

  URI url() {
    return URI.create("http://localhost:" + port);
  }

  /** Returns when it says that it is ready. */
  void start() throws Exception {
    long logged = Files.exists(log()) ? Files.size(log()) : 0;
    process =
        new ProcessBuilder(
                JavaCommand.of(
                    Main.class,
                    "--data",
                    data().toString(),
                    "--port",
                    Integer.toString(port),
                    "--config",
                    config().toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!newLog(logged).contains("is ready.")) {
      boolean ended = process.waitFor(50, TimeUnit.MILLISECONDS);
      assertTrue(!ended && System.nanoTime() < deadline, () -> "no start:\n" + newLog(logged));
    }
  }

  /** Another command of the same program. @return what it said; it must succeed */
  static String run(String... arguments) throws Exception {
    Process process =
        new ProcessBuilder(JavaCommand.of(Main.class, arguments))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), said);
    return said;
  }

  private String newLog(long from) {
    try {
      return Files.readString(log()).substring((int) from);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As kill -9 does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  Path dumpHeap() throws Exception {
    Path dump = folder.resolve("heap.hprof");
    Process jcmd =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                    Long.toString(process.pid()),
                    "GC.heap_dump",
                    "-all",
                    dump.toString()))
            .redirectErrorStream(true)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes());
    assertEquals(0, jcmd.waitFor(), said);
    return dump;
  }

  @Override
  public void close() throws Exception {
    process.destroy();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), "stops on SIGTERM");
  }
}

package chat.sotto.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import chat.sotto.JavaCommand;
import chat.sotto.Main;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The real server in a process of its own, on a port that stays the same. */
final class CrashServer implements AutoCloseable {
  /** What the process ends with when a write failed. */
  static final int WRITE_FAILED = 74;

  static final int KILLED = 137;
  private static final int TERMINATED = 143;

  private static final long PATIENCE_SECONDS = 120;
  private static final String SETTINGS =
      """
      sotto.limits {
        registrations-per-address.burst = 1000
        sign-ins-per-address.burst = 1000
        posts-per-group { burst = 1000, every = 1 ms }
        posts-per-user { burst = 1000, every = 1 ms }
      }
      """;

  private final Path folder;
  private final Path data;
  private final int port;
  private final Thread killAtExit = new Thread(this::destroy, "kill-server");
  private volatile Process process;

  CrashServer(Path folder, Path data) throws IOException {
    this.folder = folder;
    this.data = data;
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = probe.getLocalPort();
    }
    Runtime.getRuntime().addShutdownHook(killAtExit);
  }

  URI url() {
    return URI.create("http://localhost:" + port);
  }

  Path data() {
    return data;
  }

  long pid() {
    return process.pid();
  }

  /** Returns when it says that it is ready. The disk may be full up to the last byte. */
  void start() throws IOException, InterruptedException {
    start("0 B");
  }

  /** @param reserve the free space below which nothing new is taken */
  void start(String reserve) throws IOException, InterruptedException {
    Path config = folder.resolve("sotto.conf");
    Files.writeString(config, SETTINGS + "sotto.journal.free-space-reserve = " + reserve + "\n");
    Path log = folder.resolve("server.log");
    long logged = Files.exists(log) ? Files.size(log) : 0;
    process =
        new ProcessBuilder(
                JavaCommand.of(
                    Main.class,
                    "--data",
                    data.toString(),
                    "--port",
                    Integer.toString(port),
                    "--config",
                    config.toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.readString(log).substring((int) logged).contains("is ready.")) {
      if (process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
        fail("no start:\n" + Files.readString(log).substring((int) logged));
      }
    }
  }

  /** As {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertEquals(KILLED, awaitExit());
  }

  /** As it is told to stop by whoever runs it. */
  void stop() throws InterruptedException {
    process.destroy();
    assertEquals(TERMINATED, awaitExit());
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** Waits until it ends by what was done to it. */
  int awaitExit() throws InterruptedException {
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the server does not end");
    return process.exitValue();
  }

  private void destroy() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @Override
  public void close() throws InterruptedException {
    destroy();
    if (process != null) {
      awaitExit();
    }
    Runtime.getRuntime().removeShutdownHook(killAtExit);
  }
}

package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.JavaCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The finished jar in a process of its own, which is killed and started again. */
final class JarServer implements AutoCloseable {
  private final Path folder;
  private final int port;
  private Process process;

  JarServer(Path folder) throws IOException {
    this.folder = folder;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = socket.getLocalPort();
    }
    start();
  }

  URI uri() {
    return URI.create("ws://localhost:" + port + "/ws");
  }

  void start() throws IOException {
    List<String> command =
        new ArrayList<>(
            JavaCommand.ofJar(
                "--data", folder.resolve("data").toString(), "--port", String.valueOf(port)));
    // Servers that start at once clear away the same libraries of killed ones, of which the driver
    // logs an error.
    command.add(1, "-Dorg.sqlite.tmpdir=" + folder);
    process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
            .start();
    assertNotNull(process.inputReader().readLine(), "did not start");
  }

  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
  }

  /** Kills it at a moment that is nobody's choice. */
  void killAfter(long micros) throws InterruptedException {
    assertFalse(process.waitFor(micros, TimeUnit.MICROSECONDS), "ended by itself");
    kill();
  }

  /** Nobody's name or address, and nothing that went wrong. */
  void assertQuietLog() throws IOException {
    String log = Files.readString(folder.resolve("log"));
    assertFalse(
        log.matches("(?s).*(alice|bob|carol|WARN|ERROR|Exception|127\\.0\\.0\\.1).*"), log);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

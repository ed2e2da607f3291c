package chat.sotto.web;

import chat.sotto.JavaCommand;
import chat.sotto.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real server in a process of its own, so that it can be killed as {@code kill -9} does. */
final class ServerProcess implements AutoCloseable {
  /** Tests make many accounts from one address. */
  private static final String SETTINGS = """
      sotto.limits {
        registrations-per-address { burst = 1000, every = 1 s }
        sign-ins-per-address { burst = 1000, every = 1 s }
        connections-per-address = 1000
      }
      """;

  private static final String FINGERPRINT = "Fingerprint ";

  private final Path folder;
  private final int port;
  private Process process;
  private String fingerprint;

  /** @param folder for data and settings; it must exist */
  ServerProcess(Path folder) throws IOException {
    this.folder = folder;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Files.writeString(folder.resolve("test.conf"), SETTINGS);
    start();
  }

  String url() {
    return "http://localhost:" + port;
  }

  /** What the server printed when it started. */
  String fingerprint() {
    return fingerprint;
  }

  Path data() {
    return folder.resolve("data");
  }

  /** Starts it on the data of the one before, and returns when it is ready. */
  void start() throws IOException {
    process = sotto("serve", "--port", String.valueOf(port),
        "--data", data().toString(), "--config", folder.resolve("test.conf").toString())
        .redirectError(folder.resolve("server.log").toFile())
        .start();
    var output = new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (var line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(FINGERPRINT)) {
        fingerprint = line.substring(FINGERPRINT.length()).strip();
        drain(output);
        return;
      }
    }
    throw new IllegalStateException(
        "the server did not start: " + Files.readString(folder.resolve("server.log")));
  }

  /** Makes a copy of its data while it runs. */
  void backup(Path copy) throws IOException, InterruptedException {
    run("admin", "backup", copy.toString(), "--data", data().toString());
  }

  /** Puts the data that a copy holds in the place of its own. It must not run. */
  void restore(Path copy) throws IOException, InterruptedException {
    Files.move(data(), folder.resolve("lost-" + System.nanoTime()));
    run("admin", "restore", copy.toString(), "--data", data().toString());
  }

  private void run(String... arguments) throws IOException, InterruptedException {
    var log = folder.resolve("admin.log");
    var command = sotto(arguments).redirectErrorStream(true).redirectOutput(log.toFile());
    var status = command.start().waitFor();
    if (status != 0) {
      throw new IllegalStateException("status " + status + ": " + Files.readString(log));
    }
  }

  private static ProcessBuilder sotto(String... arguments) {
    return new ProcessBuilder(JavaCommand.of(Main.class, arguments));
  }

  /** A process whose output nobody reads stops when the pipe is full. */
  private static void drain(BufferedReader output) {
    var thread = new Thread(() -> {
      try {
        output.transferTo(Writer.nullWriter());
      } catch (IOException e) {
        // The process is gone.
      }
    }, "server-output");
    thread.setDaemon(true);
    thread.start();
  }

  /** As {@code kill -9}: nothing is said, nothing is finished. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}

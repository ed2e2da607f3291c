package chat.sotto.endtoend;

import chat.sotto.Server;
import chat.sotto.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real server in this process, on a port of its own. */
final class RunningServer implements AutoCloseable {
  private final Path data;
  private Server server;
  private int port;

  RunningServer(Path data) {
    this.data = data;
    start();
  }

  private void start() {
    server = Server.start(Settings.read(Optional.empty(), settings(data, port)), Clock.systemUTC());
    port = server.address().getPort();
  }

  /** Everybody comes from one address here, and acts faster than people do. */
  static Map<String, Object> settings(Path data, int port) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("sotto.data-folder", data.toString());
    settings.put("sotto.port", port);
    settings.put("sotto.limits.registrations-per-address.burst", 1000);
    settings.put("sotto.limits.sign-ins-per-address.burst", 1000);
    settings.put("sotto.limits.sign-ins-per-user.burst", 1000);
    settings.put("sotto.limits.look-ups-per-user.burst", 10_000);
    settings.put("sotto.limits.group-changes-per-user.burst", 10_000);
    settings.put("sotto.limits.posts-per-user.burst", 10_000);
    settings.put("sotto.limits.group-look-ups-per-user.burst", 10_000);
    settings.put("sotto.limits.invitations-of-user.burst", 10_000);
    return settings;
  }

  int port() {
    return port;
  }

  URI url() {
    return URI.create("http://localhost:" + port);
  }

  void stop() throws Exception {
    server.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  void restart() throws Exception {
    stop();
    start();
  }

  @Override
  public void close() throws Exception {
    stop();
  }
}

package chat.sotto;

import akka.actor.typed.ActorSystem;
import chat.sotto.journal.Store;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real server on a port of its own. */
public final class TestServer implements AutoCloseable {
  private final Path data;
  private final Map<String, Object> settings;
  private final Clock clock;
  private Server server;

  private TestServer(Path data, Map<String, Object> settings, Clock clock) {
    this.data = data;
    this.settings = settings;
    this.clock = clock;
    start();
  }

  public static TestServer start(Path data) {
    return start(data, Map.of());
  }

  /** @param settings by full name; limits that would slow many tests of one server are high */
  public static TestServer start(Path data, Map<String, Object> settings) {
    return start(data, settings, Clock.systemUTC());
  }

  public static TestServer start(Path data, Map<String, Object> settings, Clock clock) {
    return new TestServer(data, settings, clock);
  }

  private void start() {
    Map<String, Object> all = new HashMap<>();
    all.put("sotto.data-folder", data.toString());
    all.put("sotto.port", server == null ? 0 : server.address().getPort());
    all.put("sotto.limits.registrations-per-address.burst", 1000);
    all.put("sotto.limits.sign-ins-per-address.burst", 1000);
    all.put("sotto.limits.sign-ins-per-user.burst", 1000);
    all.put("sotto.limits.group-changes-per-user.burst", 10_000);
    all.put("sotto.limits.posts-per-user.burst", 10_000);
    all.put("sotto.limits.group-look-ups-per-user.burst", 10_000);
    all.put("sotto.limits.invitations-of-user.burst", 10_000);
    all.put("akka.actor.serialize-messages", "on");
    all.putAll(settings);
    server = Server.start(Settings.read(Optional.empty(), all), clock);
  }

  public Server server() {
    return server;
  }

  public ActorSystem<?> system() {
    return server.system();
  }

  /** How many ciphertexts, prekeys, vaults and verifiers are stored when all writes are done. */
  public long bodies() throws SQLException {
    // What is deleted last is deleted after everything else.
    Store.get(server.system()).bodies().delete(List.of()).toCompletableFuture().join();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("sotto.db"));
        var rows = connection.createStatement().executeQuery("SELECT count(*) FROM body")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** Stops it in order and starts it again on the same folder and port. */
  public void restart() throws Exception {
    close();
    start();
  }

  @Override
  public void close() throws Exception {
    server.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}

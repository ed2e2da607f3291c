package chat.sotto.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What lies in the body table of a data folder, or anywhere in its files. */
final class StoredBodies {
  private final Path data;

  StoredBodies(Path data) {
    this.data = data;
  }

  record Body(String id, byte[] bytes) {}

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + data.resolve("sotto.db"));
  }

  /** @param like each what the ids are like */
  List<Body> find(String... like) {
    List<Body> found = new ArrayList<>();
    try (var connection = connect();
        var query = connection.prepareStatement("SELECT id, bytes FROM body WHERE id LIKE ?")) {
      for (String each : like) {
        query.setString(1, each);
        try (var rows = query.executeQuery()) {
          while (rows.next()) {
            found.add(new Body(rows.getString(1), rows.getBytes(2)));
          }
        }
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return found;
  }

  /** The same, once there are as many: what an event puts in another's place goes after it. */
  List<Body> await(int count, String... like) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    List<Body> found = find(like);
    while (found.size() != count) {
      assertTrue(System.nanoTime() < deadline, "other bodies: " + found);
      Thread.onSpinWait();
      found = find(like);
    }
    return found;
  }

  /** As they lay there before a deletion that a crash came before. No server uses the folder. */
  void putBack(List<Body> bodies) throws SQLException {
    try (var connection = connect();
        var put = connection.prepareStatement("INSERT INTO body (id, bytes) VALUES (?, ?)")) {
      for (Body body : bodies) {
        put.setString(1, body.id());
        put.setBytes(2, body.bytes());
        put.executeUpdate();
      }
    }
  }

  /** Those of which the folder's files hold the bytes, be it where nothing leads to. */
  List<String> inFiles(List<Body> bodies) throws IOException {
    List<String> contents = new ArrayList<>();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.add(Files.readString(file, ISO_8859_1));
      }
    }
    return bodies.stream()
        .filter(
            body -> {
              var text = new String(body.bytes(), ISO_8859_1);
              return contents.stream().anyMatch(content -> content.contains(text));
            })
        .map(Body::id)
        .toList();
  }
}

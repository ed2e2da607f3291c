package chat.sotto.journal;

import static chat.sotto.journal.TestDatabase.await;
import static chat.sotto.journal.TestDatabase.awaitFailure;
import static chat.sotto.journal.TestDatabase.sql;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer whose rest after a commit ends when the test says so. */
class WriterTest {
  @TempDir Path path;

  private final TestDatabase.Hold rest = new TestDatabase.Hold();
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private Tables tables;
  private Writer writer;

  @BeforeEach
  void commitOnce() throws SQLException {
    new TestDatabase(path).close();
    Path file = path.resolve("sotto.db");
    tables = new Tables(DriverManager.getConnection("jdbc:sqlite:" + file));
    writer =
        new Writer(
            tables,
            new Checkpoints(tables, file),
            Runnable::run,
            failure::complete,
            Duration.ofHours(1),
            nanos -> {
              if (nanos > 0) {
                rest.here();
              }
            });
    writer.start();
    await(put("first"));
  }

  @AfterEach
  void close() throws Exception {
    rest.release();
    writer.close();
    tables.close();
  }

  private CompletableFuture<Void> put(String key) {
    return writer.submit(
        0,
        tables -> {
          tables.putMeta(key, "here");
          return null;
        });
  }

  private String stored(String key) {
    return sql(path, "SELECT value FROM meta WHERE key = '" + key + "'");
  }

  @Test
  void whatComesWhileItRestsIsOneTransaction() {
    var second = put("second");
    rest.awaitReached();
    var seenByOthers = writer.submit(0, tables -> stored("second"));
    rest.release();

    assertEquals("no row", await(seenByOthers));
    await(second);
    assertEquals("here", stored("second"));
  }

  @Test
  void whatWasTakenBeforeAFailureIsNotCommittedAfterIt() {
    var second = put("second");
    rest.awaitReached();
    writer.fail(new SQLException("the disk is gone"));
    rest.release();

    assertInstanceOf(StoreClosedException.class, awaitFailure(second));
    assertEquals("no row", stored("second"));
    assertEquals("the disk is gone", failure.join().getMessage());
  }
}

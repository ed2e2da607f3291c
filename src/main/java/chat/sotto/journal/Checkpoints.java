package chat.sotto.journal;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the write-ahead log is copied into the database file. Passive checkpoints run beside the
 * writer, on a connection of their own; the others run in the writer, between two batches: RESTART
 * when the log has grown although passive ones ran, TRUNCATE to erase what was deleted from the log
 * too.
 */
final class Checkpoints {
  static final long PASSIVE_ABOVE_BYTES = 4L << 20;
  static final long RESTART_ABOVE_BYTES = 64L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final Duration AFTER_BUSY = Duration.ofSeconds(5);

  private final Tables writer;
  private final Path wal;
  private volatile boolean truncateDue;
  private long notBefore = System.nanoTime();

  Checkpoints(Tables writer, Path database) {
    this.writer = writer;
    this.wal = database.resolveSibling(database.getFileName() + "-wal");
  }

  void requestTruncate() {
    truncateDue = true;
  }

  boolean isTruncateDue() {
    return truncateDue;
  }

  /** For the thread beside the writer. SQLite lets no two checkpoints run, nor wait for another. */
  synchronized void passive(Tables connection) throws SQLException {
    if (walBytes() > PASSIVE_ABOVE_BYTES) {
      connection.ask(Dialect.CHECKPOINT_PASSIVE);
    }
  }

  /** For the writer's thread. */
  void betweenBatches() throws SQLException {
    boolean restartDue = walBytes() > RESTART_ABOVE_BYTES;
    if ((!truncateDue && !restartDue) || System.nanoTime() - notBefore < 0) {
      return;
    }
    if (!(truncateDue ? truncate() : checkpoint(Dialect.CHECKPOINT_RESTART))) {
      notBefore = System.nanoTime() + AFTER_BUSY.toNanos();
    }
  }

  /** Empties the log; false if a reader was in the way. */
  boolean truncate() throws SQLException {
    boolean done = checkpoint(Dialect.CHECKPOINT_TRUNCATE);
    truncateDue = !done;
    return done;
  }

  private synchronized boolean checkpoint(String sql) throws SQLException {
    long bytes = walBytes();
    long start = System.nanoTime();
    writer.run(Dialect.WAIT_SHORT);
    boolean done = writer.ask(sql).equals("0");
    writer.run(Dialect.WAIT_LONG);
    LOG.debug(
        "checkpoint of a log of {} bytes {} and took {} ms",
        bytes,
        done ? "is complete" : "waits for a reader",
        Duration.ofNanos(System.nanoTime() - start).toMillis());
    return done;
  }

  private long walBytes() {
    return wal.toFile().length();
  }
}

package chat.sotto.journal;

import java.sql.SQLException;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What happens by the clock: passive checkpoints, expiry of bodies, the hourly TRUNCATE. */
final class Upkeep {
  /** Bodies that one step of expiry deletes, so that it delays no batch for long. */
  static final int EXPIRE_MAX = 500;

  private final Tables connection;
  private final Writer writer;
  private final Checkpoints checkpoints;
  private final RecentBodies recentBodies;
  private final Clock clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> Readers.daemon(task, "sotto-journal-upkeep"));

  Upkeep(
      Tables connection,
      Writer writer,
      Checkpoints checkpoints,
      RecentBodies recentBodies,
      Clock clock) {
    this.connection = connection;
    this.writer = writer;
    this.checkpoints = checkpoints;
    this.recentBodies = recentBodies;
    this.clock = clock;
  }

  void start() {
    thread.scheduleWithFixedDelay(this::checkpoint, 1, 1, TimeUnit.SECONDS);
    thread.scheduleWithFixedDelay(this::expire, 0, 1, TimeUnit.MINUTES);
    thread.scheduleWithFixedDelay(checkpoints::requestTruncate, 1, 1, TimeUnit.HOURS);
  }

  private void checkpoint() {
    if (writer.hasFailed()) {
      return;
    }
    try {
      checkpoints.passive(connection);
      if (checkpoints.isTruncateDue()) {
        writer.wake();
      }
    } catch (SQLException e) {
      writer.fail(e);
    }
  }

  private void expire() {
    long now = clock.millis();
    writer
        .submit(0, tables -> tables.expireBodies(now, EXPIRE_MAX))
        .thenAccept(
            expired -> {
              if (expired == EXPIRE_MAX) {
                expire();
              } else {
                recentBodies.onExpired(now);
              }
            });
  }

  void close() throws SQLException, InterruptedException {
    thread.shutdownNow();
    thread.awaitTermination(1, TimeUnit.MINUTES);
    connection.close();
  }
}

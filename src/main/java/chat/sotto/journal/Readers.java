package chat.sotto.journal;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Threads that read, each with a connection; a read sees one committed state of the database. */
final class Readers {
  static final int COUNT = 4;

  private static final int CLOSE_SECONDS = 5;

  private final List<Tables> all;
  private final BlockingQueue<Tables> idle;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(COUNT, task -> daemon(task, "sotto-journal-reader"));

  /** @param connections {@link #COUNT} of them */
  Readers(List<Tables> connections) {
    this.all = List.copyOf(connections);
    this.idle = new LinkedBlockingQueue<>(connections);
  }

  static Thread daemon(Runnable task, String name) {
    var thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  interface Read<T> {
    T from(Tables tables) throws SQLException;
  }

  /** Runs a read; a continuation without an executor runs on the reader's thread. */
  <T> CompletableFuture<T> read(Read<T> read) {
    var result = new CompletableFuture<T>();
    try {
      threads.execute(() -> run(read, result));
    } catch (RejectedExecutionException closed) {
      result.completeExceptionally(new StoreClosedException(null));
    }
    return result;
  }

  private <T> void run(Read<T> read, CompletableFuture<T> result) {
    // As many threads as connections: there is one for each.
    Tables tables = idle.remove();
    try {
      result.complete(read.from(tables));
    } catch (Throwable e) {
      // All of them: Scala's Try throws checked exceptions that no signature names.
      result.completeExceptionally(e);
    } finally {
      idle.add(tables);
    }
  }

  /** Lets reads end, interrupts those that do not, and closes the connections. */
  void close() throws SQLException, InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
      for (Tables tables : all) {
        tables.interrupt();
      }
      threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
    for (Tables tables : all) {
      tables.close();
    }
  }
}

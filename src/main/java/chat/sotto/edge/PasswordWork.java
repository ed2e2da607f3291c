package chat.sotto.edge;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The only threads that hash passwords: one for two cores, with a short queue. Each rests as long as
 * it has worked, so that a flood of sign-ins leaves three quarters of the cores to those who are
 * signed in.
 */
final class PasswordWork implements AutoCloseable {
  /** Whoever hashed while the whole machine stood still does not rest for as long. */
  private static final Duration REST_MAX = Duration.ofMillis(500);

  private final ThreadPoolExecutor pool;

  PasswordWork(int queueMax) {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    this.pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queueMax),
            work -> {
              var thread = new Thread(work, "sotto-passwords");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** @return fails with {@link RejectedExecutionException} if the queue is full */
  <T> CompletionStage<T> run(Supplier<T> work) {
    try {
      return CompletableFuture.supplyAsync(work, this::execute);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void execute(Runnable hashing) {
    pool.execute(
        () -> {
          long begunNanos = System.nanoTime();
          hashing.run();
          long worked = System.nanoTime() - begunNanos;
          LockSupport.parkNanos(Math.min(worked, REST_MAX.toNanos()));
        });
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}

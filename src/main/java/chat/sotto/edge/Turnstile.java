package chat.sotto.edge;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets in those who connect, one after the other, and each when the pool is calm: a task given to
 * it begins at once. Whoever comes costs as much as many messages, and those who are in do not
 * wait for a crowd outside. A pool without end to its work still lets some in.
 *
 * <p>For one at a time. Those who wait are in the network's queue.
 */
final class Turnstile {
  private static final long PAUSE_MICROS = 500;
  private static final long CALM_NANOS = 500_000;

  /** Each core lets 20 in a second at least. */
  private static final long PATIENCE_NANOS_OF_CORE = 50_000_000;

  private final Executor pool;
  private final Executor afterPause;
  private final LongSupplier nanos;
  private final long patienceNanos;

  Turnstile(Executor pool) {
    this(
        pool,
        // A task of the pool's own is not behind others; one that a timer gives it is.
        CompletableFuture.delayedExecutor(PAUSE_MICROS, TimeUnit.MICROSECONDS, Runnable::run),
        System::nanoTime,
        Runtime.getRuntime().availableProcessors());
  }

  Turnstile(Executor pool, Executor afterPause, LongSupplier nanos, int cores) {
    this.pool = pool;
    this.afterPause = afterPause;
    this.nanos = nanos;
    patienceNanos = PATIENCE_NANOS_OF_CORE / cores;
  }

  /** @return completes on the pool; fails if the pool takes no work any more */
  CompletionStage<Void> pass() {
    return look(nanos.getAsLong());
  }

  private CompletionStage<Void> look(long begun) {
    return CompletableFuture.supplyAsync(nanos::getAsLong, afterPause)
        .thenApplyAsync(asked -> isOpen(asked, begun), pool)
        .thenCompose(isOpen -> isOpen ? Stages.now(null) : look(begun));
  }

  private boolean isOpen(long asked, long begun) {
    long now = nanos.getAsLong();
    return now - asked <= CALM_NANOS || now - begun >= patienceNanos;
  }
}

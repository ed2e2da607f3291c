package chat.sotto.edge;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Lets in those who come, one after the other, and each when the pool is calm: a task given to it
 * begins at once. Whoever comes costs as much as many messages, and those who are in do not wait
 * for a crowd outside. Where the pool is never calm, one is let in for each patience and the time
 * that the pool takes to begin a task.
 */
final class Turnstile {
  /** Whoever waited so long would give up before all else is done: clients wait for 10 s. */
  static final Duration WAIT_MAX = Duration.ofSeconds(5);

  /** Looks at the pool while one waits for as long as the patience, each after a pause. */
  private static final int LOOKS_MAX = 20;

  private static final long CALM_NANOS = 500_000;

  private record Waiting(CompletableFuture<Boolean> passed, long sinceNanos) {}

  private final Executor pool;
  private final Executor afterPause;
  private final LongSupplier nanos;
  private final long patienceNanos;
  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

  /** Of those who wait; whoever raises it from 0 begins to look. */
  private final AtomicInteger count = new AtomicInteger();

  /**
   * For a pool with a thread for each core.
   *
   * @param patienceOfCore how long one core is waited for; two are half as long
   */
  static Turnstile of(Executor pool, Duration patienceOfCore) {
    Duration patience = patienceOfCore.dividedBy(Runtime.getRuntime().availableProcessors());
    // What the last one leads to is seen only after a moment. The timer's own thread gives the
    // task: one from a thread of the pool waits for that thread alone.
    Executor afterPause =
        CompletableFuture.delayedExecutor(
            patience.toNanos() / LOOKS_MAX, TimeUnit.NANOSECONDS, Runnable::run);
    return new Turnstile(pool, patience, afterPause, System::nanoTime);
  }

  Turnstile(Executor pool, Duration patience, Executor afterPause, LongSupplier nanos) {
    this.pool = pool;
    this.afterPause = afterPause;
    this.nanos = nanos;
    patienceNanos = patience.toNanos();
  }

  /** @return false for who waited for more than {@link #WAIT_MAX} */
  CompletionStage<Boolean> pass() {
    var passed = new CompletableFuture<Boolean>();
    waiting.add(new Waiting(passed, nanos.getAsLong()));
    if (count.getAndIncrement() == 0) {
      turn();
    }
    return passed;
  }

  private void turn() {
    // Whatever fails, nobody stands before a closed door.
    untilOpen(nanos.getAsLong()).whenComplete((open, failure) -> letIn());
  }

  private CompletionStage<Void> untilOpen(long begun) {
    return CompletableFuture.supplyAsync(nanos::getAsLong, afterPause)
        .thenApplyAsync(asked -> isOpen(asked, begun), pool)
        .thenCompose(isOpen -> isOpen ? Stages.now(null) : untilOpen(begun));
  }

  private boolean isOpen(long asked, long begun) {
    long now = nanos.getAsLong();
    return now - asked <= CALM_NANOS || now - begun >= patienceNanos;
  }

  /** The first who still waits, and with that those before who waited too long. */
  private void letIn() {
    long now = nanos.getAsLong();
    boolean isIn;
    int left;
    do {
      Waiting next = waiting.remove();
      isIn = now - next.sinceNanos <= WAIT_MAX.toNanos();
      next.passed.complete(isIn);
      left = count.decrementAndGet();
    } while (!isIn && left > 0);
    if (left > 0) {
      turn();
    }
  }
}

package chat.sotto.journal;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * The one thread that writes, with group commit: what arrived while the last commit ran is the next
 * transaction, in the order of its arrival. After a commit it rests for a moment, so that under load
 * a transaction takes more changes: its pages and its sync are dear. What comes later than that is
 * written at once. Replies are given after the commit returned.
 *
 * <p>The queue has no bound of its own, since a full queue may not fail a persist: each entity has
 * one write in flight, the edge bounds its requests, and {@link Bodies} refuses more than {@link
 * #QUEUED_BYTES_MAX} before anything is stored.
 */
final class Writer {
  static final int BATCH_CHANGES_MAX = 1024;
  static final int BATCH_BYTES_MAX = 4 * 1024 * 1024;
  static final int QUEUED_BYTES_MAX = 64 * 1024 * 1024;
  private static final Duration REST = Duration.ofMillis(2);

  private final Tables tables;
  private final Checkpoints checkpoints;
  private final Executor replies;
  private final Consumer<Throwable> onFailure;
  private final Duration rest;
  private final LongConsumer parkNanos;
  private final BlockingQueue<Pending<?>> queue = new LinkedBlockingQueue<>();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::run, "sotto-journal-writer");
  private volatile boolean closing;
  private volatile boolean stopped;

  /** Touched by the thread alone. */
  private long restUntilNanos = System.nanoTime();

  /**
   * @param replies where promises are completed, in order
   * @param onFailure told once when a write failed for good
   */
  Writer(Tables tables, Checkpoints checkpoints, Executor replies, Consumer<Throwable> onFailure) {
    this(tables, checkpoints, replies, onFailure, REST, LockSupport::parkNanos);
  }

  /**
   * For tests.
   *
   * @param parkNanos waits for so long, or not at all if that is below 1
   */
  Writer(
      Tables tables,
      Checkpoints checkpoints,
      Executor replies,
      Consumer<Throwable> onFailure,
      Duration rest,
      LongConsumer parkNanos) {
    this.tables = tables;
    this.checkpoints = checkpoints;
    this.replies = replies;
    this.onFailure = onFailure;
    this.rest = rest;
    this.parkNanos = parkNanos;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** One step of a transaction; it happens whole or not at all. */
  interface Change<T> {
    T apply(Tables tables) throws SQLException;
  }

  /**
   * A change that happens whole or not at all by itself: it needs no savepoint, which takes as long
   * as many a change.
   */
  record Whole<T>(Change<T> change) implements Change<T> {
    @Override
    public T apply(Tables tables) throws SQLException {
      return change.apply(tables);
    }
  }

  /** Queues a change. Fails with the change's own exception or {@link StoreClosedException}. */
  <T> CompletableFuture<T> submit(int bytes, Change<T> change) {
    return submit(bytes, change, () -> {});
  }

  /** As {@link #submit}. @param committed runs before the reply, in the order of the queue */
  <T> CompletableFuture<T> submit(int bytes, Change<T> change, Runnable committed) {
    return submit(new Pending<>(bytes, true, change, committed));
  }

  /** Completes once everything queued before it is committed or has failed. */
  CompletableFuture<Void> barrier() {
    return submit(nothing());
  }

  private <T> CompletableFuture<T> submit(Pending<T> pending) {
    if (closing || failure.get() != null) {
      return CompletableFuture.failedFuture(new StoreClosedException(failure.get()));
    }
    queuedBytes.addAndGet(pending.bytes);
    queue.add(pending);
    // The thread may have ended since the check above: then whoever removes it answers it.
    if (stopped && queue.remove(pending)) {
      pending.fail(new StoreClosedException(failure.get()));
    }
    return pending.reply;
  }

  long queuedBytes() {
    return queuedBytes.get();
  }

  boolean hasFailed() {
    return failure.get() != null;
  }

  /** Stops for good: no later write is tried, since what is on disk is not known any more. */
  void fail(Throwable cause) {
    if (failure.compareAndSet(null, cause)) {
      wake();
      onFailure.accept(cause);
    }
  }

  /** Has the thread look at {@link Checkpoints} even if nothing is to be written. */
  void wake() {
    queue.add(nothing());
  }

  private static Pending<Void> nothing() {
    return new Pending<>(0, false, ignored -> null, () -> {});
  }

  /** Commits what is queued and ends the thread. */
  void close() throws InterruptedException {
    closing = true;
    wake();
    thread.join();
  }

  private void run() {
    while (failure.get() == null && !(closing && queue.isEmpty())) {
      serve();
    }
    stopped = true;
    for (Pending<?> rest = queue.poll(); rest != null; rest = queue.poll()) {
      rest.fail(new StoreClosedException(failure.get()));
    }
  }

  private void serve() {
    var batch = new ArrayList<Pending<?>>();
    try {
      take(batch);
      Throwable failed = failure.get();
      if (failed != null) {
        batch.forEach(pending -> pending.fail(new StoreClosedException(failed)));
        return;
      }
      if (batch.stream().anyMatch(pending -> pending.writes)) {
        commit(batch);
        restUntilNanos = System.nanoTime() + rest.toNanos();
      }
      replies.execute(() -> batch.forEach(Pending::complete));
      checkpoints.betweenBatches();
    } catch (Throwable e) {
      batch.forEach(pending -> pending.fail(new StoreClosedException(e)));
      fail(e);
    } finally {
      batch.forEach(pending -> queuedBytes.addAndGet(-pending.bytes));
    }
  }

  private void take(List<Pending<?>> batch) throws InterruptedException {
    batch.add(queue.take());
    boolean isFull = queue.size() >= BATCH_CHANGES_MAX || queuedBytes.get() >= BATCH_BYTES_MAX;
    if (batch.get(0).writes && !closing && !isFull) {
      parkNanos.accept(restUntilNanos - System.nanoTime());
    }
    long bytes = batch.get(0).bytes;
    Pending<?> next = queue.peek();
    while (next != null
        && batch.size() < BATCH_CHANGES_MAX
        && bytes + next.bytes <= BATCH_BYTES_MAX) {
      batch.add(queue.remove());
      bytes += next.bytes;
      next = queue.peek();
    }
  }

  private void commit(List<Pending<?>> batch) throws SQLException {
    try {
      tables.run(Dialect.BEGIN);
      for (Pending<?> pending : batch) {
        pending.apply(tables);
      }
      tables.run(Dialect.COMMIT);
    } catch (SQLException | RuntimeException | Error e) {
      rollBack(e);
      throw e;
    }
  }

  /** Frees the lock for whoever opens the file next; the transaction is lost anyway. */
  private void rollBack(Throwable cause) {
    try {
      tables.run(Dialect.ROLLBACK);
    } catch (SQLException alreadyRolledBack) {
      cause.addSuppressed(alreadyRolledBack);
    }
  }

  private static final class Pending<T> {
    final int bytes;
    final boolean writes;
    final Change<T> change;
    final Runnable committed;
    final CompletableFuture<T> reply = new CompletableFuture<>();
    T result;
    Throwable refusal;

    Pending(int bytes, boolean writes, Change<T> change, Runnable committed) {
      this.bytes = bytes;
      this.writes = writes;
      this.change = change;
      this.committed = committed;
    }

    /** Throws only if the whole transaction is lost; a refused change leaves no trace in it. */
    void apply(Tables tables) throws SQLException {
      try {
        result = change instanceof Whole ? change.apply(tables) : tables.whole(change);
      } catch (SQLException e) {
        if (!Dialect.isRefusal(e)) {
          throw e;
        }
        refusal = new RefusedWriteException("the database refused a write", e);
      } catch (RuntimeException e) {
        refusal = e;
      }
    }

    void complete() {
      if (refusal == null) {
        committed.run();
        reply.complete(result);
      } else {
        reply.completeExceptionally(refusal);
      }
    }

    void fail(Throwable cause) {
      reply.completeExceptionally(cause);
    }
  }
}

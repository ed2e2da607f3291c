package chat.sotto.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Verifies signatures beside the replay, in batches. When more wait than the threads can do,
 * whoever brings the next batch verifies it: so what waits is bounded.
 */
final class Signatures {
  private static final int BATCH = 32;
  private static final int WAITING_BATCHES = 64;

  private final boolean wanted;
  private final Findings findings;
  private final Tally tally;
  private final ThreadPoolExecutor pool;

  /** @param holds verifies it */
  private record Check(String entity, long number, Supplier<String> whose, BooleanSupplier holds) {}

  Signatures(boolean wanted, int threads, Findings findings, Tally tally) {
    this.wanted = wanted;
    this.findings = findings;
    this.tally = tally;
    this.pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            1,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_BATCHES),
            Signatures::daemon,
            new ThreadPoolExecutor.CallerRunsPolicy());
  }

  private static Thread daemon(Runnable task) {
    var thread = new Thread(task, "sotto-audit-signatures");
    thread.setDaemon(true);
    return thread;
  }

  /** Those of one entity; used by one thread. */
  final class Batch {
    private final String entity;
    private List<Check> checks = new ArrayList<>();

    private Batch(String entity) {
      this.entity = entity;
    }

    /** @param whose in words, such as {@code the account key's, over the device list} */
    void add(long number, Supplier<String> whose, BooleanSupplier holds) {
      if (wanted) {
        checks.add(new Check(entity, number, whose, holds));
        if (checks.size() == BATCH) {
          submit();
        }
      }
    }

    void submit() {
      List<Check> batch = checks;
      checks = new ArrayList<>();
      if (!batch.isEmpty()) {
        pool.execute(() -> verifyAll(batch));
      }
    }
  }

  Batch of(String entity) {
    return new Batch(entity);
  }

  /** What nobody could verify must never count as good. */
  private void verifyAll(List<Check> batch) {
    try {
      batch.forEach(this::verify);
    } catch (Error e) {
      Check first = batch.get(0);
      findings.add(
          new Finding(
              Finding.Code.FILE_DAMAGED,
              first.entity(),
              first.number(),
              "signatures that can be verified",
              e.toString()));
    }
  }

  private void verify(Check check) {
    tally.count(Counted.SIGNATURES);
    if (!holds(check)) {
      findings.add(
          new Finding(
              Finding.Code.SIGNATURE_WRONG,
              check.entity(),
              check.number(),
              "a signature of " + check.whose().get(),
              "one that is not"));
    }
  }

  private static boolean holds(Check check) {
    try {
      return check.holds().getAsBoolean();
    } catch (RuntimeException | StackOverflowError malformed) {
      return false;
    }
  }

  /** Waits until all are verified; none is brought any more. */
  void finish() {
    pool.shutdown();
    try {
      pool.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      pool.shutdownNow();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the audit was interrupted", e);
    }
  }
}

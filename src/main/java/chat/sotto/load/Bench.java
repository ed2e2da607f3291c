package chat.sotto.load;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What a scenario works with: the server, those who use it, and the clock. */
final class Bench implements AutoCloseable {
  private static final int LOOPS = 2;
  private static final Duration TOLD_EVERY = Duration.ofSeconds(1);
  private static final Duration SETTLE_TIME_MAX = Duration.ofSeconds(60);
  private static final Duration RUN_TIME_MAX = Duration.ofMinutes(30);
  private static final long PAUSE_NANOS = 200_000;
  private static final double BUSY = 0.9;

  final Plan plan;
  final Target target;
  final Progress progress;
  final Figures figures = new Figures();
  final Loops loops = new Loops(LOOPS);
  final Dialer dialer;
  final Crew crew;
  private Optional<Usage> serverBefore = Optional.empty();
  private Usage ownBefore;
  private Map<Long, Long> threadsBefore;

  Bench(Plan plan, Target target, Progress progress) {
    this.plan = plan;
    this.target = target;
    this.progress = progress;
    dialer = new Dialer(target.url());
    crew = new Crew(loops, dialer, progress, plan.acknowledgeAfter());
  }

  /** Another for the same run, of whose threads what is measured here does not have to wait. */
  Bench beside() {
    return new Bench(plan, target, progress);
  }

  /** The server's process; empty if it is not known. */
  Optional<Usage> serverNow() {
    return target.process().map(Usage::of);
  }

  void beginUsage() {
    serverBefore = serverNow();
    ownBefore = Usage.of(ProcessHandle.current());
    threadsBefore = Loops.cpuNanos();
  }

  /** Says what was used since the beginning, and whether that was the generator's limit. */
  void endUsage(long messages) {
    Usage own = Usage.of(ProcessHandle.current());
    double seconds = own.secondsSince(ownBefore);
    double ownCores = own.cpuSecondsSince(ownBefore) / seconds;
    int cores = Runtime.getRuntime().availableProcessors();
    Optional<Usage> server = serverNow();
    if (server.isPresent() && serverBefore.isPresent()) {
      double cpu = server.get().cpuSecondsSince(serverBefore.get());
      if (messages > 0) {
        figures.add(
            "serverCpuSecondsPer10000", "server CPU a 10,000", "%.2f s", cpu * 10_000 / messages);
      }
      figures.add("serverCores", "server, cores busy", "%.2f", cpu / seconds);
      addMemory(server.get());
      judge(ownCores, cpu / seconds, cores);
    }
    figures.add("generatorCores", "generator, cores busy", "%.2f of " + cores, ownCores);
    double busiest = busiestThread(seconds);
    if (busiest > BUSY) {
      figures.note(
          "A thread of the generator was busy %.0f %% of the time: the generator is the limit."
              .formatted(busiest * 100));
    }
  }

  /** As {@link #endUsage}, in one row, where a run has several parts. */
  void endUsage(String key, String label) {
    Usage own = Usage.of(ProcessHandle.current());
    double seconds = own.secondsSince(ownBefore);
    double generator = own.cpuSecondsSince(ownBefore) / seconds;
    Optional<Double> server =
        serverNow().map(now -> now.cpuSecondsSince(serverBefore.orElseThrow()) / seconds);
    figures.addCores(key, label, server, generator);
  }

  private void addMemory(Usage server) {
    server.residentKib()
        .ifPresent(
            kib -> figures.add("serverResidentKib", "server, resident", "%,d KiB", kib));
    server.threads().ifPresent(n -> figures.add("serverThreads", "server, threads", "%,d", n));
    server.files().ifPresent(n -> figures.add("serverFiles", "server, open files", "%,d", n));
  }

  private void judge(double own, double server, int cores) {
    if (own + server > BUSY * cores) {
      figures.note(
          "All %d cores were busy, %.0f %% of that with the generator: the server alone could do"
                  .formatted(cores, 100 * own / (own + server))
              + " more. Only runs on the same machine compare.");
    } else if (own > server) {
      figures.note(
          "The generator used more of the processor than the server: %.2f to %.2f cores."
              .formatted(own, server));
    }
  }

  private double busiestThread(double seconds) {
    return Loops.cpuNanos().entrySet().stream()
        .mapToLong(now -> now.getValue() - threadsBefore.getOrDefault(now.getKey(), 0L))
        .mapToDouble(nanos -> nanos / 1e9 / seconds)
        .max()
        .orElse(0);
  }

  /** Waits, and tells how it goes. */
  void pass(Duration time, Supplier<String> words) {
    long end = System.nanoTime() + time.toNanos();
    until(() -> System.nanoTime() >= end, time.plus(SETTLE_TIME_MAX), words);
  }

  /** @throws LoadException if it does not come true in a minute */
  void settle(BooleanSupplier isSettled, Supplier<String> words) {
    until(isSettled, SETTLE_TIME_MAX, words);
  }

  /** Waits as long as the run takes: something always happens meanwhile. */
  void wait(BooleanSupplier isTrue, Supplier<String> words) {
    until(isTrue, RUN_TIME_MAX, words);
  }

  /**
   * Waits for the last that a run is to bring, or until nothing has come for as long as the plan's
   * patience goes: what is missing then, is for the run to count.
   *
   * @param come rises with each that comes
   */
  void awaitLast(BooleanSupplier isAll, LongSupplier come, Supplier<String> words) {
    var calm = new Calm(come, plan.patience().toNanos());
    until(() -> isAll.getAsBoolean() || calm.lasts(), RUN_TIME_MAX, words);
  }

  /** Notices that a count does not rise any more. */
  private static final class Calm {
    private final LongSupplier count;
    private final long nanosMax;
    private long seen;
    private long sinceNanos = System.nanoTime();

    Calm(LongSupplier count, long nanosMax) {
      this.count = count;
      this.nanosMax = nanosMax;
      seen = count.getAsLong();
    }

    boolean lasts() {
      long now = System.nanoTime();
      long counted = count.getAsLong();
      if (counted != seen) {
        seen = counted;
        sinceNanos = now;
      }
      return now - sinceNanos > nanosMax;
    }
  }

  /** A server of its own starts anew, so that what came before costs no memory any more. */
  void restart() {
    if (target instanceof OwnServer own) {
      own.stop();
      own.start();
    }
  }

  /** What the server holds in memory, garbage not counted; empty if nothing can tell. */
  OptionalLong liveHeap() {
    return target.process().map(Heap::liveBytes).orElse(OptionalLong.empty());
  }

  private void until(BooleanSupplier isTrue, Duration timeMax, Supplier<String> words) {
    long begun = System.nanoTime();
    long told = begun;
    while (!isTrue.getAsBoolean()) {
      loops.requireNoFault();
      LockSupport.parkNanos(10 * PAUSE_NANOS);
      long now = System.nanoTime();
      if (now - begun > timeMax.toNanos()) {
        throw new LoadException("waited too long: " + words.get());
      }
      if (now - told > TOLD_EVERY.toNanos()) {
        told = now;
        progress.at(words.get());
      }
    }
    loops.requireNoFault();
  }

  /**
   * Asks for something at a steady rate from now on, however long each takes: who is asked late,
   * because the machine was busy, is told when it was due.
   */
  AutoCloseable atRate(int aSecond, LongConsumer due) {
    long begun = System.nanoTime();
    var pacer =
        Loops.daemon(
            () -> {
              long count = 0;
              while (!Thread.currentThread().isInterrupted()) {
                long dueNanos = begun + count * 1_000_000_000L / aSecond;
                if (dueNanos <= System.nanoTime()) {
                  due.accept(dueNanos);
                  count++;
                } else {
                  LockSupport.parkNanos(Math.min(PAUSE_NANOS, dueNanos - System.nanoTime()));
                }
              }
            });
    pacer.start();
    return () -> {
      pacer.interrupt();
      pacer.join();
    };
  }

  @Override
  public void close() {
    loops.close();
  }
}

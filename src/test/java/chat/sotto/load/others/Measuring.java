package chat.sotto.load.others;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Paces messages to a server, and counts and times what came of them. */
final class Measuring implements AutoCloseable {
  private static final int LOOPS = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 20;

  final AtomicLong sent = new AtomicLong();
  final AtomicLong delivered = new AtomicLong();
  private final Plan plan;
  private final List<Loop> loops = new ArrayList<>();
  private final Recorder latencies = new Recorder(3);
  private volatile boolean isOpen = true;

  /**
   * What is done.
   *
   * @param window messages of a pair that are under way at once, without a rate
   * @param rate messages a second of all pairs together
   * @param size bytes of a body
   */
  record Plan(
      int pairs,
      int window,
      OptionalInt rate,
      int members,
      int posters,
      int size,
      Duration warmUp,
      Duration seconds) {}

  /**
   * What it came to.
   *
   * @param cpuSeconds of the server, for 10,000 deliveries
   */
  record Result(
      double deliveredPerSecond,
      double p50,
      double p99,
      double cpuSeconds,
      double generatorCores,
      long lost) {}

  Measuring(Plan plan) throws IOException {
    this.plan = plan;
    for (int i = 0; i < LOOPS; i++) {
      loops.add(new Loop());
    }
  }

  /** The one for the connection of that number. */
  Loop loop(int number) {
    return loops.get(number % LOOPS);
  }

  /** @param dueNanos when the message was to be sent, as {@link System#nanoTime} */
  void heard(long dueNanos) {
    latencies.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - dueNanos));
    delivered.incrementAndGet();
  }

  /** Whether each message that was heard makes room for another. */
  boolean isNextDue() {
    return isOpen && plan.rate().isEmpty();
  }

  /** At the rate of the plan, or a window for each. @param senders told when a message is due */
  void begin(List<LongConsumer> senders) {
    if (plan.rate().isPresent()) {
      pace(senders);
    } else {
      for (int i = 0; i < plan.window(); i++) {
        senders.forEach(one -> one.accept(System.nanoTime()));
      }
    }
  }

  /** Each message at its time, whatever happened to those before. */
  private void pace(List<LongConsumer> senders) {
    long gapNanos = TimeUnit.SECONDS.toNanos(1) / plan.rate().getAsInt();
    long due = System.nanoTime();
    for (int nr = 0; isOpen; nr = (nr + 1) % senders.size()) {
      LockSupport.parkNanos(due - System.nanoTime());
      senders.get(nr).accept(due);
      due += gapNanos;
    }
  }

  /**
   * Warms up, then counts, then waits for what is under way.
   *
   * @param hearers of each message
   */
  Result measured(ProcessHandle server, Runnable pacing, int hearers)
      throws InterruptedException {
    var pacer = new Thread(pacing, "other-pace");
    pacer.setDaemon(true);
    pacer.start();
    TimeUnit.NANOSECONDS.sleep(plan.warmUp().toNanos());
    requireNoFault();
    latencies.reset();
    long before = delivered.get();
    long cpuBefore = cpuNanos(server);
    long ownBefore = cpuNanos(ProcessHandle.current());
    long begun = System.nanoTime();
    TimeUnit.NANOSECONDS.sleep(plan.seconds().toNanos());
    long count = delivered.get() - before;
    double seconds = (System.nanoTime() - begun) / 1e9;
    double cpu = (cpuNanos(server) - cpuBefore) / 1e9;
    double own = (cpuNanos(ProcessHandle.current()) - ownBefore) / 1e9;
    Histogram all = latencies.getIntervalHistogram();
    isOpen = false;
    pacer.join();
    await(() -> delivered.get() == sent.get() * hearers, delivered);
    requireNoFault();
    return new Result(
        count / seconds,
        all.getValueAtPercentile(50) / 1e3,
        all.getValueAtPercentile(99) / 1e3,
        cpu * 10_000 / count,
        own / seconds,
        sent.get() * hearers - delivered.get());
  }

  private static long cpuNanos(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  /** Until it holds, or nothing has happened for long. */
  void await(BooleanSupplier condition, AtomicLong happened)
      throws InterruptedException {
    long last = -1;
    long until = 0;
    while (!condition.getAsBoolean()) {
      if (happened.get() != last) {
        last = happened.get();
        until = System.nanoTime() + PATIENCE.toNanos();
      } else if (System.nanoTime() > until) {
        return;
      }
      requireNoFault();
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  void requireNoFault() {
    loops.forEach(Loop::requireNoFault);
  }

  /** The server is to end, and with it the connections that there are. */
  void expectTheEnd() {
    loops.forEach(Loop::expectTheEnd);
  }

  @Override
  public void close() {
    loops.forEach(Loop::close);
  }
}

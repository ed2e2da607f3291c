package chat.sotto.load;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Pairs at a steady pace, of whom is measured what they notice of one thing after the other. */
final class SteadyPairs {
  private static final int DEFAULT_RATE = 500;

  private final Bench bench;
  private final Measured measured = new Measured();
  private final Pairs pairs;
  private double quietMs;

  SteadyPairs(Bench bench) {
    this.bench = bench;
    pairs = new Pairs(bench, measured, Pairs.Until.DELIVERED);
  }

  static int rate(Plan plan) {
    return plan.rate().orElse(DEFAULT_RATE);
  }

  void meet() {
    pairs.meet();
  }

  /** They write so long, and nothing of it counts. */
  void warmUp(Duration time) throws Exception {
    try (var pacer = write()) {
      bench.pass(time, () -> "warming up: " + pairs.words());
    }
    pairs.stop();
    pairs.settle();
  }

  /** With nothing else going on. @param settling before it counts */
  void measureQuiet(Duration settling) throws Exception {
    quietMs = measure("quiet", "quiet", settling);
  }

  /**
   * Beside something else, compared with what was quiet.
   *
   * @param key what there is to notice, as its figures begin
   * @param label the same for people
   * @param settling before it counts
   */
  void measureBeside(String key, String label, Duration settling) throws Exception {
    double ms = measure(key, label, settling);
    bench.figures.add(
        key + "ToQuiet", "its p99 to that when quiet", "%,.2f times", ms / quietMs);
  }

  /** For the seconds of the plan, and waits for the last that was due. */
  private double measure(String key, String label, Duration before) throws Exception {
    try (var pacer = write()) {
      bench.pass(before, () -> label + ", not counted yet: " + pairs.words());
      bench.beginUsage();
      measured.begin();
      bench.pass(bench.plan.seconds(), () -> label + ": " + pairs.words());
      measured.end();
      bench.endUsage(key + "Cores", "cores busy, " + label);
    }
    pairs.stop();
    pairs.settle();
    return bench.figures.addLatency(
        key + "DeliveredAfterMs", "until delivered, " + label, measured.deliveredAfter);
  }

  private AutoCloseable write() {
    var count = new AtomicLong();
    return bench.atRate(
        rate(bench.plan), due -> pairs.send(count.getAndIncrement(), due));
  }

  void tellLosses() {
    pairs.tellLosses();
  }
}

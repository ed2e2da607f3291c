package chat.sotto.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Pairs at half of what the server can carry, for long, while somebody comes and goes without a
 * pause: what it uses must not grow.
 */
final class Soak implements Workload {
  private static final Duration SAMPLE_EVERY = Duration.ofSeconds(10);
  private static final int SAMPLES_LEAST = 8;

  /** A heap is looked at less often, as that stops the server for a moment. */
  private static final int SAMPLES_A_HEAP = 4;

  private static final int COMERS = 1;
  private static final double GROWTH_MAX = 0.2;
  private static final double MIB = 1 << 20;

  /** More than these, whatever the share. */
  private static final double HEAP_MIB_FREE = 16;

  private static final double COUNT_FREE = 8;

  private final List<Usage> samples = new ArrayList<>();
  private final List<Long> heaps = new ArrayList<>();

  @Override
  public void run(Bench bench) throws Exception {
    var measured = new Measured();
    var pairs = new Pairs(bench, measured, Pairs.Until.DELIVERED);
    pairs.meet();
    int half = bench.plan.rate().orElseGet(() -> halfOfWhatGoes(bench, measured, pairs));
    bench.figures.add("rate", "messages/s", "%,d", half);
    var comers = new Returning(bench, COMERS);
    comers.register();
    Rush coming = Rush.ofDying(bench, comers.members());
    coming.begin();
    var count = new AtomicLong();
    bench.beginUsage();
    measured.begin();
    try (var pacer =
        bench.atRate(half, due -> pairs.send(count.getAndIncrement(), due))) {
      watch(bench, pairs);
    }
    measured.end();
    pairs.stop();
    pairs.settle();
    coming.end();
    bench.endUsage(count.get());
    bench.figures.addLatency("deliveredAfterMs", "until delivered", measured.deliveredAfter);
    tellGrowth(bench.figures, "threads", "threads", known(Usage::threads), COUNT_FREE);
    tellGrowth(bench.figures, "files", "open files", known(Usage::files), COUNT_FREE);
    tellGrowth(
        bench.figures,
        "heapMiB",
        "heap without garbage, MiB",
        heaps.stream().map(bytes -> bytes / MIB).toList(),
        HEAP_MIB_FREE);
    coming.tell(bench.figures, "returns", "came and went", "not let in when they came");
    pairs.tellLosses();
  }

  private static int halfOfWhatGoes(Bench bench, Measured measured, Pairs pairs) {
    pairs.open(Integer.MAX_VALUE);
    bench.pass(bench.plan.warmUp(), () -> "warming up: " + pairs.words());
    measured.begin();
    bench.pass(bench.plan.seconds(), () -> "how much goes: " + pairs.words());
    measured.end();
    pairs.stop();
    pairs.settle();
    double rate = measured.delivered.sum() / measured.seconds();
    measured.deliveredAfter.reset();
    return Math.max(1, (int) (rate / 2));
  }

  private void watch(Bench bench, Pairs pairs) {
    Duration all = bench.plan.soak();
    long count = Math.max(SAMPLES_LEAST, all.dividedBy(SAMPLE_EVERY));
    for (int i = 1; i <= count; i++) {
      bench.pass(all.dividedBy(count), pairs::words);
      bench.serverNow().ifPresent(samples::add);
      if (i % SAMPLES_A_HEAP == 0) {
        bench.liveHeap().ifPresent(heaps::add);
      }
    }
  }

  private List<Double> known(Function<Usage, OptionalLong> what) {
    return samples.stream()
        .map(what)
        .filter(OptionalLong::isPresent)
        .map(value -> (double) value.getAsLong())
        .toList();
  }

  /** Compares the last quarter with the second: the first is the start. */
  static void tellGrowth(
      Figures figures, String key, String label, List<Double> values, double free) {
    if (values.size() < 2) {
      figures.addUnjudged(key, label);
      return;
    }
    int quarter = values.size() / 4;
    double early = mean(values.subList(quarter, Math.max(quarter + 1, 2 * quarter)));
    double late = mean(values.subList(values.size() - Math.max(1, quarter), values.size()));
    boolean isFlat = late <= early * (1 + GROWTH_MAX) + free;
    figures.addGrowth(key, label, early, late, isFlat);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(value -> value).average().orElseThrow();
  }
}

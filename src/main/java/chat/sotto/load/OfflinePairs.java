package chat.sotto.load;

import java.time.Duration;
import java.util.OptionalLong;
import org.HdrHistogram.Recorder;

/** W2: messages to people who are offline; then these come back. */
final class OfflinePairs implements Workload {
  private static final long MIB = 1 << 20;

  @Override
  public void run(Bench bench) throws Exception {
    var measured = new Measured();
    var pairs = new Pairs(bench, measured, Pairs.Until.ACCEPTED);
    pairs.meet();
    pairs.part(1);
    if (bench.plan.messages().isPresent()) {
      comeAndGo(bench, pairs);
    }
    OptionalLong heapBefore = bench.liveHeap();
    accept(bench, measured, pairs);
    tellHeap(bench, heapBefore, pairs.accepted());
    drain(bench, pairs);
    bench.figures.add("refusals", "told to send again", "%,d", pairs.refusals());
    pairs.tellLosses();
  }

  /** For as long as the warm-up: where messages are counted, they are none. */
  private static void comeAndGo(Bench bench, Pairs pairs) {
    var uncounted = new Recorder(3);
    long end = System.nanoTime() + bench.plan.warmUp().toNanos();
    while (System.nanoTime() < end) {
      pairs.comeBack(uncounted);
      pairs.part(1);
    }
  }

  /** By time, or until there are as many as asked for. */
  private static void accept(Bench bench, Measured measured, Pairs pairs) {
    Plan plan = bench.plan;
    int each = plan.messages().orElse(Integer.MAX_VALUE) / plan.pairs();
    pairs.open(plan.messages().isPresent() ? Math.max(1, each) : Integer.MAX_VALUE);
    Duration warmUp = plan.messages().isPresent() ? Duration.ZERO : plan.warmUp();
    bench.pass(warmUp, () -> "warming up: " + pairs.words());
    bench.beginUsage();
    measured.begin();
    if (plan.messages().isPresent()) {
      bench.wait(
          () -> pairs.areAccepted((long) Math.max(1, each) * plan.pairs()), pairs::words);
    } else {
      bench.pass(plan.seconds(), pairs::words);
    }
    measured.end();
    bench.figures.add(
        "acceptedPerSecond",
        "accepted/s",
        "%,.0f",
        measured.accepted.sum() / measured.seconds());
    bench.endUsage(measured.accepted.sum());
    pairs.stop();
    bench.figures.addLatency("acceptedAfterMs", "until accepted", measured.acceptedAfter);
  }

  private static void tellHeap(Bench bench, OptionalLong before, long waiting) {
    OptionalLong after = bench.liveHeap();
    if (before.isPresent() && after.isPresent()) {
      double mib = (double) (after.getAsLong() - before.getAsLong()) / MIB;
      bench.figures.add(
          "waitingHeapMiB", "server, heap for %,d waiting".formatted(waiting), "%.1f MiB", mib);
    }
  }

  private static void drain(Bench bench, Pairs pairs) {
    long waiting = pairs.accepted();
    var firstHeard = new Recorder(3);
    bench.beginUsage();
    long begun = System.nanoTime();
    pairs.comeBack(firstHeard);
    pairs.settle();
    double seconds = (System.nanoTime() - begun) / 1e9;
    bench.figures.add("drainedPerSecond", "drained/s", "%,.0f", waiting / seconds);
    bench.figures.addLatency("firstHeardAfterMs", "from dialling to the first", firstHeard);
  }
}

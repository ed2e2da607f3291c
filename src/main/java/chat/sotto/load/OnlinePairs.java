package chat.sotto.load;

import java.util.concurrent.atomic.AtomicLong;

/** W1: each message is accepted, delivered at once, and acknowledged. */
final class OnlinePairs implements Workload {
  @Override
  public void run(Bench bench) throws Exception {
    var measured = new Measured();
    var pairs = new Pairs(bench, measured, Pairs.Until.DELIVERED);
    pairs.meet();
    if (bench.plan.rate().isPresent()) {
      var count = new AtomicLong();
      int rate = bench.plan.rate().getAsInt();
      try (var pacer =
          bench.atRate(rate, due -> pairs.send(count.getAndIncrement(), due))) {
        measure(bench, measured, pairs);
      }
    } else {
      pairs.open(Integer.MAX_VALUE);
      measure(bench, measured, pairs);
    }
    pairs.stop();
    pairs.settle();
    bench.figures.addLatency("deliveredAfterMs", "until delivered", measured.deliveredAfter);
    bench.figures.addLatency("acceptedAfterMs", "until accepted", measured.acceptedAfter);
    bench.figures.addNone(
        "unacknowledged", "recipients who had not acknowledged", pairs.unacknowledged());
    bench.figures.add("refusals", "told to send again", "%,d", pairs.refusals());
    pairs.tellLosses();
  }

  private static void measure(Bench bench, Measured measured, Pairs pairs) {
    bench.pass(bench.plan.warmUp(), () -> "warming up: " + pairs.words());
    bench.beginUsage();
    measured.begin();
    bench.pass(bench.plan.seconds(), pairs::words);
    measured.end();
    double seconds = measured.seconds();
    Figures figures = bench.figures;
    figures.add(
        "deliveredPerSecond", "delivered/s", "%,.0f", measured.delivered.sum() / seconds);
    figures.add("acceptedPerSecond", "accepted/s", "%,.0f", measured.accepted.sum() / seconds);
    bench.endUsage(measured.delivered.sum());
  }
}

package chat.sotto.load;

import chat.sotto.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * W6: how many come back a second; and what people notice who write to one another at a steady rate
 * while others, in great numbers, try passwords.
 */
final class SignIns implements Workload {
  private static final int DEFAULT_RATE = 500;
  private static final int FLOODING = 64;

  private final LongAdder tried = new LongAdder();
  private final LongAdder turnedAway = new LongAdder();
  private volatile boolean isFlooding;

  @Override
  public void run(Bench bench) throws Exception {
    var everybody = new Returning(bench);
    everybody.register();
    bench.restart();
    bench.beginUsage();
    double seconds = everybody.resume();
    bench.figures.add(
        "resumesPerSecond", "came back/s", "%,.0f", bench.plan.connections() / seconds);
    bench.endUsage(0);
    everybody.leave();
    var measured = new Measured();
    var pairs = new Pairs(bench, measured, Pairs.Until.DELIVERED);
    pairs.meet();
    measure(bench, measured, "quiet", pairs);
    long begun = System.nanoTime();
    flood(bench, everybody.members());
    bench.wait(() -> tried.sum() > 0, () -> "the flood begins");
    measure(bench, measured, "flooded", pairs);
    isFlooding = false;
    double floodSeconds = (System.nanoTime() - begun) / 1e9;
    bench.figures.add(
        "passwordsPerSecond", "wrong passwords checked/s", "%,.1f", tried.sum() / floodSeconds);
    bench.figures.add(
        "turnedAwayPerSecond", "turned away/s", "%,.1f", turnedAway.sum() / floodSeconds);
    pairs.tellLosses();
  }

  /** Warms up, then measures, and waits for the last that was due. */
  private static void measure(Bench bench, Measured measured, String when, Pairs pairs)
      throws Exception {
    var count = new AtomicLong();
    int rate = bench.plan.rate().orElse(DEFAULT_RATE);
    try (var pacer =
        bench.atRate(rate, due -> pairs.send(count.getAndIncrement(), due))) {
      bench.pass(bench.plan.warmUp(), () -> "warming up: " + pairs.words());
      measured.begin();
      bench.pass(bench.plan.seconds(), () -> when + ": " + pairs.words());
      measured.end();
    }
    pairs.stop();
    pairs.settle();
    bench.figures.addLatency(
        when + "DeliveredAfterMs", "until delivered, " + when, measured.deliveredAfter);
  }

  /** So many at a time, each with the wrong password, and at once again. */
  private void flood(Bench bench, List<Member> victims) {
    isFlooding = true;
    var attempts = new ArrayList<Integer>();
    for (int i = 0; i < FLOODING; i++) {
      attempts.add(i);
    }
    attempts.forEach(i -> attempt(bench, victims, i));
  }

  private void attempt(Bench bench, List<Member> victims, int number) {
    Member victim = victims.get(number % victims.size());
    var coming = new Crew.Coming(victim, victim::loginWrongly, new Line.Ear() {});
    bench.crew
        .open(coming, number)
        .whenComplete(
            (line, refused) -> {
              count(refused);
              if (isFlooding) {
                attempt(bench, victims, number + FLOODING);
              }
            });
  }

  private void count(Throwable refused) {
    Throwable cause = refused instanceof CompletionException ? refused.getCause() : refused;
    if (cause instanceof RefusedException known && known.code() == ErrorCode.SIGN_IN_FAILED) {
      tried.increment();
    } else {
      turnedAway.increment();
    }
  }
}

package chat.sotto.load;

import chat.sotto.protocol.Limits;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Recorder;

/** People who are online and do not read, and those who write to them all the same. */
final class SlowReceivers {
  /** What is kept for them between two sockets of one machine comes to 100 MB. */
  private static final int COUNT_MAX = 25;

  /**
   * So that the network's 4 MB are full before the server has pushed all that it pushes without an
   * acknowledgement: with half of that, this would be what stops it.
   */
  private static final int SIZE = 8 * 1024;

  private static final int BEFORE = Limits.DEFAULT.entriesInFlightMax();

  /** Messages of the healthy for each one to them. */
  private static final int HEALTHY_FOR_EACH = 4;

  private final Bench bench;
  private final int count;
  private final Pairs pairs;

  SlowReceivers(Bench bench) {
    this.bench = bench;
    count = Math.min(COUNT_MAX, bench.plan.pairs());
    pairs = new Pairs(bench, new Measured(), Pairs.Until.ACCEPTED, count, SIZE);
  }

  void meet() {
    pairs.meet();
  }

  /** From now on they do not read; returns when each has more waiting than the network takes. */
  void hang() {
    pairs.deafen();
    pairs.open(BEFORE);
    pairs.awaitAccepted((long) count * BEFORE);
  }

  /** They are written to at a steady pace, which is a quarter of the healthy one. */
  AutoCloseable write() {
    var sent = new AtomicLong();
    int rate = Math.max(1, SteadyPairs.rate(bench.plan) / HEALTHY_FOR_EACH);
    return bench.atRate(rate, due -> pairs.send(sent.getAndIncrement(), due));
  }

  /** They are cut off, come back and read what waits, and go. */
  void recover() {
    pairs.stop();
    pairs.part(1);
    pairs.comeBack(new Recorder(3));
    pairs.settle();
    pairs.leave();
  }

  /** Call it when they have recovered. */
  void tell(Figures figures) {
    figures.add("slowMessages", "messages to slow receivers", "%,d", pairs.accepted());
    figures.addNone(
        "slowWrong",
        "of these lost, doubled, not accepted",
        pairs.pending() + pairs.missing() + pairs.doubled());
  }
}

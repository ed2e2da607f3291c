package chat.sotto.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Recorder;

/** Counts what happens while it counts; latencies are those of what was due in that time. */
final class Measured {
  private static final int DIGITS = 3;

  final LongAdder accepted = new LongAdder();
  final LongAdder delivered = new LongAdder();
  final Recorder acceptedAfter = new Recorder(DIGITS);
  final Recorder deliveredAfter = new Recorder(DIGITS);
  private volatile long beginNanos = Long.MAX_VALUE;
  private volatile long endNanos = Long.MAX_VALUE;

  /** Counts from now on, from 0. */
  void begin() {
    accepted.reset();
    delivered.reset();
    endNanos = Long.MAX_VALUE;
    beginNanos = System.nanoTime();
  }

  void end() {
    endNanos = System.nanoTime();
  }

  double seconds() {
    return (endNanos - beginNanos) / 1e9;
  }

  private boolean covers(long nanos) {
    return nanos >= beginNanos && nanos < endNanos;
  }

  void accepted(Stamp stamp) {
    count(accepted, acceptedAfter, stamp.dueNanos());
  }

  void delivered(Stamp stamp) {
    count(delivered, deliveredAfter, stamp.dueNanos());
  }

  private void count(LongAdder counter, Recorder after, long dueNanos) {
    long now = System.nanoTime();
    if (covers(now)) {
      counter.increment();
    }
    if (covers(dueNanos)) {
      after.recordValue(TimeUnit.NANOSECONDS.toMicros(Math.max(0, now - dueNanos)));
    }
  }
}

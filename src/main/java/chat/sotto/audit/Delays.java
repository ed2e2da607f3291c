package chat.sotto.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long deliveries took: counts in buckets that grow with the delay, so of one size whatever the
 * number of deliveries. A quantile is at most 1/16 above the true one. Safe for many threads.
 */
final class Delays {
  /** Buckets for each doubling. */
  private static final int STEPS = 16;

  private static final int STEP_BITS = 4;

  private static final List<Class> CLASSES =
      List.of(
          new Class("up to 0.1 seconds", Duration.ofMillis(100)),
          new Class("up to 1 second", Duration.ofSeconds(1)),
          new Class("up to 10 seconds", Duration.ofSeconds(10)),
          new Class("up to 1 minute", Duration.ofMinutes(1)),
          new Class("up to 10 minutes", Duration.ofMinutes(10)),
          new Class("up to 1 hour", Duration.ofHours(1)),
          new Class("up to 1 day", Duration.ofDays(1)),
          new Class("up to 1 week", Duration.ofDays(7)),
          new Class("longer", Duration.ofMillis(Long.MAX_VALUE)));

  private final long[] buckets = new long[(Long.SIZE - STEP_BITS) * STEPS];
  private final long[] classes = new long[CLASSES.size()];
  private long count;
  private long max;

  private record Class(String words, Duration upTo) {}

  synchronized void add(long millis) {
    long delay = Math.max(millis, 0);
    buckets[bucket(delay)]++;
    int at = 0;
    while (delay > CLASSES.get(at).upTo().toMillis()) {
      at++;
    }
    classes[at]++;
    count++;
    max = Math.max(max, delay);
  }

  synchronized long count() {
    return count;
  }

  synchronized long max() {
    return max;
  }

  /**
   * The delay that this part of all deliveries did not exceed, 0 if there were none.
   *
   * @param part 0 to 1
   */
  synchronized long quantile(double part) {
    long rank = (long) Math.ceil(part * count);
    long seen = 0;
    for (int i = 0; i < buckets.length && seen < rank; i++) {
      seen += buckets[i];
      if (seen >= rank) {
        return Math.min(highest(i), max);
      }
    }
    return max;
  }

  /** By classes that people know. */
  synchronized List<Figures.DelayClass> classes() {
    var all = new ArrayList<Figures.DelayClass>();
    for (int i = 0; i < classes.length; i++) {
      all.add(new Figures.DelayClass(CLASSES.get(i).words(), classes[i]));
    }
    return List.copyOf(all);
  }

  private static int bucket(long delay) {
    if (delay < STEPS) {
      return (int) delay;
    }
    int shift = Long.SIZE - 1 - STEP_BITS - Long.numberOfLeadingZeros(delay);
    return (shift + 1) * STEPS + (int) (delay >>> shift) - STEPS;
  }

  /** The longest delay that falls into a bucket. */
  private static long highest(int bucket) {
    if (bucket < STEPS) {
      return bucket;
    }
    int shift = bucket / STEPS - 1;
    long mantissa = bucket % STEPS + STEPS;
    return ((mantissa + 1) << shift) - 1;
  }
}

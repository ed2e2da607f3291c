package chat.sotto.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Counts by day (UTC), or by more days together once there would be too many counts: of one size
 * however long the journal goes back. Safe for many threads.
 */
final class Days {
  static final int COUNTS_MAX = 4000;

  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  private TreeMap<Long, long[]> counts = new TreeMap<>();
  private long width = 1;

  /** An entry of an inbox. */
  synchronized void addEntry(long time) {
    at(time)[0]++;
  }

  synchronized void addPost(long time) {
    at(time)[1]++;
  }

  private long[] at(long time) {
    long[] count = counts.computeIfAbsent(time / DAY_MILLIS / width, first -> new long[2]);
    if (counts.size() > COUNTS_MAX) {
      widen();
      return at(time);
    }
    return count;
  }

  private void widen() {
    width *= 2;
    var wider = new TreeMap<Long, long[]>();
    counts.forEach(
        (day, count) -> {
          long[] sum = wider.computeIfAbsent(day / 2, first -> new long[2]);
          sum[0] += count[0];
          sum[1] += count[1];
        });
    counts = wider;
  }

  /** In their order; days without any are left out. */
  synchronized List<Figures.Day> list() {
    var days = new ArrayList<Figures.Day>();
    counts.forEach(
        (day, count) -> {
          if (count[0] + count[1] > 0) {
            days.add(
                new Figures.Day(Moment.dayOf(day * width * DAY_MILLIS), width, count[0], count[1]));
          }
        });
    return List.copyOf(days);
  }
}

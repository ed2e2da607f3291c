package chat.sotto.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the figures are made of, beyond what a real journal shows. */
class FiguresTest {
  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  @Test
  void quantilesAreAtMostASixteenthTooHigh() {
    var random = new Random(11);
    var delays = new Delays();
    long[] all =
        random.longs(10_000, 0, 10_000_000_000L).map(one -> one >> random.nextInt(34)).toArray();
    Arrays.stream(all).forEach(delays::add);
    Arrays.sort(all);
    for (double part : new double[] {0.001, 0.25, 0.5, 0.95, 0.999, 1}) {
      long exact = all[(int) Math.ceil(part * all.length) - 1];
      long told = delays.quantile(part);
      assertTrue(
          told >= exact && told <= exact + exact / 16 + 1, part + ": " + exact + ", " + told);
    }
    assertEquals(all[all.length - 1], delays.max());
    assertEquals(all.length, delays.classes().stream().mapToLong(Figures.DelayClass::count).sum());
  }

  @Test
  void everyDelayIsToldAtMostASixteenthTooHigh() {
    for (long delay = 1; delay < 1L << 40; delay += 1 + delay / 7) {
      var delays = new Delays();
      delays.add(delay);
      delays.add(Long.MAX_VALUE);
      long told = delays.quantile(0.5);
      assertTrue(told >= delay && told <= delay + delay / 16, delay + ": " + told);
    }
  }

  @Test
  void aDelayIsNeverBelowNothing() {
    var delays = new Delays();
    delays.add(-5);
    delays.add(Long.MAX_VALUE);
    assertEquals(0, delays.quantile(0.5));
    assertEquals(Long.MAX_VALUE, delays.quantile(1));
    assertEquals(0, new Delays().quantile(0.5));
  }

  @Test
  void manyDaysAreCountedTogether() {
    var days = new Days();
    int count = 3 * Days.COUNTS_MAX;
    for (long day = 0; day < count; day++) {
      days.addPost(day * DAY_MILLIS);
    }
    days.addEntry(0);
    List<Figures.Day> list = days.list();
    assertTrue(list.size() <= Days.COUNTS_MAX);
    assertEquals(count, list.stream().mapToLong(Figures.Day::posts).sum());
    assertEquals(new Figures.Day(LocalDate.EPOCH, 4, 1, 4), list.get(0));
  }

  @Test
  void acceptedTimesAreKnownFromTheOldestThatWaits() {
    var times = new AcceptedTimes();
    times.add(1, 100);
    times.add(2, 200);
    times.add(4, 400);
    assertEquals(100, times.of(1));
    assertEquals(AcceptedTimes.UNKNOWN, times.of(3));
    assertEquals(400, times.of(4));
    times.forgetBefore(4);
    assertEquals(AcceptedTimes.UNKNOWN, times.of(2));
    assertEquals(400, times.of(4));
    assertEquals(AcceptedTimes.UNKNOWN, times.of(5));
  }

  @Test
  void theOldestAcceptedTimesAreForgottenBeyondTheMaximum() {
    var times = new AcceptedTimes();
    for (long nr = 1; nr <= AcceptedTimes.KEPT_MAX + 1; nr++) {
      times.add(nr, nr * 10);
    }
    assertEquals(AcceptedTimes.UNKNOWN, times.of(1));
    assertEquals(20, times.of(2));
    assertEquals(10L * (AcceptedTimes.KEPT_MAX + 1), times.of(AcceptedTimes.KEPT_MAX + 1));
    long far = 1L << 40;
    times.add(far, 7);
    assertEquals(7, times.of(far));
    assertEquals(AcceptedTimes.UNKNOWN, times.of(2));
  }

  @Test
  void axesEndAtARoundNumberWithAHalf() {
    assertEquals(2, Charts.roundedUp(0));
    assertEquals(8, Charts.roundedUp(7));
    assertEquals(20, Charts.roundedUp(15));
    assertEquals(30, Charts.roundedUp(30));
    assertEquals(3000, Charts.roundedUp(2300));
  }
}

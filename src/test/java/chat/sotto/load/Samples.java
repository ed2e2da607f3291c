package chat.sotto.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Times of the same thing. */
final class Samples {
  private static final double NANOS_A_MILLI = 1e6;

  private final List<Long> nanos = new ArrayList<>();

  void add(Duration time) {
    nanos.add(time.toNanos());
  }

  void addSince(long begunNanos) {
    nanos.add(System.nanoTime() - begunNanos);
  }

  /** Two columns, in ms. */
  String medianAndWorst() {
    if (nanos.isEmpty()) {
      return "- | -";
    }
    List<Long> sorted = new ArrayList<>(nanos);
    Collections.sort(sorted);
    return "%s | %s"
        .formatted(millis(sorted.get(sorted.size() / 2)), millis(sorted.get(sorted.size() - 1)));
  }

  /** Three columns, in ms: the first by itself, since its code was cold. */
  String firstAndOthers() {
    var others = new Samples();
    others.nanos.addAll(nanos.subList(1, nanos.size()));
    return "%s | %s".formatted(millis(nanos.get(0)), others.medianAndWorst());
  }

  private static String millis(long nanos) {
    double millis = nanos / NANOS_A_MILLI;
    return millis < 100 ? "%.1f".formatted(millis) : "%,.0f".formatted(millis);
  }
}

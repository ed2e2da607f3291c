package chat.sotto.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what does not hold, from many threads. */
final class Findings {
  /** More are counted and not kept: nobody reads them, and memory has an end. */
  static final int KEPT_MAX = 10_000;

  private final List<Finding> kept = new ArrayList<>();
  private long count;

  synchronized void add(Finding finding) {
    count++;
    if (kept.size() < KEPT_MAX) {
      kept.add(finding);
    }
  }

  synchronized long count() {
    return count;
  }

  /** Those of the whole file first, then by entity and number. */
  synchronized List<Finding> sorted() {
    return kept.stream()
        .sorted(
            Comparator.comparing(Finding::entity)
                .thenComparingLong(Finding::number)
                .thenComparing(Finding::code))
        .toList();
  }
}

package chat.sotto.audit;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts, on many threads. */
final class Tally {
  private final Map<Counted, LongAdder> counts = new EnumMap<>(Counted.class);

  Tally() {
    for (Counted counted : Counted.values()) {
      counts.put(counted, new LongAdder());
    }
  }

  void count(Counted counted) {
    add(counted, 1);
  }

  void add(Counted counted, long number) {
    counts.get(counted).add(number);
  }

  Map<Counted, Long> all() {
    var all = new EnumMap<Counted, Long>(Counted.class);
    counts.forEach((counted, count) -> all.put(counted, count.sum()));
    return all;
  }
}

package chat.sotto.edge;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A {@link Rate} for each of many keys, kept as one number a key (the generic cell rate algorithm):
 * the time at which its burst is whole again. A key is forgotten then, and when there are too many,
 * the one that was used longest ago. Thread-safe.
 */
final class RateLimit<K> {
  static final int KEYS_MAX = 100_000;

  private final Rate rate;
  private final LongSupplier nanoTime;
  private final Map<K, Long> wholeAgainAt = new LinkedHashMap<>(16, 0.75f, true);

  RateLimit(Rate rate, LongSupplier nanoTime) {
    this.rate = rate;
    this.nanoTime = nanoTime;
  }

  /** How long the key must wait, which uses nothing up; zero if it was its turn. */
  Duration take(K key) {
    return take(key, 1);
  }

  /** Takes so many turns at once, or none. @param count more than a burst counts as a burst */
  synchronized Duration take(K key, int count) {
    long now = nanoTime.getAsLong();
    long period = rate.every().toNanos();
    long wholeAt = Math.max(now, wholeAgainAt.getOrDefault(key, now));
    int turns = Math.min(count, rate.burst());
    long wait = wholeAt - now - (rate.burst() - turns) * period;
    if (wait > 0) {
      return Duration.ofNanos(wait);
    }
    wholeAgainAt.put(key, wholeAt + turns * period);
    forget(now);
    return Duration.ZERO;
  }

  private void forget(long now) {
    Iterator<Long> oldest = wholeAgainAt.values().iterator();
    while (oldest.hasNext()) {
      if (oldest.next() > now && wholeAgainAt.size() <= KEYS_MAX) {
        return;
      }
      oldest.remove();
    }
  }

  synchronized int size() {
    return wholeAgainAt.size();
  }
}

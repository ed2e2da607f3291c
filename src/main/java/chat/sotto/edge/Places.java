package chat.sotto.edge;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Places for things that are open, counted by whom they are for and in total. Thread-safe. */
final class Places<K> {
  private final int eachMax;
  private final int totalMax;
  private final Map<K, Integer> taken = new HashMap<>();
  private int total;

  Places(int eachMax, int totalMax) {
    this.eachMax = eachMax;
    this.totalMax = totalMax;
  }

  /** One place, given back by closing it; a second closing does nothing. */
  final class Place implements AutoCloseable {
    private final K key;
    private boolean closed;

    private Place(K key) {
      this.key = key;
    }

    @Override
    public void close() {
      synchronized (Places.this) {
        if (!closed) {
          closed = true;
          total--;
          taken.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
        }
      }
    }
  }

  /** Empty if nothing is left. */
  synchronized Optional<Place> take(K key) {
    if (total >= totalMax || taken.getOrDefault(key, 0) >= eachMax) {
      return Optional.empty();
    }
    total++;
    taken.merge(key, 1, Integer::sum);
    return Optional.of(new Place(key));
  }
}

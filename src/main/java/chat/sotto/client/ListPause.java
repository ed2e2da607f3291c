package chat.sotto.client;

import java.security.SecureRandom;
import java.time.Duration;

/**
 * How long a device leaves others the first word, before it commits the new list of somebody else's
 * devices to a group (docs/protocol.md §9.8).
 */
public record ListPause(Duration min, Duration max) {
  /** What the protocol says. */
  public static final ListPause USUAL =
      new ListPause(Duration.ofSeconds(5), Duration.ofSeconds(30));

  public ListPause {
    if (min.isNegative() || min.compareTo(max) > 0) {
      throw new IllegalArgumentException("the pause must go from a shorter time to a longer one");
    }
  }

  Duration draw(SecureRandom random) {
    return min.plusMillis(random.nextLong(max.minus(min).toMillis() + 1));
  }
}

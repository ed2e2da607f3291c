package chat.sotto.edge;

import java.time.Duration;

/**
 * So many at once, then one in each period.
 *
 * @param burst at least 1
 */
public record Rate(int burst, Duration every) {
  public Rate {
    if (burst < 1 || every.isNegative() || every.isZero()) {
      throw new IllegalArgumentException("a rate needs a burst of 1 and a period above zero");
    }
  }
}

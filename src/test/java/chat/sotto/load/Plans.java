package chat.sotto.load;

import java.time.Duration;
import java.util.OptionalInt;

/** What the measurements of growth ask for. */
final class Plans {
  private static final int WINDOW = 32;
  private static final int SIZE = 300;
  private static final int ACKNOWLEDGE_AFTER = 32;

  private Plans() {}

  static Plan pairs(int pairs) {
    return pairs(pairs, Duration.ZERO, Duration.ZERO, OptionalInt.empty());
  }

  /** Messages without a pause. */
  static Plan pairs(int pairs, Duration warmUp, Duration seconds, OptionalInt messages) {
    return new Plan(
        pairs,
        WINDOW,
        OptionalInt.empty(),
        SIZE,
        warmUp,
        seconds,
        messages,
        1,
        1,
        1,
        Duration.ZERO,
        ACKNOWLEDGE_AFTER,
        Duration.ofMinutes(1));
  }
}

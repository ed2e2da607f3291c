package chat.sotto.client;

import java.security.SecureRandom;
import java.time.Duration;

/**
 * How long to wait before the next attempt: doubling, with jitter, so that clients do not come at
 * once.
 */
final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(200);
  private static final Duration LAST = Duration.ofSeconds(30);
  private static final int DOUBLINGS_MAX = 8;

  private final SecureRandom random;
  private int attempts;

  Backoff(SecureRandom random) {
    this.random = random;
  }

  /** Between half of the step and the whole of it. */
  Duration next() {
    long step = FIRST.toMillis() << Math.min(attempts, DOUBLINGS_MAX);
    attempts++;
    long delay = Math.min(step, LAST.toMillis());
    return Duration.ofMillis(delay / 2 + random.nextLong(delay / 2 + 1));
  }

  void reset() {
    attempts = 0;
  }
}

package chat.sotto.group;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How fast one group's posts may come, kept as one number (the generic cell rate algorithm): the
 * time at which the burst is whole again. Lost with the entity.
 */
final class PostRate {
  private final long period;
  private final long tolerance;
  private final LongSupplier nanoTime;
  private long wholeAgainAt;

  PostRate(GroupLimits limits, LongSupplier nanoTime) {
    this.period = limits.postEvery().toNanos();
    this.tolerance = (limits.postsBurst() - 1) * period;
    this.nanoTime = nanoTime;
    this.wholeAgainAt = nanoTime.getAsLong();
  }

  /** How long the next post must wait, which uses nothing up; zero if it was its turn. */
  Duration take() {
    long now = nanoTime.getAsLong();
    long wholeAt = Math.max(now, wholeAgainAt);
    long wait = wholeAt - now - tolerance;
    if (wait > 0) {
      return Duration.ofNanos(wait);
    }
    wholeAgainAt = wholeAt + period;
    return Duration.ZERO;
  }
}

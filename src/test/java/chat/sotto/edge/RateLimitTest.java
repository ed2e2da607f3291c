package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private long now = 1_000_000_000_000L;
  private final RateLimit<String> limit =
      new RateLimit<>(new Rate(3, Duration.ofSeconds(10)), () -> now);

  private void advance(Duration time) {
    now += time.toNanos();
  }

  @Test
  void grantsTheBurstThenOneInEachPeriod() {
    for (int i = 0; i < 3; i++) {
      assertEquals(Duration.ZERO, limit.take("alice"));
    }
    assertEquals(Duration.ofSeconds(10), limit.take("alice"));
    assertEquals(Duration.ZERO, limit.take("bob"));
    advance(Duration.ofSeconds(9));
    assertEquals(Duration.ofSeconds(1), limit.take("alice"));
    advance(Duration.ofSeconds(1));
    assertEquals(Duration.ZERO, limit.take("alice"));
    assertEquals(Duration.ofSeconds(10), limit.take("alice"));
    advance(Duration.ofMinutes(5));
    for (int i = 0; i < 3; i++) {
      assertEquals(Duration.ZERO, limit.take("alice"));
    }
    assertTrue(limit.take("alice").toSeconds() > 0);
  }

  @Test
  void severalTurnsAreTakenTogetherOrNotAtAll() {
    assertEquals(Duration.ZERO, limit.take("alice", 2));
    assertEquals(Duration.ofSeconds(10), limit.take("alice", 2));
    assertEquals(Duration.ZERO, limit.take("alice", 1));
    assertEquals(Duration.ofSeconds(30), limit.take("alice", 3));
    assertEquals(Duration.ofSeconds(30), limit.take("alice", 4));
    advance(Duration.ofSeconds(30));
    assertEquals(Duration.ZERO, limit.take("alice", 4));
  }

  @Test
  void forgetsKeysWhoseBurstIsWholeAgain() {
    limit.take("alice");
    limit.take("bob");
    assertEquals(2, limit.size());
    advance(Duration.ofSeconds(11));
    limit.take("carol");
    assertEquals(1, limit.size());
  }

  @Test
  void neverHoldsMoreKeysThanTheMost() {
    for (int i = 0; i <= RateLimit.KEYS_MAX; i++) {
      limit.take("key" + i);
    }
    assertEquals(RateLimit.KEYS_MAX, limit.size());
  }

  @Test
  void aRateWithoutBurstOrPeriodIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Rate(0, Duration.ofSeconds(1)));
    assertThrows(IllegalArgumentException.class, () -> new Rate(1, Duration.ZERO));
  }
}

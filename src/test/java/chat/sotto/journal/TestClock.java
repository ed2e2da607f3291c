package chat.sotto.journal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until a test moves it. */
public final class TestClock extends Clock {
  private final AtomicLong millis = new AtomicLong(1_700_000_000_000L);
  private volatile CountDownLatch read = new CountDownLatch(0);

  /** To be called before what shall read the clock is set off. */
  public void expectRead() {
    read = new CountDownLatch(1);
  }

  /** Returns once somebody has read the clock since. */
  public void awaitRead() throws InterruptedException {
    assertTrue(read.await(10, TimeUnit.SECONDS), "nobody read the clock");
  }

  public void advance(Duration duration) {
    millis.addAndGet(duration.toMillis());
  }

  @Override
  public long millis() {
    read.countDown();
    return millis.get();
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}

package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** The pool and the pauses are played, and so is the clock. */
class TurnstileTest {
  private static final int CORES = 2;
  private static final Duration CALM = Duration.ofNanos(500_000);
  private static final Duration BUSY = CALM.plusNanos(1);

  private final Queue<Runnable> pool = new ArrayDeque<>();
  private final Queue<Runnable> paused = new ArrayDeque<>();
  private long now = -3;

  private final Turnstile turnstile = new Turnstile(pool::add, paused::add, () -> now, CORES);

  /** One look: the pool begins with it so late. */
  private void look(Duration late) {
    paused.remove().run();
    now += late.toNanos();
    pool.remove().run();
    assertTrue(pool.isEmpty());
  }

  private CompletableFuture<Void> pass() {
    return turnstile.pass().toCompletableFuture();
  }

  @Test
  void nobodyPassesUnseen() {
    var passed = pass();
    assertFalse(passed.isDone());
    paused.remove().run();
    assertFalse(passed.isDone());
  }

  @Test
  void calmPoolLetsOneInAtTheFirstLook() {
    var passed = pass();
    look(CALM);
    assertTrue(passed.isDone());
    assertTrue(paused.isEmpty());
  }

  @Test
  void busyPoolIsLookedAtUntilItIsCalm() {
    var passed = pass();
    look(BUSY);
    look(Duration.ofMillis(3));
    assertFalse(passed.isDone());
    assertEquals(1, paused.size());
    look(Duration.ZERO);
    assertTrue(passed.isDone());
  }

  @Test
  void pauseItselfIsNoDelayOfThePool() {
    var passed = pass();
    now += Duration.ofMillis(20).toNanos();
    look(CALM);
    assertTrue(passed.isDone());
  }

  @Test
  void poolThatIsNeverCalmLetsEachCoresShareIn() {
    var passed = pass();
    int looks = 0;
    for (; !passed.isDone(); looks++) {
      look(Duration.ofMillis(1));
    }
    assertEquals(50 / CORES, looks);
  }

  @Test
  void poolThatTakesNothingAnyMoreHoldsNobody() {
    var closed =
        new Turnstile(
            task -> {
              throw new RejectedExecutionException();
            },
            paused::add,
            () -> now,
            CORES);
    var passed = closed.pass().toCompletableFuture();
    paused.remove().run();
    assertTrue(passed.isCompletedExceptionally());
  }

  @Test
  void nextOneIsLookedAtAnew() {
    var first = pass();
    look(Duration.ofMillis(25));
    assertTrue(first.isDone());
    var second = pass();
    look(BUSY);
    assertFalse(second.isDone());
  }
}

package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** The pool and the pauses are played, and so is the clock. */
class TurnstileTest {
  private static final Duration PATIENCE = Duration.ofMillis(25);
  private static final Duration CALM = Duration.ofNanos(500_000);
  private static final Duration BUSY = CALM.plusNanos(1);

  private final Queue<Runnable> pool = new ArrayDeque<>();
  private final Queue<Runnable> paused = new ArrayDeque<>();
  private long now = -3;

  private final Turnstile turnstile = new Turnstile(pool::add, PATIENCE, paused::add, () -> now);

  /** One look: the pool begins with it so late. */
  private void look(Duration late) {
    paused.remove().run();
    now += late.toNanos();
    pool.remove().run();
    assertTrue(pool.isEmpty());
  }

  private CompletableFuture<Boolean> pass() {
    return turnstile.pass().toCompletableFuture();
  }

  private static void assertIn(CompletableFuture<Boolean> passed) {
    assertEquals(true, passed.getNow(null));
  }

  private static void assertWaits(CompletableFuture<Boolean> passed) {
    assertFalse(passed.isDone());
  }

  @Test
  void nobodyPassesUnseen() {
    var passed = pass();
    assertWaits(passed);
    paused.remove().run();
    assertWaits(passed);
  }

  @Test
  void calmPoolLetsOneInAtTheFirstLook() {
    var passed = pass();
    look(CALM);
    assertIn(passed);
    assertTrue(paused.isEmpty());
  }

  @Test
  void busyPoolIsLookedAtUntilItIsCalm() {
    var passed = pass();
    look(BUSY);
    look(Duration.ofMillis(3));
    assertWaits(passed);
    assertEquals(1, paused.size());
    look(Duration.ZERO);
    assertIn(passed);
  }

  @Test
  void pauseItselfIsNoDelayOfThePool() {
    var passed = pass();
    now += Duration.ofMillis(20).toNanos();
    look(CALM);
    assertIn(passed);
  }

  @Test
  void poolThatIsNeverCalmLetsOneInForEachPatience() {
    for (int i = 0; i < 3; i++) {
      var passed = pass();
      int looks = 0;
      for (; !passed.isDone(); looks++) {
        look(Duration.ofMillis(1));
      }
      assertIn(passed);
      assertEquals(PATIENCE.toMillis(), looks);
    }
  }

  @Test
  void poolThatIsSlowerThanThatLetsOneInForEachTask() {
    var passed = pass();
    look(Duration.ofMillis(300));
    assertIn(passed);
  }

  @Test
  void eachPassesAloneInTheOrderInWhichTheyCame() {
    var first = pass();
    var second = pass();
    var third = pass();
    assertEquals(1, paused.size());
    look(CALM);
    assertIn(first);
    assertWaits(second);
    look(BUSY);
    assertWaits(second);
    look(CALM);
    assertIn(second);
    var fourth = pass();
    look(CALM);
    assertIn(third);
    assertWaits(fourth);
    look(CALM);
    assertIn(fourth);
    assertTrue(paused.isEmpty());
  }

  @Test
  void whoWaitedTooLongIsSentAwayAndCostsNoTurn() {
    var early = pass();
    var alsoEarly = pass();
    now += 2;
    var late = pass();
    now += Turnstile.WAIT_MAX.toNanos() - CALM.toNanos() - 1;
    look(CALM);
    assertEquals(false, early.getNow(null));
    assertEquals(false, alsoEarly.getNow(null));
    assertIn(late);
    assertTrue(paused.isEmpty());
  }

  @Test
  void nobodyIsLeftWhenAllWaitedTooLong() {
    var early = pass();
    now += Turnstile.WAIT_MAX.toNanos();
    look(BUSY);
    assertEquals(false, early.getNow(null));
    assertTrue(paused.isEmpty());
    var next = pass();
    look(CALM);
    assertIn(next);
  }

  @Test
  void poolThatTakesNothingAnyMoreHoldsNobody() {
    Executor closed =
        task -> {
          throw new RejectedExecutionException();
        };
    var before = new Turnstile(closed, PATIENCE, paused::add, () -> now);
    var first = before.pass().toCompletableFuture();
    var second = before.pass().toCompletableFuture();
    paused.remove().run();
    paused.remove().run();
    assertIn(first);
    assertIn(second);
  }
}

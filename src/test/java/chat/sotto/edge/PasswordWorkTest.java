package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PasswordWorkTest {
  @Test
  void turnsAwayWhatFindsTheQueueFull() throws Exception {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    var release = new CountDownLatch(1);
    try (var work = new PasswordWork(2)) {
      List<CompletableFuture<Boolean>> taken = new ArrayList<>();
      for (int i = 0; i < threads + 2; i++) {
        taken.add(
            work.run(
                    () -> {
                      try {
                        release.await();
                        return true;
                      } catch (InterruptedException e) {
                        return false;
                      }
                    })
                .toCompletableFuture());
      }
      var refused =
          work.run(() -> true)
              .handle((done, failure) -> Errors.of(4, failure).code())
              .toCompletableFuture()
              .get();
      assertEquals(ErrorCode.BUSY, refused);
      release.countDown();
      for (CompletableFuture<Boolean> each : taken) {
        assertTrue(each.get());
      }
      assertTrue(work.run(() -> true).toCompletableFuture().get());
    }
  }

  @Test
  void restsAsLongAsItHasWorked() throws Exception {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    long workNanos = TimeUnit.MILLISECONDS.toNanos(40);
    try (var work = new PasswordWork(100)) {
      long begunNanos = System.nanoTime();
      List<CompletableFuture<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < 3 * threads; i++) {
        all.add(work.run(() -> spin(workNanos)).toCompletableFuture());
      }
      for (CompletableFuture<Boolean> each : all) {
        assertTrue(each.get());
      }
      // The last ends after three times work and two times rest.
      assertTrue(System.nanoTime() - begunNanos >= 5 * workNanos);
    }
  }

  private static boolean spin(long nanos) {
    long begunNanos = System.nanoTime();
    while (System.nanoTime() - begunNanos < nanos) {
      Thread.onSpinWait();
    }
    return true;
  }

  @Test
  void onlyTheSameSecretMatches() {
    var user = new UserName("alice");
    byte[] secret = TestUser.random(32);
    Bytes vault = Bytes.of(TestUser.random(50));
    var stored = PasswordVerifier.make(user, secret, vault, TestUser.RANDOM);
    Optional<byte[]> kept = Optional.of(stored.credentials().toArray());
    assertTrue(PasswordVerifier.matches(kept, secret));
    assertFalse(PasswordVerifier.matches(kept, TestUser.random(32)));
    assertFalse(PasswordVerifier.matches(Optional.empty(), secret));
    var other = PasswordVerifier.make(user, secret, vault, TestUser.RANDOM);
    assertFalse(stored.credentials().equals(other.credentials()));
    assertFalse(stored.toString().contains(stored.credentials().toString()));
  }
}

package chat.sotto.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever happens to a server and its disk: what was confirmed is there, is shown once and in
 * order, and the audit finds nothing. docs/durability.md says what is proven, and how to run this
 * for long.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashTest {
  private static final String ROUNDS = "sotto.crash.rounds";
  private static final int STEPS_MAX = 200;

  @TempDir static Path folder;
  private final long seed = Long.getLong("sotto.seed", System.nanoTime());
  private CrashRun run;
  private boolean hasFailed;

  @BeforeAll
  void start() throws Exception {
    run = new CrashRun(folder, seed);
  }

  @AfterAll
  void end() throws Exception {
    if (run != null) {
      run.close();
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  /** Whoever sees it fail can have the same choices again, if not the same moments. */
  private void withSeed(Work work) {
    assumeFalse(hasFailed, "what failed before would fail here again");
    try {
      work.run();
    } catch (Throwable failure) {
      hasFailed = true;
      throw new AssertionError("seed " + seed, failure);
    }
  }

  private void assumePossible(String what, Optional<String> obstacle) {
    assumeTrue(obstacle.isEmpty(), () -> what + " is not checked here: " + obstacle.get());
  }

  @ParameterizedTest
  @EnumSource(names = {"POWER_CUT", "KILL_IN_WRITE", "TORN_WRITES", "FAILING_SYNC", "FULL_DISK"})
  void keepsEveryPromise(Break how) throws Exception {
    assumePossible(how.name(), how.obstacle(run));
    withSeed(() -> run.round(how));
  }

  @Test
  void takesNothingWhenTheDiskIsNearlyFullAndGoesOnWhenThereIsRoom() throws Exception {
    assumePossible("a full disk", Break.NEARLY_FULL_DISK.obstacle(run));
    withSeed(() -> run.round(Break.NEARLY_FULL_DISK));
  }

  @Test
  void aSendThatDiesInTheMiddleIsMadeWhole() throws Exception {
    assumePossible("a step of a send", Strace.obstacle());
    withSeed(() -> assertTrue(run.killAtStep(Strace.SYNC, 1)));
    withSeed(() -> assertTrue(run.killAtStep(Strace.WRITE, 1 + run.random.nextInt(10))));
  }

  @Test
  @EnabledIfSystemProperty(named = ROUNDS, matches = "\\d+")
  void keepsEveryPromiseAgainAndAgain() throws Exception {
    var possible = new ArrayList<Break>();
    for (Break how : Break.values()) {
      how.obstacle(run)
          .ifPresentOrElse(
              obstacle -> System.out.println(how + " is left out: " + obstacle),
              () -> possible.add(how));
    }
    System.out.println("Seed " + seed);
    for (int left = Integer.getInteger(ROUNDS); left > 0; left--) {
      Break how = possible.get(run.random.nextInt(possible.size()));
      withSeed(() -> System.out.println(run.round(how)));
    }
  }

  @Test
  @EnabledIfSystemProperty(named = ROUNDS, matches = "\\d+")
  void everySendThatDiesInTheMiddleIsMadeWhole() throws Exception {
    assumePossible("each step of a send", Strace.obstacle());
    for (String calls : List.of(Strace.WRITE, Strace.SYNC)) {
      withSeed(
          () -> {
            int nr = 1;
            while (run.killAtStep(calls, nr)) {
              nr++;
              assertTrue(nr < STEPS_MAX, "a send has no end");
            }
            System.out.printf("Killed before each of %d calls of %s by a send%n", nr - 1, calls);
          });
    }
  }
}

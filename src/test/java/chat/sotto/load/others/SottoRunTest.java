package chat.sotto.load.others;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.JavaCommand;
import chat.sotto.Main;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The second generator, for a moment. */
class SottoRunTest {
  private static Measuring.Result run(OptionalInt rate) throws Exception {
    var plan =
        new Measuring.Plan(2, 4, rate, 2, 1, 300, Duration.ofMillis(300), Duration.ofSeconds(1));
    return SottoRun.otherwise(plan, JavaCommand.of(Main.class));
  }

  private static void assertHeard(Measuring.Result result) {
    assertEquals(0, result.lost());
    assertTrue(result.deliveredPerSecond() > 0);
    assertTrue(0 < result.p50() && result.p50() <= result.p99());
    assertTrue(result.cpuSeconds() > 0);
  }

  @Test
  void pairsHearWhatTheyWriteWithoutAPause() throws Exception {
    assertHeard(run(OptionalInt.empty()));
  }

  /** Of which each device acknowledges some before the second is over. */
  @Test
  void pairsHearWhatTheyWriteAtARate() throws Exception {
    assertHeard(run(OptionalInt.of(100)));
  }
}

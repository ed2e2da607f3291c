package chat.sotto.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever happens to process and disk: what was confirmed is there, and nothing else is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashTest {
  private final long seed = Long.getLong("sotto.seed", System.nanoTime());
  @TempDir static Path folder;
  private CrashRun run;

  @BeforeAll
  void start() throws Exception {
    run = new CrashRun(folder, seed);
  }

  @AfterAll
  void end() throws Exception {
    run.close();
  }

  @ParameterizedTest
  @EnumSource
  void survives(Break how) throws Exception {
    assumeTrue(how.isPossible(run), "no right to mount a disk or to trace: not checked: " + how);
    System.out.println(run.round(how));
    assertTrue(run.server.isRunning());
  }
}

package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The archive of a browser's engine on a real server. */
class BrowserArchiveTest extends BrowsersTest {
  private static final String QUICK =
      "async () => Object.assign((await import('/client/archive.js')).pace,"
          + " { waitMs: 20, jitterMs: 20 })";

  private static final String AWAIT_BYTES =
      """
      async isFilled => {
        for (;;) {
          const { bytes } = await engine.archive();
          if (bytes > 0 === isFilled) return;
          await new Promise(resolve => setTimeout(resolve, 50));
        }
      }
      """;


  @Test
  void browserArchivesWhatItShowsUntilThatIsSwitchedOff() {
    try (var alice = browser("alice");
        var bob = browser("bob")) {
      alice.ask(QUICK, null);
      alice.say("bob", "first of all");
      bob.awaitText("first of all");
      alice.ask(AWAIT_BYTES, true);
      var state = (Map<?, ?>) alice.ask("() => engine.archive()", null);
      assertEquals(true, state.get("on"));
      assertEquals(256 * 1024 * 1024, state.get("quota"));

      alice.ask("() => engine.setArchive(false)", null);
      alice.ask(AWAIT_BYTES, false);
      bob.say("alice", "second");
      alice.awaitText("second");
      assertEquals(false, ((Map<?, ?>) alice.ask("() => engine.archive()", null)).get("on"));
      assertEquals(List.of(), alice.alarms());
      var found = (List<?>) alice.ask("text => engine.search(text)", "FIRST");
      assertEquals("first of all", ((Map<?, ?>) found.get(0)).get("text"));
      assertEquals(1, found.size());
    }
  }
}

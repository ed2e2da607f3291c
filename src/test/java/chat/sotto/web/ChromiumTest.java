package chat.sotto.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.PlaywrightException;
import org.junit.jupiter.api.Test;

/** What the tests of pages rely on. */
class ChromiumTest {
  private final Chromium chromium = Chromium.launch();

  /** As when it crashes: nothing is said, and the driver notices when it does. */
  private static void kill() {
    var browsers = ProcessHandle.current().descendants().filter(ChromiumTest::isChromium)
        .filter(process -> process.parent().filter(ChromiumTest::isChromium).isEmpty()).toList();
    assertEquals(1, browsers.size());
    browsers.get(0).destroyForcibly();
    browsers.get(0).onExit().join();
  }

  private static boolean isChromium(ProcessHandle process) {
    return process.info().command().filter(path -> path.contains("/chromium")).isPresent();
  }

  @Test
  void profileOfABrowserThatEndedIsClosedWithoutAFailure() {
    var profile = chromium.freshProfile();
    profile.newPage();
    kill();
    Chromium.end(profile);
    assertFalse(chromium.freshProfile().newPage().isClosed());
    chromium.close();
  }

  @Test
  void browserThatEndedFailsItsPagesAndIsReplaced() {
    var profile = chromium.freshProfile();
    var page = profile.newPage();
    kill();
    assertThrows(PlaywrightException.class, () -> page.evaluate("1 + 1"));
    assertThrows(PlaywrightException.class, profile::newPage);
    var next = chromium.freshProfile();
    assertNotSame(profile.browser(), next.browser());
    assertEquals(2, next.newPage().evaluate("1 + 1"));
    chromium.close();
  }

  @Test
  void closingEndsEveryProfileButNotTheBrowser() {
    var page = chromium.freshProfile().newPage();
    var browser = page.context().browser();
    chromium.close();
    assertTrue(page.isClosed());
    assertEquals(browser, chromium.freshProfile().browser());
    chromium.close();
  }
}

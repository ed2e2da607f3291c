package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.web.Chromium;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Engines of browsers with a real server. */
abstract class BrowsersTest extends ServerTest {
  private static Chromium chromium;

  @BeforeAll
  static void launchBrowser() {
    chromium = Chromium.launch();
  }

  @AfterAll
  static void closeBrowser() {
    chromium.close();
  }

  /** Nobody of that name has signed in there. */
  static BrowserPerson fresh(String name) {
    return new BrowserPerson(name, server.url(), chromium);
  }

  static BrowserPerson browser(String name) {
    return BrowserPerson.registered(name, server.url(), chromium);
  }

  /** One more of somebody who has an account. */
  static BrowserPerson another(String name) {
    return BrowserPerson.signedIn(name, server.url(), chromium);
  }

  static void assertNoAlarms(BrowserPerson... people) {
    for (BrowserPerson person : people) {
      assertEquals(List.of(), person.alarms(), person.name);
    }
  }
}

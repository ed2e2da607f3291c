package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.web.Chromium;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several browsers of one person with a real server: each shows what the others write. */
class BrowserDevicesTest {
  @TempDir static Path folder;
  private static RunningServer server;
  private static Chromium chromium;

  @BeforeAll
  static void start() {
    server = new RunningServer(folder.resolve("data"));
    chromium = Chromium.launch();
  }

  @AfterAll
  static void stop() throws Exception {
    if (chromium != null) {
      chromium.close();
    }
    server.close();
  }

  private static BrowserPerson registered(String name) {
    return BrowserPerson.registered(name, server.url(), chromium);
  }

  private static BrowserPerson signedIn(String name) {
    return BrowserPerson.signedIn(name, server.url(), chromium);
  }

  @Test
  void twoBrowsersOfAliceAndBobTalkAndOneThatWasAwayCatchesUp() {
    try (var laptop = registered("alice");
        var bob = registered("bob");
        var phone = signedIn("alice")) {
      laptop.say("bob", "from the laptop");
      bob.awaitText("from the laptop");
      phone.awaitState("from the laptop", "delivered");
      phone.say("bob", "from the phone");
      bob.awaitText("from the phone");
      laptop.awaitState("from the phone", "delivered");
      bob.say("alice", "to both");
      laptop.awaitText("to both");
      phone.awaitText("to both");
      phone.leave();
      laptop.say("bob", "while the phone was away");
      bob.awaitText("while the phone was away");
      bob.say("alice", "an answer");
      laptop.awaitText("an answer");
      phone.open();
      phone.awaitText("an answer");
      phone.awaitText("while the phone was away");
      assertEquals(List.of(), laptop.alarms());
      assertEquals(List.of(), phone.alarms());
      assertEquals(List.of(), bob.alarms());
    }
  }

  @Test
  void thirdBrowserWorksWhileBothOthersAreAway() {
    try (var laptop = registered("carol");
        var dave = registered("dave");
        var phone = signedIn("carol")) {
      laptop.say("dave", "first");
      phone.awaitState("first", "delivered");
      laptop.leave();
      phone.leave();
      try (var third = signedIn("carol")) {
        third.say("dave", "from the third");
        dave.awaitText("from the third");
        dave.say("carol", "to all three");
        third.awaitText("to all three");
        for (var away : List.of(laptop, phone)) {
          away.open();
          away.awaitText("to all three");
          away.awaitText("from the third");
          assertEquals(List.of(), away.alarms());
        }
      }
    }
  }
}

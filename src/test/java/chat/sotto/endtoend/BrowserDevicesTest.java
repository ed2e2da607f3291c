package chat.sotto.endtoend;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Several browsers of one person with a real server: each shows what the others write. */
class BrowserDevicesTest extends BrowsersTest {
  @Test
  void twoBrowsersOfAliceAndBobTalkAndOneThatWasAwayCatchesUp() {
    try (var laptop = browser("alice");
        var bob = browser("bob");
        var phone = another("alice")) {
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
      assertNoAlarms(laptop, phone, bob);
    }
  }

  @Test
  void thirdBrowserWorksWhileBothOthersAreAway() {
    try (var laptop = browser("carol");
        var dave = browser("dave");
        var phone = another("carol")) {
      laptop.say("dave", "first");
      phone.awaitState("first", "delivered");
      laptop.leave();
      phone.leave();
      try (var third = another("carol")) {
        third.say("dave", "from the third");
        dave.awaitText("from the third");
        dave.say("carol", "to all three");
        third.awaitText("to all three");
        for (var away : List.of(laptop, phone)) {
          away.open();
          away.awaitText("to all three");
          away.awaitText("from the third");
          assertNoAlarms(away);
        }
      }
    }
  }
}

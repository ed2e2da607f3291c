package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.client.ClientEvent;
import chat.sotto.client.Message;
import com.microsoft.playwright.PlaywrightException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The browser's engine with a real server: with another browser, and with the Java client. */
class BrowserEngineTest extends BrowsersTest {
  @Test
  void twoBrowsersTalkAndSeeDelivered() {
    try (var alice = browser("alice");
        var bob = browser("bob")) {
      alice.say("bob", "hello bob");
      bob.awaitText("hello bob");
      alice.awaitState("hello bob", "delivered");
      bob.say("alice", "hello alice");
      alice.awaitText("hello alice");
      bob.awaitState("hello alice", "delivered");
      assertEquals(List.of("hello bob", "hello alice"), alice.texts("bob"));
      assertEquals(List.of(), alice.alarms());
    }
  }

  @Test
  void absentBrowserHasThreeMessagesOnceAndInOrderWithoutANewSignIn() {
    try (var carol = browser("carol");
        var dave = browser("dave")) {
      carol.say("dave", "one");
      dave.awaitText("one");
      dave.leave();
      for (String text : List.of("two", "three", "four")) {
        carol.say("dave", text);
        carol.awaitState(text, "sent");
      }
      dave.open();
      dave.awaitText("four");
      carol.awaitState("four", "delivered");
      assertEquals(List.of("one", "two", "three", "four"), dave.texts("carol"));
      dave.leave();
      dave.open();
      dave.awaitConnected();
      assertEquals(4, dave.texts("carol").size());
      assertEquals(List.of(), dave.alarms());
    }
  }

  @Test
  void serverRestartsInTheMiddleAndNothingIsLostOrDoubled() throws Exception {
    try (var erin = browser("erin");
        var frank = browser("frank")) {
      List<String> texts = IntStream.range(0, 20).mapToObj(i -> "message " + i).toList();
      for (String text : texts) {
        erin.say("frank", text);
        if (text.equals("message 9")) {
          server.restart();
        }
      }
      frank.awaitText("message 19");
      erin.awaitState("message 19", "delivered");
      assertEquals(texts, frank.texts("erin"));
      frank.say("erin", "all there");
      erin.awaitText("all there");
      assertEquals(List.of(), erin.alarms());
      assertEquals(List.of(), frank.alarms());
    }
  }

  @Test
  void tabThatLeadsCrashesInTheMiddleAndNothingIsLostOrDoubled() {
    try (var wanda = browser("wanda");
        var xaver = browser("xaver")) {
      wanda.say("xaver", "first");
      xaver.awaitText("first");
      Runnable crash = wanda.openAnotherTab();
      List<String> texts = IntStream.range(0, 20).mapToObj(i -> "message " + i).toList();
      for (String text : texts) {
        wanda.say("xaver", text);
        if (text.equals("message 9")) {
          crash.run();
        }
      }
      wanda.awaitState("message 19", "delivered");
      assertEquals(texts, xaver.texts("wanda").subList(1, 21));
      assertEquals(21, xaver.texts("wanda").size());
      xaver.say("wanda", "all there");
      wanda.awaitText("all there");
      assertNoAlarms(wanda, xaver);
    }
  }

  @Test
  void browserAndJavaClientTalkBothWays() throws Exception {
    try (var grace = browser("grace");
        Person heidi = registered("heidi")) {
      grace.say("heidi", "from the browser");
      heidi.await(
          "the browser's message",
          event ->
              event instanceof ClientEvent.MessageShown shown
                  && shown.message().text().equals("from the browser"));
      grace.awaitState("from the browser", "delivered");
      var name = new chat.sotto.model.UserName("grace");
      var reply = heidi.client.sendText(name, "from the Java client");
      grace.awaitText("from the Java client");
      heidi.awaitState(reply, Message.State.DELIVERED);
      grace.readAll();
      heidi.await(
          "that it was read",
          event -> event.equals(new ClientEvent.Seen(name, reply)));
      heidi.client.markRead(name, heidi.client.messages(name).get(0).id());
      grace.awaitSeen("from the browser");
      grace.say("heidi", "and again");
      grace.awaitState("and again", "delivered");
    }
  }

  @Test
  void javaClientOpensTheSessionWithABrowserThatIsAway() throws Exception {
    try (var ivan = browser("ivan");
        Person judy = registered("judy")) {
      ivan.leave();
      var first = judy.client.sendText(new chat.sotto.model.UserName("ivan"), "are you there?");
      judy.awaitState(first, Message.State.SENT);
      ivan.open();
      ivan.awaitText("are you there?");
      judy.awaitState(first, Message.State.DELIVERED);
      ivan.say("judy", "now I am");
      ivan.awaitState("now I am", "delivered");
      assertEquals(List.of("are you there?", "now I am"), ivan.texts("judy"));
    }
  }

  @Test
  void passwordsAndNamesAreRefusedInWords() {
    try (var mallory = fresh("mallory");
        var niaj = browser("niaj")) {
      String signIn = "account => engine.signIn(account)";
      var wrong = Map.of("user", "niaj", "password", "another password");
      assertRefused("sign-in-failed", mallory, signIn, wrong);
      var right = Map.of("user", "niaj", "password", BrowserPerson.PASSWORD);
      assertRefused("name-taken", mallory, "account => engine.createAccount(account)", right);
      assertRefused("unknown-user", niaj, "user => engine.startConversation(user)", "nobody");
    }
  }

  @Test
  void signingOutAndInIsTheSameDevice() {
    try (var olivia = browser("olivia");
        var peggy = browser("peggy")) {
      olivia.say("peggy", "before");
      olivia.awaitState("before", "delivered");
      olivia.ask("() => engine.signOut()", null);
      peggy.say("olivia", "while you were out");
      peggy.awaitState("while you were out", "sent");
      var account = Map.of("user", "olivia", "password", BrowserPerson.PASSWORD);
      olivia.ask("account => engine.signIn(account)", account);
      olivia.awaitText("while you were out");
      assertEquals(List.of("before", "while you were out"), olivia.texts("peggy"));
    }
  }

  @Test
  void peopleOnlineAreListedAsFarAsTheyAllow() {
    try (var rupert = browser("rupert");
        var sybil = browser("sybil")) {
      String search = "prefix => engine.searchOnline({ prefix }).then(({ users }) => users)";
      assertEquals(List.of("sybil"), rupert.ask(search, "sy"));
      sybil.ask("value => engine.setVisibility(value)", "nobody");
      assertEquals(List.of(), rupert.ask(search, "sy"));
    }
  }

  private static void assertRefused(
      String code, BrowserPerson person, String script, Object argument) {
    var refusal = assertThrows(PlaywrightException.class, () -> person.ask(script, argument));
    assertTrue(refusal.getMessage().contains("UserError: " + code), refusal.getMessage());
  }
}

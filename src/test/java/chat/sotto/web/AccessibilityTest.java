package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What axe-core says of the real page with its real server, in both themes, on the way of somebody
 * who is new: nothing serious, nothing critical. What seldom happens is asked in {@link LooksTest},
 * where a stand-in engine makes it happen.
 */
class AccessibilityTest extends RealServerTest {
  private static final List<String> SETTINGS =
      List.of("General", "Privacy", "Devices", "Password", "Recovery code", "History", "Server",
          "Account");

  @BeforeEach
  @Override
  void meet() {
    alice = person("ada");
  }

  @Test
  void everybodyCanUseItFromTheFirstScreenToTheFirstGroup() {
    arrive();
    findNobody();
    bob = person("ben").createAccount();
    converse();
    lookAtDialogs();
    meetInGroup();
    loseServer();
  }

  private void arrive() {
    alice.tab("Create account").click();
    look("create account");
    alice.button("Create account").click();
    assertThat(alice.page.getByRole(AriaRole.ALERT)).isVisible();
    look("create account, refused");
    alice.signIn("nobody knows this one");
    Person.waitFor(alice.page.getByRole(AriaRole.ALERT));
    look("sign in, refused");
    alice.createAccount();
    look("no conversations");
  }

  private void findNobody() {
    alice.button("New conversation").click();
    alice.box("Username").fill("nobody.here");
    alice.button("Start").click();
    Person.waitFor(alice.page.getByRole(AriaRole.ALERT));
    look("new conversation, refused");
    alice.page.keyboard().press("Escape");
    alice.button("New group").click();
    alice.button("Create").click();
    assertThat(alice.page.getByRole(AriaRole.ALERT)).isVisible();
    look("new group, refused");
    alice.page.keyboard().press("Escape");
  }

  private void converse() {
    alice.startConversation(bob.name);
    look("empty conversation");
    alice.write("Do you have the keys? See https://example.org/keys");
    alice.waitUntilDelivered();
    bob.open(alice.name).write("Yes");
    Person.waitFor(alice.page.getByText("Yes", new Page.GetByTextOptions().setExact(true)).last());
    look("conversation");
    alice.role(AriaRole.SEARCHBOX, "Search messages").fill("keys");
    Person.waitFor(alice.role(AriaRole.LIST, "Found messages").getByRole(AriaRole.BUTTON));
    look("search");
    alice.role(AriaRole.SEARCHBOX, "Search messages").fill("");
  }

  private void lookAtDialogs() {
    alice.button("Details").click();
    alice.button("Safety number").click();
    Person.waitFor(alice.button("Mark as verified"));
    look("safety number");
    alice.page.keyboard().press("Escape");
    alice.button("Account: " + alice.name).click();
    look("menu");
    alice.role(AriaRole.MENUITEM, "Settings").click();
    for (var section : SETTINGS) {
      alice.button(section).click();
      look("settings, " + section);
    }
    alice.page.keyboard().press("Escape");
  }

  private void meetInGroup() {
    bob.createGroup("Harbour").invite(alice.name);
    Person.waitFor(alice.button("Accept").first());
    alice.open("Harbour");
    look("invitation");
    alice.button("Accept").click();
    Person.waitFor(alice.box("Message"));
    look("group");
    alice.button("Details").click();
    Person.waitFor(alice.role(AriaRole.LIST, "Members"));
    look("group details");
    alice.page.keyboard().press("Escape");
  }

  private void loseServer() {
    server.kill();
    alice.waitForStatus("Reconnecting…");
    alice.write("Sent later");
    alice.waitForState("Pending");
    look("no connection");
  }

  private void look(String state) {
    for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      // Without motion: a colour that is on its way to another is nobody's choice.
      alice.page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme)
          .setReducedMotion(ReducedMotion.REDUCE));
      assertThat(alice.page.locator("html"))
          .hasAttribute("data-bs-theme", scheme.name().toLowerCase());
      Axe.assertNoFaults(alice.page, state + ", " + scheme);
    }
  }
}

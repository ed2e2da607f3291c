package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two people in two browsers on a real server: what they write arrives, once and in order. */
class TwoPeopleTest extends RealServerTest {
  @Test
  void bothWriteAndBothSeeDelivered() {
    talk();
    alice.write("Hello Bob");
    alice.waitForState("Delivered");
    bob.open(alice.name).waitForTexts("Hello Bob");
    bob.write("Hello Alice");
    bob.waitForState("Delivered");
    alice.waitForTexts("Hello Bob", "Hello Alice");
    assertThat(bob.conversation(alice.name)).not().containsText("unread");
  }

  @Test
  void personWhoComesBackGetsThreeMessagesOnceInOrder() {
    talk();
    bob.page.close();
    for (var text : new String[] {"one", "two", "three"}) {
      alice.write(text);
      alice.waitForState("Sent");
    }
    bob.page = bob.newTab();
    Person.waitFor(bob.conversation(alice.name));
    assertThat(bob.conversation(alice.name)).containsText("3 unread messages", patient());
    bob.open(alice.name).waitForTexts("one", "two", "three");
    alice.waitForState("Delivered");
    bob.comeBack();
    bob.open(alice.name).waitForTexts("one", "two", "three");
  }

  private static LocatorAssertions.ContainsTextOptions patient() {
    return new LocatorAssertions.ContainsTextOptions().setTimeout(Person.PATIENCE_MS);
  }

  @Test
  void conversationGoesOnAfterTheServerWasKilled() throws IOException {
    talk();
    alice.write("before");
    alice.waitForState("Delivered");
    bob.open(alice.name);
    server.kill();
    alice.waitForStatus("Reconnecting…");
    assertThat(alice.page.getByText("No connection to the server.")).isVisible();
    alice.write("while it was down");
    alice.waitForState("Pending");
    bob.write("me too");
    server.start();
    alice.waitUntilConnected();
    bob.waitUntilConnected();
    assertThat(alice.texts()).hasCount(3, new LocatorAssertions.HasCountOptions()
        .setTimeout(Person.PATIENCE_MS));
    for (var person : new Person[] {alice, bob}) {
      assertThat(person.messages().filter(new Locator.FilterOptions().setHasText("Pending")))
          .hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(Person.PATIENCE_MS));
      assertThat(person.texts()).hasCount(3);
    }
    alice.write("after");
    alice.waitForState("Delivered");
    assertThat(bob.texts().last()).hasText("after");
  }

  @Test
  void draftAndUnsentMessagesSurviveTheEndOfThePage() throws IOException {
    talk();
    var other = otherTab(alice);
    server.kill();
    alice.waitForStatus("Reconnecting…");
    alice.write("left behind");
    alice.waitForState("Pending");
    alice.box("Message").pressSequentially("half a thought");
    assertThat(other.getByText("Draft: half a thought")).isVisible();
    alice.page.close();
    other.close();
    server.start();
    alice.page = alice.newTab();
    alice.open(bob.name);
    assertThat(alice.box("Message")).hasValue("half a thought");
    alice.waitForState("Delivered");
    bob.waitUntilConnected();
    bob.open(alice.name).waitForTexts("left behind");
  }

  /** A tab that nobody looks at: it shows a draft as soon as it is stored. */
  private static Page otherTab(Person person) {
    var tab = person.newTab();
    Person.waitFor(tab.getByRole(AriaRole.NAVIGATION).getByRole(AriaRole.LINK));
    tab.evaluate("document.hasFocus = () => false; dispatchEvent(new Event('blur'))");
    return tab;
  }

  @Test
  void twoTabsShowEverythingOnceAndSendOnce() {
    talk();
    var first = alice.page;
    alice.page = alice.newTab();
    alice.open(bob.name);
    alice.write("from the second tab");
    alice.waitForState("Delivered");
    bob.open(alice.name).waitForTexts("from the second tab");
    bob.write("to both tabs");
    alice.waitForTexts("from the second tab", "to both tabs");
    alice.page.close();
    alice.page = first;
    alice.waitForTexts("from the second tab", "to both tabs");
    alice.write("from the first tab");
    alice.waitForState("Delivered");
    bob.waitForTexts("from the second tab", "to both tabs", "from the first tab");
  }

  @Test
  void leadGoesToAnotherTabWhenTheFirstIsClosed() {
    talk();
    var second = alice.newTab();
    alice.page.close();
    alice.page = second;
    alice.open(bob.name);
    alice.waitUntilConnected();
    alice.write("the other tab leads now");
    alice.waitForState("Delivered");
  }

  @Test
  void peopleOnlineAreOneClickAway() {
    alice.createAccount();
    bob.createAccount();
    var person = bob.role(AriaRole.REGION, "People online").getByRole(AriaRole.BUTTON,
        new Locator.GetByRoleOptions().setName(alice.name).setExact(true));
    Person.waitFor(person);
    person.click();
    Person.waitFor(bob.role(AriaRole.HEADING, alice.name));
    alice.button("Account: " + alice.name).click();
    alice.role(AriaRole.MENUITEM, "Settings").click();
    alice.role(AriaRole.RADIO, "Nobody").check();
    assertThat(person).hasCount(0,
        new LocatorAssertions.HasCountOptions().setTimeout(Person.PATIENCE_MS));
  }

  @Test
  void bothSeeTheSameSafetyNumberAndRememberTheMark() {
    talk();
    alice.write("hello");
    alice.waitForState("Delivered");
    bob.open(alice.name);
    var digits = safetyNumber(alice);
    assertEquals(digits, safetyNumber(bob));
    assertFalse(digits.isBlank());
    alice.button("Mark as verified").click();
    alice.button("Close").click();
    assertThat(alice.conversation(bob.name)).hasAccessibleName(Pattern.compile("verified"));
    alice.comeBack();
    Person.waitFor(alice.conversation(bob.name));
    assertThat(alice.conversation(bob.name)).hasAccessibleName(Pattern.compile("verified"));
  }

  private static String safetyNumber(Person person) {
    person.button("Details").click();
    person.button("Safety number").click();
    Person.waitFor(person.role(AriaRole.IMG, "QR code of the safety number"));
    return String.join(" ",
        person.role(AriaRole.LIST, "Safety number").getByRole(AriaRole.LISTITEM).allTextContents());
  }

  @Test
  void serverStoresNothingThatWasWritten() throws IOException {
    talk();
    alice.write("the heron flies at dusk");
    alice.waitForState("Delivered");
    try (Stream<Path> files = Files.walk(server.data().getParent())) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        for (var secret : new String[] {"the heron", Person.PASSWORD}) {
          assertFalse(bytes.contains(secret), file + " holds “" + secret + "”");
        }
      }
    }
  }
}

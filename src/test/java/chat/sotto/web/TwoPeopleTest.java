package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
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
  void bothWriteCompareAndLeaveNothingReadableOnTheServer() throws IOException {
    talk();
    alice.write("the heron flies at dusk");
    alice.waitUntilDelivered();
    bob.open(alice.name).waitForTexts("the heron flies at dusk");
    bob.write("Hello Alice");
    bob.waitForState("Read");
    alice.waitForTexts("the heron flies at dusk", "Hello Alice");
    assertThat(bob.conversation(alice.name)).not().containsText("unread");
    respond();
    sendFile("nests-2026.txt", "the nest is in the old oak");
    compareSafetyNumbers();
    assertServerStoresNothingOf("the heron", "Hello Alice", "two herons", "nests-2026",
        "the old oak", Person.PASSWORD);
  }

  private void respond() {
    bob.choose("the heron flies at dusk", "Reply");
    bob.write("So it does");
    Person.waitFor(alice.button("In reply to You the heron flies at dusk"));
    bob.choose("the heron flies at dusk", "React with ❤️");
    Person.waitFor(alice.button("❤️ 1: " + bob.name));
    alice.choose("the heron flies at dusk", "Edit");
    alice.write("two herons fly");
    bob.waitForTexts("two herons fly", "Hello Alice", "So it does");
    Person.waitFor(bob.button("In reply to " + alice.name + " two herons fly"));
    alice.choose("two herons fly", "Delete for everyone");
    alice.button("Delete for everyone").click();
    bob.waitForTexts(alice.name + " deleted this message", "Hello Alice", "So it does");
    assertThat(bob.button("❤️ 1: " + bob.name)).hasCount(0);
  }

  private void sendFile(String name, String content) throws IOException {
    var bytes = content.getBytes(StandardCharsets.UTF_8);
    alice.page.locator("input[type=file]")
        .setInputFiles(new FilePayload(name, "text/plain", bytes));
    alice.write("where they are");
    var arrived = bob.page.getByRole(AriaRole.LOG).getByText("Download");
    Person.waitFor(arrived);
    var download = bob.page.waitForDownload(arrived::click);
    assertEquals(name, download.suggestedFilename());
    assertEquals(content, Files.readString(download.path()));
  }

  private void compareSafetyNumbers() {
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

  private static void assertServerStoresNothingOf(String... secrets) throws IOException {
    try (Stream<Path> files = Files.walk(server.data().getParent())) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        for (var secret : secrets) {
          assertFalse(bytes.contains(secret), file + " holds “" + secret + "”");
        }
      }
    }
  }

  @Test
  void personWhoComesBackGetsThreeMessagesOnceInOrderInEveryTab() {
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
    alice.waitUntilDelivered();
    bob.comeBack();
    bob.open(alice.name).waitForTexts("one", "two", "three");
    writeFromTwoTabs();
  }

  private void writeFromTwoTabs() {
    var first = alice.page;
    alice.page = alice.newTab();
    alice.open(bob.name);
    alice.write("from the second tab");
    alice.waitUntilDelivered();
    bob.waitForTexts("one", "two", "three", "from the second tab");
    bob.write("to both tabs");
    String[] texts = {"one", "two", "three", "from the second tab", "to both tabs"};
    alice.waitForTexts(texts);
    var second = alice.page;
    alice.page = first;
    alice.waitForTexts(texts);
    first.close();
    alice.page = second;
    alice.waitUntilConnected();
    alice.write("the other tab leads now");
    alice.waitUntilDelivered();
    assertThat(bob.texts()).hasCount(6);
  }

  private static LocatorAssertions.ContainsTextOptions patient() {
    return new LocatorAssertions.ContainsTextOptions().setTimeout(Person.PATIENCE_MS);
  }

  @Test
  void conversationGoesOnAfterTheServerWasKilledAndAPageWasOpenedWithoutIt() throws IOException {
    alice = new Person(alice.name, chromium.freshProfileWithWorker(), server.url(), faults);
    talk();
    alice.write("before");
    alice.waitUntilDelivered();
    bob.open(alice.name);
    var other = otherTab(alice);
    server.kill();
    for (var person : new Person[] {alice, bob}) {
      person.waitForStatus("Reconnecting…");
      assertThat(person.page.getByText("No connection to the server.")).isVisible();
      person.write("while it was down, from " + person.name);
      person.waitForState("Pending");
    }
    alice.box("Message").pressSequentially("half a thought");
    assertThat(other.getByText("Draft: half a thought")).isVisible();
    alice.page.close();
    other.close();
    alice.page = alice.newTab();
    alice.open(bob.name).waitForTexts("before", "while it was down, from " + alice.name);
    assertThat(alice.box("Message")).hasValue("half a thought");
    alice.write("half a thought, finished");
    alice.waitForState("Pending");
    server.start();
    for (var person : new Person[] {alice, bob}) {
      person.waitUntilConnected();
      assertThat(person.texts()).hasCount(4, new LocatorAssertions.HasCountOptions()
          .setTimeout(Person.PATIENCE_MS));
      assertThat(person.messages().filter(new Locator.FilterOptions().setHasText("Pending")))
          .hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(Person.PATIENCE_MS));
      assertThat(person.texts()).hasCount(4);
      assertThat(person.texts().filter(new Locator.FilterOptions().setHasNotText(bob.name)))
          .hasText(new String[] {"before", "while it was down, from " + alice.name,
              "half a thought, finished"});
    }
    alice.write("after");
    alice.waitUntilDelivered();
    assertThat(bob.texts().last()).hasText("after");
  }

  /** A tab that nobody looks at: it shows a draft as soon as it is stored. */
  private static Page otherTab(Person person) {
    var tab = person.newTab();
    Person.waitFor(tab.getByRole(AriaRole.NAVIGATION).getByRole(AriaRole.LINK));
    tab.evaluate("document.hasFocus = () => false; dispatchEvent(new Event('blur'))");
    return tab;
  }

  @Test
  void peopleOnlineAreOneClickAway() {
    meetBob();
    var person = bob.role(AriaRole.REGION, "People online").getByRole(AriaRole.BUTTON,
        new Locator.GetByRoleOptions().setName(alice.name).setExact(true));
    Person.waitFor(person);
    person.click();
    Person.waitFor(bob.role(AriaRole.HEADING, alice.name));
    alice.button("Account: " + alice.name).click();
    alice.role(AriaRole.MENUITEM, "Settings").click();
    alice.button("Privacy").click();
    alice.role(AriaRole.RADIO, "Nobody").check();
    // Whoever looks at the page again has a new list at once.
    bob.page.waitForFunction("person => dispatchEvent(new Event('focus')) && !person.isConnected",
        person.elementHandle(), new Page.WaitForFunctionOptions().setPollingInterval(500));
    assertThat(person).hasCount(0);
  }
}

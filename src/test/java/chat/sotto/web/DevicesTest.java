package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A person with several browsers, on a real server: each is signed in with the password alone. */
class DevicesTest extends RealServerTest {
  /** The leading tab of the page appends to the archive without the pause that spreads devices. */
  private static final String HURRY =
      "async () => Object.assign((await import('/client/archive.js')).pace,"
          + " { waitMs: 20, jitterMs: 20 })";

  private static final String AWAIT_ARCHIVED =
      """
      async ([user, count]) => {
        const { NOT_ARCHIVED, openDatabase, settle } = await import('/store/database.js');
        const database = await openDatabase(user);
        const isArchived = async () => {
          const messages = database.transaction('messages').objectStore('messages');
          const texts = (await settle(messages.getAll())).filter(({ kind }) => kind === 'text');
          return texts.length >= count && texts.every(({ archive }) => archive > NOT_ARCHIVED);
        };
        while (!await isArchived()) await new Promise(resolve => setTimeout(resolve, 100));
        database.close();
      }
      """;

  private final List<Person> others = new ArrayList<>();

  /** Somebody signs in with a browser that knows nothing of them. */
  private Person another(Person who) {
    var browser = person(who.name);
    others.add(browser);
    browser.signIn(Person.PASSWORD);
    Person.waitFor(browser.button("Account: " + who.name));
    browser.waitUntilConnected();
    return browser;
  }

  @AfterEach
  void partFromOthers() {
    others.forEach(Person::close);
  }

  private static void awaitArchived(Person who, int texts) {
    who.page.evaluate(AWAIT_ARCHIVED, List.of(who.name, texts));
  }

  private static void awaitLast(Person who, String text) {
    assertThat(who.texts().last()).hasText(text,
        new LocatorAssertions.HasTextOptions().setTimeout(Person.PATIENCE_MS));
  }

  private static void awaitVisible(Locator locator) {
    assertThat(locator).isVisible(
        new LocatorAssertions.IsVisibleOptions().setTimeout(Person.PATIENCE_MS));
  }

  @Test
  void whoseBrowserWasClearedHasEverythingBackUnderTheSameSafetyNumber() {
    talk();
    alice.page.evaluate(HURRY);
    alice.write("before it was cleared");
    awaitLast(bob.open(alice.name), "before it was cleared");
    bob.write("an answer");
    awaitLast(alice, "an answer");
    awaitArchived(alice, 2);
    var number = safetyNumber(bob);
    alice.close();

    var again = another(alice);
    again.open(bob.name).waitForTexts("before it was cleared", "an answer");
    again.write("here again");
    again.waitForState("Delivered");
    awaitLast(bob, "here again");
    awaitVisible(bob.page.getByText(alice.name + " added a device"));
    assertThat(bob.page.getByRole(AriaRole.ALERT)).hasCount(0);
    assertEquals(number, safetyNumber(bob));
    assertEquals(number, safetyNumber(again));
  }

  private static List<String> safetyNumber(Person who) {
    who.button("Details").click();
    who.button("Safety number").click();
    Person.waitFor(who.role(AriaRole.IMG, "QR code of the safety number"));
    var number = who.role(AriaRole.LIST, "Safety number").getByRole(AriaRole.LISTITEM)
        .allTextContents();
    assertTrue(number.size() > 1);
    who.button("Close").click();
    return number;
  }

  @Test
  void secondBrowserJoinsTheGroupsOfItsPersonByItself() {
    var carol = person(alice.name.replace("alice", "carol"));
    others.add(carol);
    for (var person : new Person[] {alice, bob, carol}) person.createAccount();
    alice.createGroup("Heron watch").invite(bob.name, carol.name);
    bob.accept("Heron watch");
    carol.accept("Heron watch");
    awaitVisible(alice.page.getByText("3 members · Encrypted"));

    var phone = another(alice);
    phone.open("Heron watch");
    Person.waitFor(phone.box("Message"));
    assertThat(phone.page.getByText("This browser is not yet in this group.")).isHidden(
        new LocatorAssertions.IsHiddenOptions().setTimeout(Person.PATIENCE_MS));
    bob.write("the heron is here");
    awaitLast(phone, "the heron is here");
    awaitLast(alice, "the heron is here");
    phone.write("I see it");
    for (var person : new Person[] {alice, bob, carol}) awaitLast(person, "I see it");
  }
}

package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A person with several browsers, on a real server: each is signed in with the password alone. */
class DevicesTest extends RealServerTest {
  private static final int MANY = 500;

  /** The leading tab of the page appends to the archive without the pause that spreads devices. */
  private static final String HURRY =
      "async () => Object.assign((await import('/client/archive.js')).pace,"
          + " { waitMs: 20, jitterMs: 20 })";

  /** Numbered texts, put into the store at once, as if they had been sent and delivered. */
  private static final String STORE_MANY =
      """
      async ([user, to, count]) => {
        const { AccountStore } = await import('/store/account-store.js');
        const {
          addMessage, CONVERSATION_STORES, conversationOf, messagePlace, rowId,
        } = await import('/store/conversations.js');
        const store = await AccountStore.open(user);
        const conversation = conversationOf(user, to);
        const rows = await Promise.all(Array.from({ length: count }, async (_, i) => {
          const id = rowId(user, crypto.getRandomValues(new Uint8Array(16)));
          const row = { conversation, id, mine: true, from: user, sentAt: Date.now(), kind: 'text',
            state: 'delivered' };
          row.sealed = await store.sealing.seal(messagePlace(row), `message ${i + 1}`);
          return row;
        }));
        await store.write(CONVERSATION_STORES, async stores => {
          for (const row of rows) await addMessage(stores, to, row);
        });
        store.close();
      }
      """;

  /** All rows and keys of one account's store, put into that of another. */
  private static final String COPY_STORE =
      """
      async ([from, to]) => {
        const { openDatabase, settle } = await import('/store/database.js');
        const [source, target] = [await openDatabase(from), await openDatabase(to)];
        for (const name of source.objectStoreNames) {
          const store = source.transaction(name).objectStore(name);
          const [rows, keys] = await Promise.all(
            [settle(store.getAll()), settle(store.getAllKeys())]);
          const copy = target.transaction(name, 'readwrite').objectStore(name);
          copy.clear();
          await Promise.all(rows.map((row, i) =>
            settle(copy.keyPath === null ? copy.put(row, keys[i]) : copy.put(row))));
        }
        source.close();
        target.close();
      }
      """;

  private static final String REMEMBER =
      "async user => (await import('/store/known-accounts.js')).rememberAccount(user)";

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

  /** The page is made of its modules, so that what a test sets in one of them holds in the page. */
  @Override
  Person person(String name) {
    var profile = chromium.freshProfile();
    profile.route(server.url() + "/page.js", route -> route.fulfill(new Route.FulfillOptions()
        .setContentType("text/javascript").setBody("import '/app.js';")));
    return new Person(name, profile, server.url(), faults);
  }

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

  private static void openDevices(Person who) {
    who.button("Account: " + who.name).click();
    who.role(AriaRole.MENUITEM, "Settings").click();
    who.button("Devices").click();
  }

  private static Locator devices(Person who) {
    return who.role(AriaRole.LIST, "Your devices").getByRole(AriaRole.LISTITEM);
  }

  @Test
  void secondBrowserRestoresAndTakesPartUntilItIsRemovedAndAThirdWorksAlone() {
    talk();
    alice.page.evaluate(HURRY);
    alice.write("the heron flies at dusk");
    alice.waitUntilDelivered();
    alice.page.evaluate(STORE_MANY, List.of(alice.name, bob.name, MANY));
    alice.write("the newest one");
    awaitLast(bob.open(alice.name), "the newest one");
    awaitArchived(alice, MANY + 2);

    var phone = another(alice);
    awaitLast(phone.open(bob.name), "the newest one");
    awaitArchived(phone, MANY + 2);
    for (var found : new String[] {"heron", "message 250"}) {
      phone.role(AriaRole.SEARCHBOX, "Search messages").fill(found);
      awaitVisible(phone.page.getByText("1 message found"));
    }
    phone.page.keyboard().press("Escape");

    bob.write("to both browsers");
    awaitLast(alice, "to both browsers");
    awaitLast(phone, "to both browsers");
    phone.write("from the second one");
    phone.waitUntilDelivered();
    awaitLast(alice, "from the second one");
    alice.waitUntilDelivered();
    assertThat(bob.texts().getByText("from the second one")).hasCount(1);

    var stolen = alice.name + "-stolen";
    phone.page.evaluate(COPY_STORE, List.of(alice.name, stolen));
    removeTheOther(alice);
    awaitRemoved(phone);
    phone.page.evaluate(COPY_STORE, List.of(stolen, alice.name));
    phone.page.evaluate(REMEMBER, alice.name);
    bob.write("not for the one that was removed");
    awaitLast(alice, "not for the one that was removed");
    phone.page.close();
    phone.page = phone.newTab();
    awaitRemoved(phone);
    alice.page.close();
    phone.page.close();

    var third = another(alice);
    third.open(bob.name).write("from the third one");
    third.waitUntilDelivered();
    awaitLast(bob, "from the third one");
    bob.write("to the third one");
    awaitLast(third, "to the third one");
  }

  private static void removeTheOther(Person who) {
    openDevices(who);
    assertThat(devices(who)).hasCount(2);
    devices(who).nth(1).getByRole(AriaRole.BUTTON,
        new Locator.GetByRoleOptions().setName(Pattern.compile("^Remove "))).click();
    who.page.keyboard().type(Person.PASSWORD);
    who.page.keyboard().press("Enter");
    awaitVisible(who.page.getByText("was removed. It can neither read nor send anything"));
    assertThat(devices(who)).hasCount(1);
  }

  private static void awaitRemoved(Person who) {
    awaitVisible(who.role(AriaRole.HEADING, "This browser was removed"));
    assertEquals(List.of(), databases(who, who.name));
  }

  private static Object databases(Person who, String user) {
    return who.page.evaluate(
        "async user => (await indexedDB.databases()).map(({ name }) => name)"
            + ".filter(name => name === `sotto:${user}`)", user);
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
    again.waitUntilDelivered();
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
    meetBob();
    var carol = friend("carol").createAccount();
    others.add(carol);
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

package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** One conversation on the page: reading, writing, and what can go wrong with a message. */
class ConversationPageTest extends PageTest {
  private static final String LONG_TALK = """
      {conversations: [{user: 'bob', unread: %d, messages: Array.from({length: 200}, (_, i) =>
        ({text: 'message ' + i, daysAgo: (200 - i) / 50}))}]}""";

  private Object atEnd() {
    return log().evaluate("log => log.scrollHeight - log.clientHeight - log.scrollTop < 2");
  }

  private Object scrolledTo() {
    return log().evaluate("log => Math.round(log.scrollTop)");
  }

  @Test
  void enterSendsAndShiftEnterMakesALine() {
    openSample("carol");
    box("Message").fill("one");
    box("Message").press("Shift+Enter");
    page.keyboard().type("two");
    box("Message").press("Enter");
    assertThat(messages().last()).containsText("one\ntwo");
    assertThat(box("Message")).hasValue("");
    assertAsked("sendText", 1);
  }

  @Test
  void enterOfAnInputMethodDoesNotSend() {
    openSample("carol");
    box("Message").fill("か");
    box("Message").dispatchEvent("keydown",
        Map.of("key", "Enter", "isComposing", true, "bubbles", true));
    assertAsked("sendText", 0);
    assertThat(box("Message")).hasValue("か");
  }

  @Test
  void blankMessageIsNotSent() {
    openSample("carol");
    box("Message").fill(" \n ");
    button("Send").click();
    assertAsked("sendText", 0);
  }

  @Test
  void myMessageShowsItsStateInWords() {
    openSample("bob");
    box("Message").fill("on my way");
    button("Send").click();
    var mine = messages().last();
    assertThat(mine).containsText("Pending");
    for (var state : List.of("sent:Sent", "delivered:Delivered", "not-sent:Not sent")) {
      var id = engine("e.messages.get('with-bob').at(-1).id");
      engine("e.update('" + id + "', {state: '" + state.split(":")[0] + "'})");
      assertThat(mine).containsText(state.split(":")[1]);
    }
    assertThat(mine.getByRole(AriaRole.BUTTON, named("Retry"))).isVisible();
    assertThat(mine.getByRole(AriaRole.BUTTON, named("Delete"))).isVisible();
  }

  private static Locator.GetByRoleOptions named(String name) {
    return new Locator.GetByRoleOptions().setName(name);
  }

  @Test
  void unsentMessageSaysWhyAndCanBeSentAgain() {
    openSample("carol");
    var unsent = messages().filter(new Locator.FilterOptions().setHasText("And one more thing"));
    assertThat(unsent).containsText("carol’s inbox is full");
    unsent.getByRole(AriaRole.BUTTON, named("Retry")).click();
    assertThat(unsent).containsText("Pending");
    assertAsked("retry", 1);
  }

  @Test
  void messageThatCannotBeOpenedSaysWhyAndOffersOneAction() {
    openSample("carol");
    var closed = messages().filter(new Locator.FilterOptions().setHasText("could not be opened"));
    assertThat(closed).containsText("its key was already used");
    assertThat(closed.getByRole(AriaRole.BUTTON)).hasCount(1);
    closed.getByRole(AriaRole.BUTTON, named("Repair")).click();
    assertAsked("repair", 1);
    assertThat(messages().filter(new Locator.FilterOptions().setHasText("newer version")))
        .isVisible();
  }

  @Test
  void textIsKeptWhenSendingIsRefused() {
    openSample("bob");
    engine("Object.assign(e.refusals, {sendText: 'The disk of this device is full.'})");
    box("Message").fill("do not lose me");
    button("Send").click();
    assertThat(alert()).hasText("The disk of this device is full.");
    assertThat(box("Message")).hasValue("do not lose me");
  }

  @Test
  void draftIsKeptPerConversation() {
    openSample("bob");
    box("Message").fill("for bob");
    conversation("carol").click();
    assertThat(box("Message")).hasValue("");
    assertThat(conversation("bob")).containsText("Draft: for bob");
    conversation("bob").click();
    assertThat(box("Message")).hasValue("for bob");
    assertThat(conversation("bob")).not().containsText("Draft");
  }

  @Test
  void opensAtTheLineOfNewMessages() {
    page = FakePages.open(profile, LONG_TALK.formatted(50), "bob");
    assertThat(page.getByText("New messages")).isInViewport();
    assertThat(messages().filter(new Locator.FilterOptions().setHasText("message 150")))
        .isInViewport();
    assertThat(button("Jump to latest, 50 new")).isVisible();
    assertAsked("markRead", 0);
    button("Jump to latest, 50 new").click();
    assertThat(messages().last()).isInViewport();
    assertThat(conversation("bob")).not().containsText("unread");
    assertEquals("Sotto", page.title());
  }

  @Test
  void opensAtTheLineOfNewMessagesOnAPhoneToo() {
    page = FakePages.open(profile, LONG_TALK.formatted(50), "bob");
    assertThat(page.getByText("New messages")).isInViewport();
    page.setViewportSize(360, 740);
    role(AriaRole.LINK, "Back").click();
    engine("e.receive('with-bob', {text: 'news'})");
    conversation("bob").click();
    assertThat(page.getByText("New messages")).isInViewport();
    assertThat(button("Jump to latest, 51 new")).isVisible();
    assertAsked("markRead", 0);
  }

  @Test
  void longMessageIsFoldedUntilItIsAskedFor() {
    page = FakePages.open(profile, "{conversations: [{user: 'bob', messages:"
        + " [{text: 'so long '.repeat(8000)}, {text: 'line\\n'.repeat(49)},"
        + " {text: 'line\\n'.repeat(50)}]}]}", "bob");
    assertThat(button("Show all of it")).hasCount(2);
    page.evaluate(DRAWN_TWICE);
    assertEquals(true, conversation("bob").locator(".item-name").evaluate(
        "name => name.offsetWidth > 20 && name.closest('.item').scrollWidth < 340"));
    var all = button("Show all of it").first();
    assertEquals(true, messages().first().evaluate("one => one.offsetHeight < innerHeight"));
    all.focus();
    all.press("Enter");
    assertThat(messages().first()).isFocused();
    assertEquals(true, messages().first().evaluate("one => one.offsetHeight > 5 * innerHeight"));
    var place = scrolledTo();
    engine("e.receive('with-bob', {text: 'news'})");
    assertThat(button("Jump to latest, 1 new")).isVisible();
    assertEquals(place, scrolledTo());
    engine("e.update(e.messages.get('with-bob')[0].id,"
        + " {text: 'now longer '.repeat(8000), edited: true})");
    assertThat(messages().first()).containsText("now longer");
    assertEquals(true, messages().first().evaluate("one => one.offsetHeight > 5 * innerHeight"));
  }

  @Test
  void incomingMessageNeverMovesTheReadersPlace() {
    page = FakePages.open(profile, LONG_TALK.formatted(0), "bob");
    assertThat(messages()).hasCount(60);
    assertThat(messages().last()).isInViewport();
    assertThat(button("Jump to latest")).isHidden();
    log().evaluate("log => { log.scrollTop -= 600; }");
    assertThat(button("Jump to latest")).isVisible();
    var place = scrolledTo();
    engine("e.receive('with-bob', {text: 'news'})");
    assertThat(button("Jump to latest, 1 new")).isVisible();
    assertEquals(place, scrolledTo());
    assertEquals("(1) Sotto", page.title());
    button("Jump to latest, 1 new").click();
    assertEquals(true, atEnd());
    engine("e.receive('with-bob', {text: 'more news'})");
    assertThat(messages().last()).containsText("more news");
    assertEquals(true, atEnd());
  }

  @Test
  void olderMessagesComeAboveWithoutAJump() {
    page = FakePages.open(profile, LONG_TALK.formatted(0), "bob");
    assertThat(messages()).hasCount(60);
    log().evaluate("log => { log.scrollTop = 100; }");
    assertThat(messages()).hasCount(100);
    assertTrue((int) scrolledTo() > 400, "the place is kept: " + scrolledTo());
  }

  @Test
  void wholeConversationIsSavedAsAFileOfItsOwner() throws IOException {
    page = FakePages.open(profile, LONG_TALK.formatted(0), "bob");
    button("Details").click();
    button("Save as data (JSON)").focus();
    var data = page.waitForDownload(() -> page.keyboard().press("Enter"));
    assertThat(role(AriaRole.DIALOG, "About bob")).containsText("200 messages were saved as");
    var saved = new ObjectMapper().readTree(Files.readString(data.path())).get("messages");
    assertEquals("message 0", saved.get(0).get("text").asText());
    assertEquals("message 199", saved.get(199).get("text").asText());
    var file = page.waitForDownload(() -> button("Save to read or print").click());
    assertTrue(file.suggestedFilename().matches("sotto-bob-.*\\.html"), file.suggestedFilename());
    assertTrue(Files.readString(file.path()).contains("message 199"), "all are in it");
    engine("e.refusals.loadMessages = 'The disk cannot be read.'");
    button("Save to read or print").click();
    assertThat(page.getByRole(AriaRole.DIALOG).getByRole(AriaRole.ALERT))
        .hasText("The disk cannot be read.");
  }

  @Test
  void onlyIncomingMessagesAreAnnounced() {
    openSample("bob");
    assertThat(messages()).hasCount(6);
    engine("e.receive('with-bob', {text: 'hear me'})");
    box("Message").fill("mine");
    box("Message").press("Enter");
    assertThat(messages()).hasCount(8);
    assertEquals(List.of("off", "off", "off", "off", "off", "off", "live", "off"),
        messages().evaluateAll("all => all.map(a => a.getAttribute('aria-live') ?? 'live')"));
  }

  @Test
  void linkOpensElsewhereAndNothingElseIsALink() {
    openSample("bob");
    engine("e.receive('with-bob',"
        + " {text: 'javascript:alert(1) https://a.example/x. data:text/html,x'})");
    var links = messages().last().getByRole(AriaRole.LINK);
    assertThat(links).hasCount(1);
    assertThat(links).hasAttribute("href", "https://a.example/x");
    assertThat(links).hasAttribute("rel", "noopener noreferrer");
    assertThat(links).hasAttribute("target", "_blank");
  }

  @Test
  void markdownIsShownAndNothingInItRuns() {
    openSample("bob");
    page.evaluate("navigator.clipboard.writeText = async text => { window.copied = text; }");
    page.evaluate("text => fakeEngine.receive('with-bob', {text})", """
        **<img src=x onerror="window.__pwned=1">** [x](javascript:window.__pwned=1) \
        [the bank](https://evil.example/ "onclick=window.__pwned=1)
        - [<b>one</b>](https://a.example/) `<script>window.__pwned=1</script>`
        ```html
          <script>window.__pwned=1</script>
        ```""");
    var shown = messages().last();
    assertThat(shown.locator("strong")).hasText("<img src=x onerror=\"window.__pwned=1\">");
    assertThat(shown).containsText("[x](javascript:window.__pwned=1)");
    assertThat(shown.getByRole(AriaRole.LISTITEM)).containsText("(https://a.example/)");
    shown.getByRole(AriaRole.BUTTON, named("Copy")).click();
    assertThat(shown.getByRole(AriaRole.BUTTON, named("Copied"))).isVisible();
    assertEquals(List.of("undefined", 2, "  <script>window.__pwned=1</script>"), page.evaluate(
        "[typeof window.__pwned, document.scripts.length, window.copied]"));
    assertThat(conversation("bob"))
        .containsText(" <img src=x onerror=\"window.__pwned=1\"> [x](javascript:window");
  }

  @Test
  void messageIsReachedAndCopiedByKeyboard() {
    openSample("bob");
    page.evaluate("navigator.clipboard.writeText = async text => { window.copied = text; }");
    engine("e.receive('with-bob', {text: '**as written**'})");
    assertThat(messages()).hasCount(7);
    log().focus();
    page.keyboard().press("ArrowUp");
    page.keyboard().press("ArrowUp");
    page.keyboard().press("ArrowDown");
    assertThat(messages().last()).isFocused();
    page.keyboard().press("Enter");
    assertThat(role(AriaRole.MENUITEM, "Reply")).isFocused();
    page.keyboard().press("ArrowDown");
    page.keyboard().press("ArrowDown");
    assertThat(role(AriaRole.MENUITEM, "Copy")).isFocused();
    page.keyboard().press("Escape");
    assertThat(messages().last()).isFocused();
    page.keyboard().press("Tab");
    assertThat(messages().last().getByRole(AriaRole.BUTTON, named("Message actions"))).isFocused();
    page.keyboard().press("Enter");
    role(AriaRole.MENUITEM, "Copy").press("Enter");
    assertThat(page.getByText("Copied")).isVisible();
    assertEquals("**as written**", page.evaluate("window.copied"));
  }

  @Test
  void emojiAreChosenByKeyboard() {
    openSample("carol");
    button("Emoji").press("Enter");
    assertThat(page.getByLabel("Search emoji")).isFocused();
    page.keyboard().type("tada");
    assertThat(button("tada")).isVisible();
    page.keyboard().press("ArrowDown");
    assertThat(button("tada")).isFocused();
    page.keyboard().press("Enter");
    assertThat(box("Message")).isFocused();
    assertThat(box("Message")).hasValue("🎉");
    page.keyboard().type(" :thum");
    assertThat(role(AriaRole.OPTION, ":+1:")).hasAttribute("aria-selected", "true");
    page.keyboard().press("Enter");
    assertThat(box("Message")).hasValue("🎉 👍 ");
    assertAsked("sendText", 0);
    page.keyboard().type(":smil");
    assertThat(page.getByRole(AriaRole.OPTION)).hasCount(8);
    page.keyboard().press("Escape");
    assertThat(page.getByRole(AriaRole.OPTION)).hasCount(0);
    page.keyboard().press("Enter");
    assertThat(messages().last()).containsText("🎉 👍 :smil");
    button("Emoji").click();
    assertThat(page.getByText("Used lately")).isVisible();
    assertThat(button("tada")).hasCount(2);
    page.keyboard().press("Escape");
    assertThat(box("Message")).isFocused();
  }

  @Test
  void keysSetMarkersAroundWhatIsSelected() {
    openSample("carol");
    box("Message").fill("one word");
    page.keyboard().press("ControlOrMeta+Shift+ArrowLeft");
    page.keyboard().press("ControlOrMeta+b");
    page.keyboard().press("ControlOrMeta+i");
    assertThat(box("Message")).hasValue("one **_word_**");
    page.keyboard().press("ControlOrMeta+i");
    assertThat(box("Message")).hasValue("one **word**");
    assertThat(conversation("carol")).not().containsText("**");
  }

  @Test
  void changedKeyStopsSendingUntilThePersonHasChosen() {
    openSample("mallory");
    assertThat(alert()).containsText("mallory’s security key has changed");
    assertThat(box("Message")).hasValue("half a thought");
    box("Message").press("Enter");
    assertAsked("sendText", 0);
    alert().getByRole(AriaRole.BUTTON).click();
    assertThat(alert()).hasCount(0);
    box("Message").press("Enter");
    assertAsked("sendText", 1);
  }

  @Test
  void historyThatCannotBeReadSaysSoAndCanBeTriedAgain() {
    page = FakePages.open(profile,
        "{conversations: [{user: 'bob'}], refusals: {loadMessages: 'The disk cannot be read.'}}",
        "bob");
    assertThat(alert()).hasText("The disk cannot be read.");
    engine("delete e.refusals.loadMessages");
    button("Try again").click();
    assertThat(alert()).hasCount(0);
    assertThat(log()).containsText(Pattern.compile("No messages yet"));
  }

  @Test
  void textAfterTheLineIsReadOnlyWhenSomebodyLooks() {
    openSample("bob");
    assertThat(conversation("bob")).not().containsText("unread");
    page.evaluate("document.hasFocus = () => false;"
        + " dispatchEvent(new Event('blur'))");
    engine("e.receive('with-bob', {text: 'while away'})");
    assertThat(conversation("bob")).containsText("1 unread message");
    page.evaluate("document.hasFocus = () => true;"
        + " dispatchEvent(new Event('focus'))");
    assertThat(conversation("bob")).not().containsText("unread");
  }
}

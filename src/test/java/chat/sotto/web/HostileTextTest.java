package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What people write stays text, whatever it is; nothing of it runs, loads or bends the page. */
class HostileTextTest extends PageTest {
  private static final Path HOSTILE = Path.of("src/test/resources/hostile");

  /** Elements that a text may be made of, and what they may carry: nothing that runs or loads. */
  static final String FOREIGN = """
      [...document.querySelectorAll('.text *')].filter(element => !element.matches(
        'a[href^="http"], strong, em, code, pre, ul, ol, li, blockquote, p, bdi, .address,'
          + ' .code-block, .code-block > button, .mention') || element.getAttributeNames().some(name =>
        !/^(href|title|rel|target|dir|class|value|type|tabindex|role|aria-|data-)/.test(name)))
        .length""";

  /** What is left of a text whose markers mean something; every other stays as it is. */
  private static final Map<String, String> MEANT = Map.of(
      "`touch /tmp/x`", "touch /tmp/x",
      "*/window.__pwned=1/*", "/window.__pwned=1/",
      "<img src=`x`onerror=window.__pwned=1>", "<img src=xonerror=window.__pwned=1>",
      "http://x.example/`onclick=`window.__pwned=1", "http://x.example/onclick=window.__pwned=1");

  private static final String TRACES = """
      () => [typeof window.__pwned, document.scripts.length, document.styleSheets.length,
        %s,
        document.querySelectorAll('iframe, object, embed, base, img, video, audio').length]"""
      .formatted(FOREIGN);
  private static final List<Object> NO_TRACE = List.of("undefined", 2, 10, 0, 0);

  /** Gives all groups one name after the other, and tells what the page made of each. */
  private static final String RENAMING = """
      async names => {
        const traces = %s;
        const textOf = selector => document.querySelector(selector).textContent;
        const shown = [];
        for (const name of names) {
          for (const {id, group} of fakeEngine.conversations.values()) {
            if (group) fakeEngine.change(id, {name});
          }
          await new Promise(resolve => setTimeout(resolve));
          shown.push([textOf('dialog .group-title'), textOf('.talk-title h2'),
            [...document.querySelectorAll('.item-name')]
              .filter(element => element.textContent === name).length,
            traces(), document.documentElement.scrollWidth > innerWidth]);
        }
        return shown;
      }""";

  /** Every line of markup.txt and every string of naughty-strings.json. */
  static List<String> texts() throws IOException {
    var texts = new ArrayList<>(Files.readAllLines(HOSTILE.resolve("markup.txt")));
    texts.addAll(List.of(new ObjectMapper().readValue(
        HOSTILE.resolve("naughty-strings.json").toFile(), String[].class)));
    return texts;
  }

  /** The words that the page shows for a text. */
  static String shown(String text) {
    return MEANT.getOrDefault(text, text);
  }

  @Test
  void everyTextIsShownAsItIsAndLeavesNoTrace() throws IOException {
    var complaints = new ArrayList<String>();
    var loads = new ArrayList<String>();
    page = FakePages.open(profile, "{conversations: [{user: 'bob'}]}", "bob");
    assertThat(status()).hasText("Connected");
    page.onPageError(complaints::add);
    page.onConsoleMessage(message -> complaints.add(message.text()));
    page.onRequest(request -> loads.add(request.url()));
    page.onDialog(dialog -> complaints.add(dialog.message()));
    var texts = texts();
    page.evaluate("texts => texts.forEach(text => fakeEngine.receive('with-bob', {text}))", texts);
    assertThat(messages()).hasCount(texts.size());
    assertEquals(texts.stream().map(HostileTextTest::shown).toList(),
        page.locator(".text").allTextContents());
    page.mouse().move(700, 500);
    page.evaluate("[...document.querySelectorAll('.text')].forEach(text => text.click())");
    assertEquals(NO_TRACE, page.evaluate(TRACES));
    assertEquals(List.of(), complaints);
    loads.remove(FakePages.ORIGIN + "/icon.svg");
    assertEquals(List.of(), loads);
    assertEquals(false, page.evaluate("document.documentElement.scrollWidth > innerWidth"));
  }

  @Test
  void hostileWordsOfEverySourceStayText() {
    var markup = "<img src=x onerror='window.__pwned=1'>";
    openSample("bob");
    page.evaluate("""
        text => {
          fakeEngine.emit({type: 'alarm', text});
          fakeEngine.receive('with-bob', {kind: 'notice', text});
          fakeEngine.receive('with-bob', {kind: 'undecryptable', text: '', reason: text});
          fakeEngine.receive('with-bob',
            {mine: true, from: 'alice', state: 'not-sent', reason: text, text});
          fakeEngine.emit({type: 'online', users: [text], more: false});
          fakeEngine.change('with-bob', {user: text, draft: text});
          fakeEngine.emit({type: 'server', host: text, fingerprint: text});
          fakeEngine.emit({type: 'account', phase: 'needs-password', user: 'alice', text});
        }""", markup);
    assertThat(page.getByText(markup).first()).isVisible();
    assertEquals(NO_TRACE, page.evaluate(TRACES));
  }

  @Test
  void hostileNamesOfGroupsStayTextWhereverTheyStand() throws IOException {
    openSample("");
    page.setViewportSize(360, 740);
    conversation("Boathouse crew").click();
    button("Details").click();
    var names = texts().stream().filter(text -> !text.isBlank()).toList();
    assertEquals(
        names.stream().map(name -> List.of(name, name, 4, NO_TRACE, false)).toList(),
        page.evaluate(RENAMING.formatted(TRACES), names));
    for (var selector : List.of(".group-title bdi", ".talk-title bdi", ".item-name")) {
      assertEquals("isolate", page.locator(selector).first().evaluate(
          "element => getComputedStyle(element).unicodeBidi"), selector);
    }
  }

  @Test
  void hostileWordsAboutAGroupStayText() {
    var markup = "<img src=x onerror='window.__pwned=1'>";
    openSample("");
    page.evaluate("""
        text => {
          const id = [...fakeEngine.conversations.keys()].find(id => id.startsWith('group:'));
          fakeEngine.emit({type: 'restored', text});
          fakeEngine.changeGroup(id,
            {alarm: text, invitedBy: text, blockedBy: [text], missed: [text]},
            members => [...members, {user: text, role: 'member', leaving: false, self: false}]);
          fakeEngine.receive(id, {from: text, text});
          fakeEngine.world.unseen = {removed: text, unseen: [text]};
          Object.assign(fakeEngine.refusals, {inviteMembers: text, acceptInvitation: text});
        }""", markup);
    conversation("Boathouse crew").click();
    button("Details").click();
    box("Add member").fill("frank");
    button("Add").click();
    assertThat(page.locator("dialog .invite .error")).hasText(markup);
    button("Remove " + markup).click();
    assertThat(alert().filter(new Locator.FilterOptions().setHasText(markup + " gets nothing")))
        .isVisible();
    page.keyboard().press("Escape");
    engine("e.changeGroup(e.calls.at(-1)[1], {alarm: null, status: 'invited'})");
    assertThat(role(AriaRole.HEADING, markup + " invites you to this group")).isVisible();
    assertEquals(NO_TRACE, page.evaluate(TRACES));
  }

  @Test
  void bidirectionalOverridesStayWithinTheirText() {
    openSample("bob");
    var name = page.locator(".author").last();
    var before = name.boundingBox();
    engine("e.receive('with-bob', {text: '\\u202e\\u2067 evil \\u202e', sentAt: 1})");
    assertThat(messages()).hasCount(7);
    for (var selector : List.of(".text", ".author", ".item-last bdi", ".item-name")) {
      assertEquals("isolate", page.locator(selector).first().evaluate(
          "element => getComputedStyle(element).unicodeBidi"), selector);
    }
    assertEquals(before.x, name.boundingBox().x);
  }

  @Test
  void timeThatIsNoTimeStopsNothing() {
    openSample("bob");
    engine("e.receive('with-bob',"
        + " {text: 'from the end of time', sentAt: Number.MAX_SAFE_INTEGER})");
    engine("e.receive('with-bob', {text: 'before time', sentAt: -1e300})");
    engine("e.receive('with-bob', {text: 'now'})");
    assertThat(messages().last()).containsText("now");
    assertThat(messages()).hasCount(9);
    assertThat(conversation("bob")).containsText("now");
  }

  @Test
  void hugeMessageKeepsThePageUsable() {
    openSample("bob");
    page.evaluate("text => fakeEngine.receive('with-bob', {text})", "W".repeat(65_536));
    assertThat(messages()).hasCount(7);
    box("Message").fill("still here");
    box("Message").press("Enter");
    assertThat(messages().last()).containsText("still here");
    assertEquals(false, page.evaluate("document.documentElement.scrollWidth > innerWidth"));
  }
}

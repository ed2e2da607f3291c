package chat.sotto.endtoend;

import static org.junit.jupiter.api.Assertions.assertThrows;

import chat.sotto.web.Chromium;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Somebody whose engine runs in a browser profile of its own, on a page that shows nothing. */
final class BrowserPerson implements AutoCloseable {
  static final String PASSWORD = Person.PASSWORD;

  /** A server that starts again takes its time where all is slow, and so do those who come back. */
  private static final double PATIENCE_MS = 180_000;

  private static final String OPEN =
      """
      async () => {
        const { openEngine } = await import('/client/engine.js');
        window.events = [];
        window.messages = new Map();
        window.groups = new Map();
        const take = event => {
          events.push(event);
          const shown = [event.conversation, ...event.list ?? []].filter(one => one?.group);
          shown.forEach(one => groups.set(one.id, one));
          if (event.type === 'messages') event.upserts.forEach(m => messages.set(m.id, m));
        };
        window.engine = await openEngine({ onEvent: take, location, bundle: null });
      }
      """;

  private static final String TEXTS =
      """
      async user => {
        const { list } = events.findLast(({ type }) => type === 'conversations') ?? { list: [] };
        const told = events.filter(({ type }) => type === 'conversation');
        const all = [...list, ...told.map(({ conversation }) => conversation)];
        const found = all.find(conversation => conversation.user === user);
        if (!found) return [];
        return (await engine.loadMessages(found.id, { limit: 1000 })).map(({ text }) => text);
      }
      """;

  private static final String POSTS =
      """
      async id => (await engine.loadMessages(id, { limit: 1000 }))
        .filter(({ kind, state }) => kind === 'text' && state !== 'pending')
        .map(({ text }) => text)
      """;

  final String name;
  private final URI server;
  private final BrowserContext profile;
  private Page page;

  BrowserPerson(String name, URI server, Chromium chromium) {
    this.name = name;
    this.server = server;
    profile = chromium.freshProfile();
    open();
  }

  /** With an account that is signed in. */
  static BrowserPerson registered(String name, URI server, Chromium chromium) {
    var person = new BrowserPerson(name, server, chromium);
    person.ask(
        "account => engine.createAccount(account)", Map.of("user", name, "password", PASSWORD));
    person.awaitConnected();
    // People of tests write to each other out of nowhere.
    person.ask("() => engine.setOpenToAll(true)", null);
    return person;
  }

  /** In a profile that knows nothing of the account, which is there already. */
  static BrowserPerson signedIn(String name, URI server, Chromium chromium) {
    var person = new BrowserPerson(name, server, chromium);
    person.ask("account => engine.signIn(account)", Map.of("user", name, "password", PASSWORD));
    person.awaitConnected();
    return person;
  }

  /** A page of the server that is no page of Sotto. */
  void open() {
    page = profile.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.navigate(server.resolve("/healthz").toString());
    page.evaluate(OPEN);
  }

  /**
   * One more tab of this browser; from now on that one is meant.
   *
   * @return has the tab before it crash
   */
  Runnable openAnotherTab() {
    Page before = page;
    open();
    return () -> assertThrows(
        PlaywrightException.class, () -> before.navigate("chrome://crash"));
  }

  /** As when the tab is closed. */
  void leave() {
    page.close();
  }

  Object ask(String script, Object argument) {
    return page.evaluate(script, argument);
  }

  void say(String to, String text) {
    ask(
        "async ([to, text]) => engine.sendText(await engine.startConversation(to), text)",
        List.of(to, text));
  }

  /** Has everything that others wrote been read. */
  void readAll() {
    ask(
        """
        () => Promise.all([...messages.values()].filter(({ mine }) => !mine)
          .map(({ conversation, ordinal }) => engine.markRead(conversation, ordinal)))
        """,
        null);
  }

  /** Until the other person has read what this one wrote, up to that text. */
  void awaitSeen(String text) {
    page.waitForFunction(
        """
        text => {
          const { conversation: id, ordinal } =
            [...messages.values()].find(one => one.text === text);
          return events.some(({ conversation }) => conversation?.id === id
            && conversation.seenOrdinal >= ordinal);
        }
        """,
        text);
  }

  List<?> texts(String with) {
    return (List<?>) ask(TEXTS, with);
  }

  // Groups, by the id of their conversation

  String createGroup(String title) {
    return (String) ask("name => engine.createGroup(name)", title);
  }

  /** Has the engine do something with a group, and waits until it is done. */
  void askGroup(String method, String group, Object... more) {
    ask("([method, ...args]) => engine[method](...args)", arguments(method, group, more));
  }

  void post(String group, String text) {
    askGroup("sendText", group, text);
  }

  /** The texts of a group that are in their places, in order. */
  List<?> postsIn(String group) {
    return (List<?>) ask(POSTS, group);
  }

  void awaitPosts(String group, int count) {
    page.waitForFunction(
        """
        ([id, count]) => [...messages.values()].filter(m => m.conversation === id
          && m.kind === 'text' && m.state !== 'pending').length === count
        """,
        List.of(group, count));
  }

  void awaitStatus(String group, String status) {
    page.waitForFunction(
        "([id, status]) => groups.get(id)?.group.status === status", List.of(group, status));
  }

  /** Until this person's browser knows that somebody has a role in a group. */
  void awaitRole(String group, String user, String role) {
    page.waitForFunction(
        """
        ([id, user, role]) =>
          groups.get(id)?.group.members.some(one => one.user === user && one.role === role)
        """,
        List.of(group, user, role));
  }

  /** Until this person's browser knows that somebody left or declined, and nobody settled it yet. */
  void awaitLeaving(String group, String user) {
    page.waitForFunction(
        """
        ([id, user]) =>
          groups.get(id)?.group.members.some(one => one.user === user && one.leaving)
        """,
        List.of(group, user));
  }

  void awaitName(String group, String title) {
    page.waitForFunction(
        "([id, name]) => groups.get(id)?.name === name", List.of(group, title));
  }

  private static List<Object> arguments(String method, String group, Object... more) {
    return Stream.concat(Stream.of(method, group), Stream.of(more)).toList();
  }

  void awaitConnected() {
    page.waitForFunction(
        "() => events.findLast(({ type }) => type === 'connection')?.status === 'connected'");
  }

  void awaitText(String text) {
    page.waitForFunction("text => [...messages.values()].some(m => m.text === text)", text);
  }

  void awaitState(String text, String state) {
    page.waitForFunction(
        "([text, state]) => [...messages.values()].some(m => m.text === text && m.state === state)",
        List.of(text, state));
  }

  /** What the engine raised an alarm about. */
  Object alarms() {
    return ask("() => events.filter(({ type }) => type === 'alarm').map(({ text }) => text)", null);
  }

  @Override
  public void close() {
    Chromium.end(profile);
  }
}

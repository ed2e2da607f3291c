package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Somebody with a browser of their own, who uses Sotto by what is written on its page. */
final class Person implements AutoCloseable {
  static final String PASSWORD = "mauve kettle eleven harbour";

  /** Making keys, and coming back after a lost connection, take their time on a small machine. */
  static final double PATIENCE_MS = 60_000;
  private static final String OPEN_TO_ALL =
      """
      async user => {
        const { AccountStore } = await import('/store/account-store.js');
        const { settle } = await import('/store/database.js');
        const store = await AccountStore.open(user);
        await store.write(['meta'], async ({ meta }) => {
          const row = await settle(meta.get('sync'));
          meta.put({ ...row, openToAll: true, openToAllChanged: true }, 'sync');
        });
        store.close();
      }
      """;
  private static final Pattern DELIVERED = Pattern.compile("Delivered|Read");

  final String name;
  final BrowserContext browser;
  private final String url;
  private final List<String> faults;
  Page page;

  /** @param faults gets what the browser complains about: errors, refusals, foreign loads */
  Person(String name, BrowserContext browser, String url, List<String> faults) {
    this.name = name;
    this.browser = browser;
    this.url = url;
    this.faults = faults;
    page = newTab();
  }

  /** One more page of Sotto in the same browser. */
  Page newTab() {
    var tab = browser.newPage();
    tab.setDefaultTimeout(PATIENCE_MS);
    tab.onPageError(error -> faults.add(name + ": " + error));
    tab.onDialog(dialog -> faults.add(name + ": dialog " + dialog.message()));
    tab.onConsoleMessage(message -> {
      if (message.type().equals("error") && !isLostConnection(message.text())) {
        faults.add(name + ": " + message.text());
      }
    });
    tab.onRequest(request -> {
      if (!request.url().startsWith(url + "/")) faults.add(name + " loads " + request.url());
    });
    tab.navigate(url + "/");
    return tab;
  }

  private static boolean isLostConnection(String text) {
    return text.contains("ERR_CONNECTION_REFUSED") || text.contains("WebSocket connection to");
  }

  Person createAccount() {
    tab("Create account").click();
    box("Username").fill(name);
    page.getByLabel("Password", new Page.GetByLabelOptions().setExact(true)).fill(PASSWORD);
    page.getByLabel("Repeat password").fill(PASSWORD);
    button("Create account").click();
    waitFor(button("Account: " + name));
    waitUntilConnected();
    // People of tests write to each other out of nowhere.
    page.evaluate(OPEN_TO_ALL, name);
    return this;
  }

  void signIn(String password) {
    tab("Sign in").click();
    box("Username").fill(name);
    page.getByLabel("Password").fill(password);
    button("Sign in").click();
  }

  void signOut() {
    button("Account: " + name).click();
    role(AriaRole.MENUITEM, "Sign out").click();
  }

  Person startConversation(String user) {
    button("New conversation").click();
    box("Username").fill(user);
    button("Start").click();
    waitFor(role(AriaRole.HEADING, user));
    return this;
  }

  /** @param title of a person's conversation or of a group */
  Person open(String title) {
    waitFor(conversation(title));
    conversation(title).click();
    waitFor(role(AriaRole.HEADING, title));
    return this;
  }

  Person createGroup(String title) {
    button("New group").click();
    box("Group name").fill(title);
    button("Create").click();
    waitFor(role(AriaRole.HEADING, title));
    return this;
  }

  /** Into the open group, all at once; nobody else is in it yet. */
  Person invite(String... users) {
    button("Invite people").click();
    box("Add member").fill(String.join(" ", users));
    button("Add").click();
    for (var user : users) waitFor(button("Remove " + user));
    page.keyboard().press("Escape");
    return this;
  }

  Person accept(String title) {
    open(title);
    button("Accept").click();
    waitFor(box("Message"));
    return this;
  }

  /** Out of the open group. */
  Person remove(String user) {
    button("Details").click();
    button("Remove " + user).click();
    button("Remove now").click();
    assertThat(button("Remove " + user)).hasCount(0,
        new LocatorAssertions.HasCountOptions().setTimeout(PATIENCE_MS));
    page.keyboard().press("Escape");
    return this;
  }

  void write(String text) {
    box("Message").fill(text);
    box("Message").press("Enter");
  }

  /** Something of the menu of a message. */
  void choose(String text, String item) {
    var message = messages().filter(new Locator.FilterOptions()
        .setHas(page.locator(".text").getByText(text)));
    message.hover();
    message.getByRole(AriaRole.BUTTON,
        new Locator.GetByRoleOptions().setName("Message actions")).click();
    role(AriaRole.MENUITEM, item).click();
  }

  /** Waits until the newest message is mine and in {@code state}. */
  void waitForState(String state) {
    assertThat(messages().last()).containsText(state,
        new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MS));
  }

  /** Waits until the newest message is mine and the other person's browser has it; it may be read. */
  void waitUntilDelivered() {
    assertThat(messages().last().locator(".state")).hasText(DELIVERED,
        new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MS));
  }

  void waitUntilConnected() {
    waitForStatus("Connected");
  }

  void waitForStatus(String text) {
    assertThat(page.getByRole(AriaRole.STATUS)).hasText(text,
        new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MS));
  }

  /** Waits until the open conversation holds these texts and no others, in this order. */
  void waitForTexts(String... texts) {
    assertThat(texts()).hasText(texts, new LocatorAssertions.HasTextOptions()
        .setTimeout(PATIENCE_MS));
  }

  Locator texts() {
    return messages().locator(".text");
  }

  Locator messages() {
    return role(AriaRole.LOG, "Messages").getByRole(AriaRole.ARTICLE);
  }

  Locator conversation(String user) {
    return role(AriaRole.NAVIGATION, "Conversations").getByRole(AriaRole.LINK,
        new Locator.GetByRoleOptions().setName(Pattern.compile("^" + user + " ")));
  }

  Locator role(AriaRole role, String name) {
    return page.getByRole(role, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  Locator button(String name) {
    return role(AriaRole.BUTTON, name);
  }

  Locator box(String name) {
    return role(AriaRole.TEXTBOX, name);
  }

  Locator tab(String name) {
    return role(AriaRole.TAB, name);
  }

  static void waitFor(Locator locator) {
    locator.waitFor(new Locator.WaitForOptions().setTimeout(PATIENCE_MS));
  }

  /** Closes the page and opens it anew, as a reload does. */
  void comeBack() {
    page.close();
    page = newTab();
    waitFor(button("Account: " + name));
  }

  @Override
  public void close() {
    Chromium.end(browser);
  }
}

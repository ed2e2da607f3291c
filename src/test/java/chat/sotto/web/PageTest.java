package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A page on the stand-in engine, and words for what tests look for on it. */
abstract class PageTest {
  /** What a frame leads to has been done, too. */
  static final String DRAWN_TWICE = "new Promise(done => requestAnimationFrame(() =>"
      + " requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))))";

  static Chromium chromium;

  BrowserContext profile;
  Page page;

  @BeforeAll
  static void launch() {
    chromium = Chromium.launch();
  }

  @AfterAll
  static void close() {
    chromium.close();
  }

  @BeforeEach
  void openProfile() {
    profile = chromium.freshProfile();
  }

  @AfterEach
  void closeProfile() {
    Chromium.end(profile);
  }

  void openSample(String conversation) {
    page = FakePages.openSample(profile, conversation);
    assertThat(status()).hasText("Connected");
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

  Locator alert() {
    return page.getByRole(AriaRole.ALERT);
  }

  Locator status() {
    return page.getByRole(AriaRole.STATUS);
  }

  Locator log() {
    return role(AriaRole.LOG, "Messages");
  }

  Locator messages() {
    return log().getByRole(AriaRole.ARTICLE);
  }

  Locator conversation(String user) {
    return role(AriaRole.NAVIGATION, "Conversations").getByRole(AriaRole.LINK)
        .filter(new Locator.FilterOptions().setHas(page.getByText(user,
            new Page.GetByTextOptions().setExact(true))));
  }

  /** Calls {@code script} with the stand-in engine as {@code e}. */
  Object engine(String script) {
    return page.evaluate("() => { const e = fakeEngine; return " + script + "; }");
  }

  /** How often the engine was asked for {@code action}. */
  void assertAsked(String action, int times) {
    assertEquals(times, engine("e.calls.filter(call => call[0] === '" + action + "').length"));
  }
}

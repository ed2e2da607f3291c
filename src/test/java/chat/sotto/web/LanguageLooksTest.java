package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The page in German, whose words are longer, and from right to left, as it will be in a language
 * that is written so.
 */
class LanguageLooksTest extends LooksTest {
  @BeforeEach
  @Override
  void openProfile() {
    profile = chromium.freshProfileIn("de-DE");
  }

  @Override
  List<State> states() {
    return List.of(
        new State("de-start", () -> open(NO_ACCOUNT, "")),
        new State("de-conversation", () -> openSample("bob")),
        new State("de-trouble", () -> openSample("carol")),
        new State("de-group-details", this::openGroupDetails),
        new State("de-settings", () -> openSettings("Allgemein")),
        new State("rtl-list", () -> turned(() -> openSample(""))),
        new State("rtl-message-menu", () -> turned(this::openMessageMenu)),
        new State("rtl-group-details", () -> turned(this::openGroupDetails)),
        new State("rtl-settings", () -> turned(() -> openSettings("Geräte"))));
  }

  /** No language of the page is written from right to left yet. */
  private void turned(Runnable open) {
    open.run();
    page.evaluate("document.documentElement.dir = 'rtl'");
  }

  @Override
  void openSample(String conversation) {
    page = FakePages.openSample(profile, conversation);
    assertThat(status()).hasText("Verbunden");
  }

  @Override
  void openSettings(String section) {
    press("Konto: alice");
    role(AriaRole.MENUITEM, "Einstellungen").click();
    button(section).click();
  }

  private void openMessageMenu() {
    openSample("bob");
    var last = page.getByRole(AriaRole.ARTICLE).last();
    last.hover();
    last.locator(".message-actions").click();
    assertThat(role(AriaRole.MENUITEM, "Antworten")).isFocused();
  }

  private void openGroupDetails() {
    openSample("");
    page.getByText("Boathouse crew").first().click();
    button("Details").click();
    button("carol entfernen").click();
  }

  @Test
  void everyTabFollowsTheLanguageThatIsChosenInOne() {
    openSample("");
    var other = page;
    var root = other.locator("html");
    assertThat(root).hasAttribute("lang", "de");
    openSettings("Allgemein");
    role(AriaRole.RADIO, "English").check();
    assertThat(root).hasAttribute("lang", "de");
    button("Sprache ändern").click();
    assertThat(status()).hasText("Connected");
    assertThat(root).hasAttribute("lang", "en");
    button("Account: alice").click();
    role(AriaRole.MENUITEM, "Settings").click();
    role(AriaRole.RADIO, "Like the browser").check();
    button("Change language").click();
    assertThat(status()).hasText("Verbunden");
    assertThat(root).hasAttribute("lang", "de");
  }
}

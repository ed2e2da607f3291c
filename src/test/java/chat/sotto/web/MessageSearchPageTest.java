package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;

/** The search over all messages. */
class MessageSearchPageTest extends PageTest {
  private static final String LONG = "{conversations: [{user: 'bob', messages: Array.from("
      + "{length: 400}, (_, i) => ({text: i === 20 ? 'the needle' : `hay ${i}`,"
      + " sentAt: Date.now() - (400 - i) * 60000}))}]}";

  private Locator search() {
    return role(AriaRole.SEARCHBOX, "Search messages");
  }

  private Locator results() {
    return role(AriaRole.LIST, "Found messages").getByRole(AriaRole.BUTTON);
  }

  @Test
  void resultsStandInThePlaceOfTheListUntilTheSearchIsLeft() {
    openSample("");
    search().fill("Keys");
    assertThat(page.getByText("1 message found")).isVisible();
    assertThat(results().first()).containsText("Did you get the keys for the boathouse?");
    assertThat(results().first().locator("mark")).hasText("keys");
    assertThat(role(AriaRole.NAVIGATION, "Conversations")).isHidden();
    search().press("Escape");
    assertThat(search()).hasValue("");
    assertThat(search()).isFocused();
    assertThat(role(AriaRole.NAVIGATION, "Conversations")).isVisible();
  }

  @Test
  void foundMessageIsOpenedInItsPlaceByKeyboard() {
    page = FakePages.open(profile, LONG, "");
    search().fill("needle");
    assertThat(results()).hasCount(1);
    search().press("ArrowDown");
    assertThat(results().first()).isFocused();
    page.keyboard().press("Enter");
    assertThat(role(AriaRole.HEADING, "bob")).isVisible();
    var message = messages().filter(new Locator.FilterOptions().setHasText("the needle"));
    assertThat(message).isInViewport();
    assertThat(message).isFocused();
    assertThat(messages().last()).not().isInViewport();
  }

  @Test
  void arrowsGoDownTheResultsAndBackToTheBox() {
    openSample("");
    search().fill("the");
    assertThat(results().nth(1)).isVisible();
    search().press("ArrowDown");
    page.keyboard().press("ArrowDown");
    assertThat(results().nth(1)).isFocused();
    page.keyboard().press("ArrowUp");
    page.keyboard().press("ArrowUp");
    assertThat(search()).isFocused();
  }

  @Test
  void secondResultInTheSameConversationIsShownToo() {
    openSample("");
    search().fill("trailer");
    results().first().click();
    assertThat(messages().filter(new Locator.FilterOptions().setHasText("trailer"))).isFocused();
    search().fill("from ten");
    assertThat(results().first()).containsText("I do, from ten.");
    results().first().click();
    assertThat(messages().filter(new Locator.FilterOptions().setHasText("from ten"))).isFocused();
    assertThat(page.locator(".is-found")).hasCount(1);
  }

  @Test
  void saysWhatIsNotFoundNotYetThereOrFailed() {
    openSample("");
    engine("e.emit({type: 'archive', state: 'restoring', done: 1, total: 9})");
    search().fill("xylophone");
    assertThat(page.getByText("No message in this browser holds “xylophone”.")).isVisible();
    assertThat(page.getByText("Older messages are still being restored")).isVisible();
    engine("Object.assign(e.refusals, {search: 'Not now.'})");
    search().fill("keys");
    assertThat(alert()).hasText("Not now.");
  }
}

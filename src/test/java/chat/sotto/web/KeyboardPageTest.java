package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Going about by keyboard; how the list is arranged; being told while looking elsewhere. */
class KeyboardPageTest extends PageTest {
  private static final String FAKE_NOTIFICATIONS = """
      window.told = [];
      window.Notification = class extends EventTarget {
        static permission = localStorage.permission ?? 'default';
        static async requestPermission() {
          this.permission = localStorage.permission = window.answer ?? 'granted';
        }
        constructor(title, { body }) {
          super();
          told.push(this);
          this.words = `${title}: ${body}`;
        }
        close() {
          this.closed = true;
        }
      };
      Object.assign(navigator, {
        setAppBadge: async count => { window.badge = count; },
        clearAppBadge: async () => { window.badge = 0; },
      });
      """;

  private Locator switcher() {
    return page.getByRole(AriaRole.COMBOBOX);
  }

  private void press(String... keys) {
    for (var key : keys) {
      page.keyboard().press(key);
    }
  }

  private void assertOpen(String name) {
    assertThat(role(AriaRole.HEADING, name)).isVisible();
    assertThat(box("Message")).isFocused();
  }

  @Test
  void switcherGoesToAConversationOrStartsOne() {
    openSample("bob");
    press("Control+k");
    assertThat(switcher()).isFocused();
    switcher().fill("CAR");
    assertThat(page.getByRole(AriaRole.OPTION)).hasCount(1);
    press("Enter");
    assertOpen("carol");
    press("Control+k");
    assertThat(page.getByRole(AriaRole.OPTION).first()).containsText("1 unread message");
    press("ArrowDown", "ArrowUp", "ArrowUp", "Escape");
    assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
    assertThat(box("Message")).isFocused();
    engine("Object.assign(e.refusals, {startConversation: 'Nobody here has this name.'})");
    press("Control+k");
    switcher().fill("Zoe.9");
    press("Enter");
    assertThat(alert()).hasText("Nobody here has this name.");
    engine("delete e.refusals.startConversation");
    press("Enter");
    assertOpen("zoe.9");
  }

  @Test
  void keysGoThroughTheListAndTheirListIsShown() {
    openSample("");
    var all = role(AriaRole.NAVIGATION, "Conversations").getByRole(AriaRole.LINK);
    press("Alt+ArrowDown");
    assertOpen("carol");
    assertThat(all.first()).hasAttribute("aria-current", "page");
    press("Alt+Shift+ArrowDown");
    assertOpen("bob");
    press("Alt+Shift+ArrowDown");
    assertOpen("Boathouse crew");
    press("Alt+ArrowUp");
    assertOpen("bob");
    press("?", "Control+/");
    assertThat(box("Message")).hasValue("?");
    assertThat(page.getByRole(AriaRole.DIALOG)).containsText("Go to a conversation by name");
    press("Escape");
    assertThat(page.locator("dialog")).hasCount(0);
    assertThat(box("Message")).isFocused();
    all.first().focus();
    press("?", "ArrowDown");
    assertThat(page.locator("dialog")).hasCount(0);
    assertThat(all.nth(1)).isFocused();
  }

  @Test
  void conversationIsPinnedMutedAndArchivedByKeyboard() {
    openSample("");
    var list = role(AriaRole.NAVIGATION, "Conversations");
    conversation("mallory").focus();
    press("Shift+F10", "Enter");
    assertThat(list.getByRole(AriaRole.LINK).first()).containsText(", pinned");
    assertThat(conversation("mallory")).isFocused();
    assertThat(page).hasTitle("(3) Sotto");
    conversation("bob").focus();
    press("Shift+F10", "ArrowDown", "Enter");
    assertThat(conversation("bob")).containsText(", muted");
    assertThat(page).hasTitle("(1) Sotto");
    press("Shift+F10", "ArrowDown", "ArrowDown", "Enter");
    assertThat(conversation("bob")).isHidden();
    assertThat(list.locator(":focus")).hasCount(1);
    button("Archived (1)").press("Enter");
    conversation("bob").press("Enter");
    assertOpen("bob");
    button("Conversation options").click();
    role(AriaRole.MENUITEM, "Take out of the archive").click();
    assertThat(button("Conversation options")).isFocused();
    assertThat(page.getByText(Pattern.compile("^Archived \\("))).isHidden();
    assertAsked("arrange", 4);
  }

  @Test
  void notificationsAreAskedForByAClickAndShowNoMoreThanChosen() {
    profile.addInitScript(FAKE_NOTIFICATIONS);
    openSample("bob");
    assertEquals(1, page.evaluate("badge"));
    engine("e.receive('with-carol', {from: 'carol', text: 'before'})");
    openNotifications();
    button("Turn on notifications").click();
    assertThat(role(AriaRole.RADIO, "Name only")).isFocused();
    role(AriaRole.RADIO, "Name and text").check();
    press("Escape");
    engine("e.receive('with-bob', {from: 'bob', text: 'seen'})");
    engine("e.receive('with-carol', {from: 'carol', text: 'see you at eight'})");
    engine("(e.world.leads = false, e.receive('with-carol', {from: 'carol', text: 'elsewhere'}))");
    engine("(e.world.leads = true, e.arrange('with-mallory', {muted: true}))");
    engine("e.receive('with-mallory', {from: 'mallory', text: 'not you'})");
    engine("e.receive('with-mallory', {from: 'mallory', text: '**@alice**, come'})");
    assertEquals(List.of("Sotto: This is how new messages are told.", "carol: see you at eight",
        "mallory: Mentioned you: @alice, come"), page.evaluate("told.map(one => one.words)"));
    page.evaluate("told[1].dispatchEvent(new Event('click'))");
    assertOpen("carol");
    assertEquals("with-carol", engine("e.attended"));
    assertEquals(true, page.evaluate("told[1].closed"));
  }

  @Test
  void deniedNotificationsLeaveAHint() {
    profile.addInitScript(FAKE_NOTIFICATIONS + "window.answer = 'denied';");
    openSample("bob");
    openNotifications();
    button("Turn on notifications").click();
    assertThat(page.getByText("This browser does not let Sotto show notifications.")).isVisible();
    assertThat(button("Turn on notifications")).isHidden();
  }

  private void openNotifications() {
    button("Account: alice").click();
    role(AriaRole.MENUITEM, "Settings").click();
    button("Notifications").click();
  }

  @Test
  void safetyNumberThatTakesLongLeavesTheFocusOnItsButton() {
    openSample("bob");
    button("Details").press("Enter");
    engine("(e.held = new Promise(done => { e.release = done; }), 0)");
    button("Safety number").press("Enter");
    assertThat(button("Safety number")).isDisabled();
    // A button that cannot have the focus loses it when the page is drawn next.
    page.evaluate("() => new Promise(drawn => requestAnimationFrame(() =>"
        + " requestAnimationFrame(drawn)))");
    assertThat(button("Safety number")).isFocused();
    button("Safety number").press("Enter");
    engine("(e.release(), 0)");
    assertThat(button("Mark as verified")).isVisible();
    assertThat(button("Safety number")).isFocused();
    assertAsked("safetyNumber", 1);
  }
}

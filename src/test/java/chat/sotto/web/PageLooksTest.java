package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every main state of the page, and what is special about small screens and the keyboard. */
class PageLooksTest extends LooksTest {
  @Override
  List<State> states() {
    return List.of(
        new State("create-account", () -> open(NO_ACCOUNT, "")),
        new State("weak-password", this::refuse),
        new State("sign-in",
            () -> open("{account: {phase: 'signed-out', users: ['alice']}}", "")),
        new State("server-changed", () -> open(
            "{account: {phase: 'server-changed', text: 'Its key is another one.'}}", "")),
        new State("nothing-yet", () -> open("{}", "")),
        new State("list", () -> openSample("")),
        new State("conversation", () -> openSample("bob")),
        new State("replies", this::answer),
        new State("reactions", this::react),
        new State("editing", this::edit),
        new State("deleting", this::delete),
        new State("trouble", () -> openSample("carol")),
        new State("key-changed", this::lose),
        new State("needs-password", this::expire),
        new State("menu", () -> press("Account: alice")),
        new State("switcher", this::switchTo),
        new State("shortcuts", this::showKeys),
        new State("notifications", () -> openSettings("Notifications")),
        new State("new-conversation", () -> press("New conversation")),
        new State("safety-number", this::compare),
        new State("new-group", () -> press("New group")),
        new State("group", () -> openGroup("Boathouse crew")),
        new State("group-alone", this::found),
        new State("group-invite", this::invite),
        new State("group-details", () -> openDetails("Boathouse crew")),
        new State("group-remove", this::remove),
        new State("group-leave", this::leave),
        new State("invitation", () -> openGroup("Choir")),
        new State("group-blocked", () -> openGroup("Trip to the islands")),
        new State("group-missed", this::bringBack),
        new State("group-missed-member", this::awaitAdmin),
        new State("group-removed", () -> openGroup("Old reading circle")),
        new State("group-alarm", this::forkHistory),
        new State("settings", () -> openSettings("")),
        new State("privacy", () -> openSettings("Privacy")),
        new State("witness", () -> witness("{}", "Save file")),
        new State("witness-failed", () -> witness(
            "{refusals: {witness: 'Something went wrong in this page. Reload it and try again.'}}",
            "Try again")),
        new State("witness-empty", () -> witness("{acknowledgedAt: null}", "Close")));
  }

  private void refuse() {
    open(NO_ACCOUNT, "");
    box("Username").fill("alice");
    page.getByLabel("Password", new Page.GetByLabelOptions().setExact(true)).fill("short");
    button("Create account").click();
    assertThat(alert()).isVisible();
  }

  /** Over a list with one of each mark, and what was put away in sight. */
  private void switchTo() {
    openSample("");
    engine("(e.arrange('with-carol', {pinned: true}), e.arrange('with-bob', {muted: true}),"
        + " e.arrange('with-mallory', {archived: true}))");
    button("Archived (1)").click();
    page.keyboard().press("Control+k");
    page.keyboard().type("o");
    assertThat(page.getByRole(AriaRole.OPTION).first()).isVisible();
  }

  /** Answers of each kind in sight, and one that is being written. */
  private void answer() {
    openSample("bob");
    engine("""
        (e.receive('with-bob', {text: 'So it is, @alice. Ask @bob',
          replyTo: {id: 'm5', from: 'bob', text: e.messages.get('with-bob')[4].text}}),
        e.receive('with-bob', {text: 'Yes', edited: true,
          replyTo: {id: 'x/1', from: 'a-rather-long-user-name.of.2026', text: null}}),
        e.receive('with-bob', {kind: 'deleted', text: ''}),
        e.receive('with-bob', {mine: true, from: 'alice', state: 'read', text: 'I see',
          replyTo: {id: 'm2', from: 'alice', text: '', kind: 'deleted'}}))""");
    chooseOf("I will pick them up tomorrow", "Reply");
    assertThat(box("Message")).isFocused();
  }

  private void chooseOf(String text, String item) {
    var message = messages().filter(new Locator.FilterOptions().setHasText(text)).first();
    message.hover();
    message.locator(".message-actions").click();
    role(AriaRole.MENUITEM, item).click();
  }

  /** More than anybody would give, some of them no emoji, and the menu to give one. */
  private void react() {
    openSample("bob");
    engine("""
        (e.update('m6', {reactions: Array.from({length: 200}, (_, i) => ({mine: i === 1,
          emoji: i === 2 ? 'W'.repeat(32) : i === 3 ? '\u202eevil' : String.fromCodePoint(0x2600 + i),
          users: Array.from({length: i === 0 ? 1200 : 200 - i}, (_, j) => 'user' + j)}))}),
        e.update('m3', {reactions: [{emoji: '👍', users: ['bob', 'alice'], mine: true}]}))""");
    var last = messages().last();
    last.hover();
    last.locator(".message-actions").click();
    assertThat(role(AriaRole.MENUITEM, "Reply")).isFocused();
  }

  private void edit() {
    openSample("bob");
    chooseOf("Opening hours", "Edit");
    engine("e.emit({type: 'composer-failed', conversation: 'with-bob', text: 'The disk is full.',"
        + " unsent: 'draft'})");
    assertThat(alert()).isVisible();
  }

  private void delete() {
    openSample("bob");
    chooseOf("Yes, they are at the front desk", "Delete for everyone");
    assertThat(button("Cancel")).isFocused();
  }

  private void showKeys() {
    openSample("");
    page.keyboard().press("Control+/");
    assertThat(page.getByRole(AriaRole.DIALOG)).isVisible();
  }

  private void lose() {
    openSample("mallory");
    engine("e.emit({type: 'connection', status: 'reconnecting'})");
    assertThat(page.getByText("No connection to the server.")).isVisible();
  }

  private void expire() {
    openSample("bob");
    engine("(e.emit({type: 'account', phase: 'needs-password', user: 'alice'}),"
        + " e.emit({type: 'alarm', text: 'The server shows an older history than this browser has"
        + " seen. It may have been restored from a backup.'}))");
    assertThat(alert()).isVisible();
  }

  private void compare() {
    openSample("bob");
    button("Details").click();
    button("Safety number").click();
    assertThat(button("Mark as verified")).isVisible();
  }

  private void openDetails(String name) {
    openGroup(name);
    button("Details").click();
    assertThat(role(AriaRole.LIST, "Members")).isVisible();
  }

  private void found() {
    press("New group");
    box("Group name").fill("Ski week");
    button("Create").click();
    assertThat(button("Invite people")).isVisible();
  }

  private void invite() {
    found();
    button("Invite people").click();
    button("Pick dora.k").click();
  }

  private void remove() {
    openSample("");
    engine("Object.assign(e.world, {unseen: {removed: 'mallory', unseen: ['bob', 'carol']}})");
    conversation("Boathouse crew").click();
    button("Details").click();
    button("Remove carol").click();
    assertThat(button("Remove now")).isVisible();
  }

  private void leave() {
    openDetails("Boathouse crew");
    engine("Object.assign(e.refusals, {leaveGroup: 'You are the only admin. Make somebody else an"
        + " admin first.'})");
    button("Rename").click();
    button("Leave group").click();
    button("Leave now").click();
    assertThat(page.getByText("You are the only admin.")).isVisible();
  }

  private void forkHistory() {
    openGroup("Boathouse crew");
    engine("e.changeGroup([...e.conversations.keys()].find(id => id.startsWith('group:')),"
        + " {alarm: 'The server shows another history of this group to bob than to you.'})");
    assertThat(alert()).isVisible();
  }

  private void bringBack() {
    openGroup("Boathouse crew");
    engine("(e.emit({type: 'restored', text: 'The server was restored from a copy made on 25 Nov"
        + " 2026, 14:02. What came after may be missing on other devices. Your own messages since"
        + " then are being sent again.'}),"
        + " e.changeGroup([...e.conversations.keys()].find(id => id.startsWith('group:')),"
        + " {missed: ['carol', 'a-rather-long-user-name.of.2026']}))");
    assertThat(alert()).isVisible();
  }

  private void awaitAdmin() {
    openGroup("Trip to the islands");
    engine("e.changeGroup([...e.conversations.values()].find(c => c.name?.startsWith('Trip')).id,"
        + " {blockedBy: [], missed: ['mallory']})");
    assertThat(alert()).containsText("An admin has to remove mallory again");
  }

  private void witness(String world, String focused) {
    open(world, "");
    button("Account: alice").click();
    role(AriaRole.MENUITEM, "Settings").click();
    button("Server").click();
    assertThat(page.getByText("Looking…")).isHidden();
    button(focused).focus();
  }

  @Test
  void phoneShowsListAndConversationAsTwoScreens() {
    openSample("");
    page.setViewportSize(PHONE.width(), PHONE.height());
    assertThat(role(AriaRole.NAVIGATION, "Conversations")).isVisible();
    assertThat(page.getByText("Choose a conversation, or start one")).isHidden();
    conversation("bob").click();
    assertThat(role(AriaRole.NAVIGATION, "Conversations")).isHidden();
    assertThat(box("Message")).isInViewport();
    assertThat(status()).hasText("Connected");
    role(AriaRole.LINK, "Back").click();
    assertThat(role(AriaRole.NAVIGATION, "Conversations")).isVisible();
  }

  /** Before anything else of the page has come, the browser paints with what the theme says. */
  @Test
  void firstPaintHasTheColoursOfTheTheme() {
    page = profile.newPage();
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    page.route("**/*.css", Route::abort);
    page.route("**/page.js", Route::abort);
    page.navigate(FakePages.ORIGIN);
    var painted = "[document.documentElement.dataset.bsTheme,"
        + " getComputedStyle(document.documentElement).colorScheme]";
    assertEquals(List.of("dark", "dark"), page.evaluate(painted));
    page.evaluate("localStorage.setItem('sotto-theme', 'light')");
    page.reload();
    assertEquals(List.of("light", "light"), page.evaluate(painted));
  }

  @Test
  void composerStaysAboveTheKeyboardOfAPhone() {
    openSample("bob");
    page.setViewportSize(PHONE.width(), PHONE.height());
    box("Message").focus();
    page.setViewportSize(360, 400);
    assertThat(box("Message")).isInViewport();
    assertThat(messages().last()).isInViewport();
  }

  @Test
  void composerGrowsWithItsTextAndStops() {
    openSample("bob");
    box("Message").fill("line\n".repeat(40));
    var height = (int) box("Message").evaluate("box => box.offsetHeight");
    assertEquals(192, height);
    box("Message").fill("one line");
    assertEquals(44, box("Message").evaluate("box => box.offsetHeight"));
  }

  @Test
  void wholeConversationGoesByKeyboard() {
    open("{online: ['bob'], account: {phase: 'signed-out', users: ['alice']}}", "");
    assertThat(role(AriaRole.TAB, "Sign in")).isVisible();
    page.keyboard().press("Tab");
    assertThat(role(AriaRole.TAB, "Sign in")).isFocused();
    page.keyboard().press("Tab");
    page.keyboard().press("Tab");
    page.keyboard().type("mauve kettle eleven");
    page.keyboard().press("Enter");
    assertThat(button("Account: alice")).isVisible();
    tabTo("New conversation");
    page.keyboard().press("Enter");
    page.keyboard().type("bob");
    page.keyboard().press("Enter");
    assertThat(role(AriaRole.HEADING, "bob")).isVisible();
    tabTo("Message");
    page.keyboard().type("by keyboard alone");
    page.keyboard().press("Enter");
    assertThat(messages()).containsText(new String[] {"by keyboard alone"});
    assertThat(box("Message")).isFocused();
  }

  private void tabTo(String name) {
    for (var steps = 0; steps < 40; steps++) {
      page.keyboard().press("Tab");
      if (name.equals(page.evaluate("document.activeElement.ariaLabel"))) return;
    }
    throw new AssertionError("no way to " + name + " by Tab");
  }
}

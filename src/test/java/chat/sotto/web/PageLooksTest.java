package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every main state of the page on a desk and on a phone, light and dark: text can be read, targets
 * can be hit, everything has a name. Leaves pictures in target/screens for people to look at.
 */
class PageLooksTest extends PageTest {
  private static final Path SCREENS = Path.of("target/screens");
  private static final Path LOOKS = Path.of("src/test/js/fake/looks.js");
  private static final String NO_ACCOUNT = "{account: {phase: 'signed-out', users: []}}";

  private record Size(String name, int width, int height) {}

  private static final Size PHONE = new Size("phone", 360, 740);
  private static final List<Size> SIZES = List.of(new Size("desk", 1280, 800), PHONE);

  private record State(String name, Consumer<PageLooksTest> open) {}

  private static final List<State> STATES = List.of(
      new State("create-account", test -> test.open(NO_ACCOUNT, "")),
      new State("weak-password", PageLooksTest::refuse),
      new State("sign-in",
          test -> test.open("{account: {phase: 'signed-out', users: ['alice']}}", "")),
      new State("server-changed", test -> test.open(
          "{account: {phase: 'server-changed', text: 'Its key is another one.'}}", "")),
      new State("nothing-yet", test -> test.open("{}", "")),
      new State("list", test -> test.openSample("")),
      new State("conversation", test -> test.openSample("bob")),
      new State("trouble", test -> test.openSample("carol")),
      new State("key-changed", PageLooksTest::lose),
      new State("needs-password", PageLooksTest::expire),
      new State("menu", test -> test.press("Account: alice")),
      new State("new-conversation", test -> test.press("New conversation")),
      new State("safety-number", PageLooksTest::compare),
      new State("new-group", test -> test.press("New group")),
      new State("group", test -> test.openGroup("Boathouse crew")),
      new State("group-alone", PageLooksTest::found),
      new State("group-invite", PageLooksTest::invite),
      new State("group-details", test -> test.openDetails("Boathouse crew")),
      new State("group-remove", PageLooksTest::remove),
      new State("group-leave", PageLooksTest::leave),
      new State("invitation", test -> test.openGroup("Choir")),
      new State("group-blocked", test -> test.openGroup("Trip to the islands")),
      new State("group-missed", PageLooksTest::bringBack),
      new State("group-missed-member", PageLooksTest::awaitAdmin),
      new State("group-removed", test -> test.openGroup("Old reading circle")),
      new State("group-alarm", PageLooksTest::forkHistory),
      new State("settings", test -> test.openSettings("")),
      new State("settings-erase", PageLooksTest::erase),
      new State("witness", test -> test.witness("{}", "Save file")),
      new State("witness-failed", test -> test.witness(
          "{refusals: {witness: 'Something went wrong in this page. Reload it and try again.'}}",
          "Try again")),
      new State("witness-empty", test -> test.witness("{acknowledgedAt: null}", "Close")));

  private State shown;

  private void open(String world, String conversation) {
    page = FakePages.open(profile, world, conversation);
  }

  private void press(String name) {
    openSample("");
    button(name).click();
  }

  private void refuse() {
    open(NO_ACCOUNT, "");
    box("Username").fill("alice");
    page.getByLabel("Password", new Page.GetByLabelOptions().setExact(true)).fill("short");
    button("Create account").click();
    assertThat(alert()).isVisible();
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

  private void openGroup(String name) {
    openSample("");
    conversation(name).click();
    assertThat(role(AriaRole.HEADING, name)).isVisible();
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

  private void openSettings(String section) {
    press("Account: alice");
    role(AriaRole.MENUITEM, "Settings").click();
    if (!section.isEmpty()) button(section).click();
  }

  private void erase() {
    openSettings("Account");
    button("Erase this browser").click();
  }

  private void witness(String world, String focused) {
    open(world, "");
    button("Account: alice").click();
    role(AriaRole.MENUITEM, "Settings").click();
    assertThat(page.getByText("Looking…")).isHidden();
    button(focused).focus();
  }

  @TestFactory
  Stream<DynamicTest> everyStateCanBeReadHitAndNamed() {
    return STATES.stream().flatMap(state -> SIZES.stream().flatMap(size ->
        Stream.of(ColorScheme.LIGHT, ColorScheme.DARK).map(scheme -> {
          var name = state.name() + "-" + size.name() + "-" + scheme.name().toLowerCase();
          return DynamicTest.dynamicTest(name, () -> {
            show(state);
            look(size, scheme, name);
          });
        })));
  }

  /** Opens a page in that state, unless the look before was at the same: looks change nothing. */
  private void show(State state) {
    if (state == shown) return;
    shown = null;
    closeProfile();
    openProfile();
    state.open().accept(this);
    shown = state;
  }

  private void look(Size size, ColorScheme scheme, String name) throws IOException {
    page.setViewportSize(size.width(), size.height());
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme)
        .setReducedMotion(ReducedMotion.REDUCE));
    assertThat(page.locator("html")).hasAttribute("data-bs-theme", scheme.name().toLowerCase());
    page.evaluate("(document.activeElement.closest('.confirm') ?? document.activeElement)"
        + ".scrollIntoView({block: 'nearest'})");
    page.screenshot(new Page.ScreenshotOptions().setPath(SCREENS.resolve(name + ".png")));
    assertEquals(List.of(), faults(size), name);
  }

  private List<Object> faults(Size size) throws IOException {
    page.evaluate(Files.readString(LOOKS));
    var faults = new ArrayList<Object>();
    for (var check : List.of("weakText", "sideways", "nameless")) {
      faults.addAll((List<?>) page.evaluate("looks." + check + "()"));
    }
    if (size == PHONE) faults.addAll((List<?>) page.evaluate("looks.smallTargets()"));
    return faults;
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

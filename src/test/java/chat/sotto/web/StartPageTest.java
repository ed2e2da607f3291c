package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person meets before the chat: accounts, and what can stand in the way. */
class StartPageTest extends PageTest {
  private static final String NO_ACCOUNT = "{account: {phase: 'signed-out', users: []}}";
  private static final String KNOWN = "{account: {phase: 'signed-out', users: ['alice']}}";
  private static final String PASSWORD = "mauve kettle eleven harbour";

  private void open(String world) {
    page = FakePages.open(profile, world, "");
  }

  private void fill(String user, String password, String repeat) {
    box("Username").fill(user);
    page.getByLabel("Password", exactly()).fill(password);
    page.getByLabel("Repeat password").fill(repeat);
  }

  private static Page.GetByLabelOptions exactly() {
    return new Page.GetByLabelOptions().setExact(true);
  }

  @Test
  void createsAnAccount() {
    open(NO_ACCOUNT);
    role(AriaRole.TAB, "Create account").click();
    fill("Alice", PASSWORD, PASSWORD);
    button("Create account").click();
    assertThat(button("Account: alice")).isVisible();
    assertEquals(PASSWORD, engine("e.calls[0][2]"));
  }

  @Test
  void saysPlainlyThatNobodyCanLookUpAPassword() {
    open(NO_ACCOUNT);
    assertThat(page.getByText("Nobody can look up your password")).isVisible();
    assertThat(page.getByText("A passphrase is best")).isVisible();
  }

  @Test
  void signInAsksForTwoFieldsOnly() {
    open(KNOWN);
    assertThat(role(AriaRole.TAB, "Sign in")).hasAttribute("aria-selected", "true");
    assertThat(box("Username")).hasValue("alice");
    assertThat(page.getByLabel("Password")).hasCount(1);
    page.getByLabel("Password").fill("any");
    page.keyboard().press("Enter");
    assertThat(button("Account: alice")).isVisible();
  }

  @ParameterizedTest
  @CsvSource({
      "a, mauve kettle eleven, mauve kettle eleven, This user name is not possible",
      "alice, short, short, This password is too short",
      "alice, alice-alice-alice, alice-alice-alice, This password holds your user name",
      "alice, password123, password123, This password is one that everybody tries first",
      "alice, mauve kettle eleven, mauve kettle, The two passwords are not the same",
  })
  void refusesWeakInputBeforeAnythingIsSent(
      String user, String password, String repeat, String words) {
    open(NO_ACCOUNT);
    fill(user, password, repeat);
    button("Create account").click();
    assertThat(alert()).containsText(words);
    assertEquals(0, engine("e.calls.length"));
    assertThat(box("Username")).hasValue(user);
  }

  @Test
  void showsProgressWhileKeysAreMadeAndSendsOnce() {
    open("{account: {phase: 'signed-out'}, gate: new Promise(go => { window.go = go; })}");
    fill("alice", PASSWORD, PASSWORD);
    button("Create account").click();
    assertThat(page.getByText("Making your keys")).isVisible();
    assertThat(button("Create account")).isDisabled();
    page.getByLabel("Repeat password").press("Enter");
    page.evaluate("go()");
    assertThat(button("Account: alice")).isVisible();
    assertAsked("createAccount", 1);
  }

  @Test
  void keepsWhatWasTypedWhenTheServerRefuses() {
    open("{account: {phase: 'signed-out', users: []},"
        + " refusals: {createAccount: 'This name is taken. Choose another one.'}}");
    fill("alice", PASSWORD, PASSWORD);
    button("Create account").click();
    assertThat(alert()).hasText("This name is taken. Choose another one.");
    assertThat(page.getByLabel("Password", exactly())).hasValue(PASSWORD);
    assertThat(button("Create account")).isEnabled();
  }

  @Test
  void tabsFollowTheArrowKeys() {
    open(KNOWN);
    role(AriaRole.TAB, "Sign in").focus();
    page.keyboard().press("ArrowRight");
    assertThat(role(AriaRole.TAB, "Create account")).isFocused();
    assertThat(page.getByLabel("Repeat password")).isVisible();
  }

  @ParameterizedTest
  @CsvSource({
      "unsupported, Sotto cannot run here, ",
      "storage-refused, This browser does not let Sotto keep anything, Try again",
      "storage-wiped, This browser has erased what Sotto had kept, Sign in again and restore",
      "revoked, This browser was removed, Sign in again",
      "server-changed, This is not the server that this browser knows, Trust this server",
  })
  void everyObstacleSaysWhatHappenedAndWhatToDo(String phase, String title, String action) {
    open("{account: {phase: '" + phase + "', text: 'The reason, and what to do.'}}");
    assertThat(page.getByRole(AriaRole.HEADING)).hasText(title);
    assertThat(alert()).hasText("The reason, and what to do.");
    var buttons = page.getByRole(AriaRole.BUTTON);
    if (action == null) assertThat(buttons).hasCount(0);
    else assertThat(buttons).hasText(Pattern.compile("^" + action));
  }

  @Test
  void changedServerIsTrustedOnlyAfterAnExplicitWord() {
    open("{account: {phase: 'server-changed', text: 'Its key is another one.'}}");
    assertThat(page.getByText("5f1c 09ae")).isVisible();
    assertThat(button("Trust this server from now on")).isDisabled();
    page.getByRole(AriaRole.CHECKBOX).check();
    button("Trust this server from now on").click();
    assertAsked("trustNewServer", 1);
  }

  @Test
  void wipedStorageLeadsToSigningInUnderTheSameName() {
    open("{account: {phase: 'storage-wiped', user: 'alice', text: 'Gone.'}}");
    assertThat(page.getByText("Your account is not lost.")).isVisible();
    button("Sign in again and restore").click();
    assertThat(role(AriaRole.TAB, "Sign in")).hasAttribute("aria-selected", "true");
    assertThat(box("Username")).hasValue("alice");
  }

  @Test
  void pageThatCannotStartSaysSo() {
    page = profile.newPage();
    page.addInitScript("Object.defineProperty(window, 'fakeWorld',"
        + " {get() { throw new Error('broken'); }});");
    FakePages.show(page, "");
    assertThat(page.getByRole(AriaRole.HEADING)).hasText("Sotto could not start");
  }
}

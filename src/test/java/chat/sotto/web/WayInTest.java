package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The ways into an account: a new browser, too many devices, a forgotten password, a new start. */
class WayInTest extends PageTest {
  private static final String KNOWN = "account: {phase: 'signed-out', users: ['alice']}";
  private static final String FULL = "{" + KNOWN + ", refusals: {signIn: {code: 'devices-full',"
      + " text: 'This account has 8 devices already.', values: {devices: ["
      + "{id: 'd1', name: 'Old telephone', addedAt: 0, lastSeen: 0},"
      + " {id: 'd2', name: 'Work', addedAt: 0, lastSeen: Date.now()}]}}}}";

  private void open(String world) {
    page = FakePages.open(profile, world, "");
  }

  private Locator password(String label) {
    return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
  }

  @Test
  void suggestedPassphraseIsShownInBothBoxes() {
    open("{account: {phase: 'signed-out', users: []}}");
    box("Username").fill("alice");
    button("Suggest a passphrase").click();
    assertThat(page.getByText("Chosen by chance:")).isVisible();
    var passphrase = password("Password").inputValue();
    assertTrue(passphrase.matches("[a-z-]+( [a-z-]+){5}"), passphrase);
    assertThat(password("Password")).hasAttribute("type", "text");
    assertThat(password("Repeat password")).hasValue(passphrase);
    button("Create account").click();
    assertThat(button("Account: alice")).isVisible();
    assertEquals(passphrase, engine("e.calls[0][2]"));
  }

  @Test
  void wordsThatDoNotComeAreSaid() {
    open("{account: {phase: 'signed-out', users: []}}");
    page.route("**/words.txt", route -> route.abort());
    button("Suggest a passphrase").click();
    assertThat(alert()).containsText("The list of words could not be loaded.");
    assertThat(password("Password")).hasValue("");
  }

  @Test
  void newAccountIsOfferedARecoveryCode() {
    open("{account: {phase: 'signed-out', users: []}}");
    box("Username").fill("alice");
    button("Suggest a passphrase").click();
    assertThat(page.getByText("Chosen by chance:")).isVisible();
    button("Create account").click();
    button("Get the code").click();
    assertThat(role(AriaRole.HEADING, "Recovery code")).isVisible();
    assertThat(button("Show the code")).isVisible();
    button("Close").click();
    assertThat(button("Get the code")).isHidden();
  }

  @Test
  void signingInOnANewBrowserGoesByKeyboardAndSaysWhatComesBack() {
    open("{account: {phase: 'signed-out', users: []},"
        + " gate: new Promise(go => { window.go = go; })}");
    engine("(e.held = new Promise(go => { window.go = go; }), null)");
    page.keyboard().press("Tab");
    assertThat(role(AriaRole.TAB, "Create account")).isFocused();
    page.keyboard().press("ArrowLeft");
    assertThat(role(AriaRole.TAB, "Sign in")).isFocused();
    page.keyboard().press("Tab");
    page.keyboard().type("alice");
    page.keyboard().press("Tab");
    page.keyboard().type("mauve kettle eleven");
    page.keyboard().press("Enter");
    assertThat(page.getByText("A browser that is new to your account is added to it")).isVisible();
    page.evaluate("go()");
    assertThat(button("Account: alice")).isVisible();
    engine("e.emit({type: 'archive', state: 'restoring', done: 120, total: 500})");
    var progress = role(AriaRole.PROGRESSBAR, "Restored messages");
    assertThat(progress).hasAttribute("value", "120");
    assertThat(page.getByText("Restoring your messages: 24%. You can use Sotto meanwhile."))
        .isVisible();
    engine("e.emit({type: 'archive', state: 'idle', done: 500, total: 500})");
    assertThat(progress).hasCount(0);
  }

  @Test
  void newBrowserWithoutAnArchiveIsOfferedTheHistoryOfTheOthers() {
    open("{" + KNOWN + "}");
    password("Password").fill("mauve kettle eleven");
    button("Sign in").click();
    assertThat(button("Account: alice")).isVisible();
    assertThat(button("Get them")).hasCount(0);
    engine("e.emit({type: 'archive', state: 'off'})");
    assertThat(page.getByText("Your archive is off, so this browser has none")).isVisible();
    button("Get them").click();
    assertThat(button("Ask my other devices")).isVisible();
    button("Close").click();
    assertThat(button("Get them")).hasCount(0);
  }

  @Test
  void ninthDeviceTakesThePlaceOfAChosenOneByKeyboard() {
    open(FULL);
    password("Password").fill("mauve kettle eleven");
    password("Password").press("Enter");
    assertThat(alert()).hasText("This account has 8 devices already.");
    assertThat(role(AriaRole.GROUP, "Which device do you no longer need?")).isVisible();
    assertThat(page.getByRole(AriaRole.RADIO).first()).isFocused();
    page.keyboard().press("Enter");
    assertThat(alert()).hasText("Choose a device to remove.");
    assertThat(button("Remove it and sign in")).isVisible();
    page.getByRole(AriaRole.RADIO).first().focus();
    page.keyboard().press("ArrowDown");
    engine("delete e.refusals.signIn");
    page.keyboard().press("Enter");
    assertThat(button("Account: alice")).isVisible();
    assertEquals("d2", engine("e.calls.findLast(([name]) => name === 'signIn')[3]"));
  }

  @Test
  void forgottenPasswordHasThreeWays() {
    open("{" + KNOWN + "}");
    assertThat(page.getByText("You have a recovery code")).isHidden();
    page.getByText("Forgot your password?").press("Enter");
    for (var way : new String[] {"You are still signed in on another device",
        "You have a recovery code", "You have neither"}) {
      assertThat(page.getByText(way)).isVisible();
    }
    button("Use the recovery code").press("Enter");
    assertThat(box("Recovery code")).isFocused();
    assertThat(box("Username")).hasValue("alice");
  }

  @Test
  void recoveryCodeSetsANewPassword() {
    open("{" + KNOWN + ", refusals: {recover: 'The user name or the code is wrong.'}}");
    page.getByText("Forgot your password?").click();
    button("Use the recovery code").click();
    page.keyboard().type("7g3k-m2qx");
    password("New password").fill("mauve kettle eleven");
    password("Repeat password").fill("mauve kettle eleven");
    page.keyboard().press("Enter");
    assertThat(alert()).hasText("The user name or the code is wrong.");
    assertThat(box("Recovery code")).hasValue("7g3k-m2qx");
    engine("delete e.refusals.recover");
    button("Set a new password").click();
    assertThat(button("Account: alice")).isVisible();
    assertEquals("7g3k-m2qx", engine("e.calls.findLast(([name]) => name === 'recover')[2]"));
  }

  @Test
  void backFromTheRecoveryCodeNothingOfItIsLeft() {
    open("{" + KNOWN + "}");
    page.getByText("Forgot your password?").click();
    button("Use the recovery code").click();
    password("New password").fill("mauve kettle eleven");
    button("Back to signing in").click();
    assertThat(password("Password")).isFocused();
    assertThat(box("Recovery code")).hasCount(0);
    assertThat(button("Suggest a passphrase")).isHidden();
  }

  @Test
  void nameThatWasOpenedAgainBeginsAnewAfterAnExplicitWord() {
    open("{account: {phase: 'signed-out', users: []}, refusals: {createAccount:"
        + " {code: 'account-reopened', text: 'This name was opened again.'}}}");
    box("Username").fill("alice");
    password("Password").fill("mauve kettle eleven");
    password("Repeat password").fill("mauve kettle eleven");
    button("Create account").click();
    assertThat(alert()).hasText("This name was opened again.");
    assertThat(page.getByText("compare the safety number with them")).isVisible();
    engine("delete e.refusals.createAccount");
    button("Begin anew under this name").click();
    assertThat(button("Account: alice")).isVisible();
    assertEquals(true, engine("e.calls.findLast(([name]) => name === 'createAccount')[3]"));
  }

  @Test
  void removedBrowserSaysSoAndLeadsToSigningIn() {
    openSample("bob");
    engine("e.emit({type: 'account', phase: 'revoked', user: 'alice',"
        + " text: 'Removed on another device. Its keys were erased.'})");
    assertThat(page.getByRole(AriaRole.HEADING)).hasText("This browser was removed");
    assertThat(alert()).hasText("Removed on another device. Its keys were erased.");
    assertThat(page.locator("body")).not().containsText("boathouse");
    button("Sign in again").click();
    assertThat(box("Username")).hasValue("alice");
  }

  @Test
  void severalAccountsAreSwitchedInTheMenuByKeyboard() {
    open("{account: {phase: 'signed-in', user: 'alice', users: ['alice', 'carol']}}");
    button("Account: alice").press("Enter");
    assertThat(role(AriaRole.MENUITEM, "Settings")).isFocused();
    page.keyboard().press("ArrowDown");
    assertThat(role(AriaRole.MENUITEM, "Keyboard shortcuts")).isFocused();
    page.keyboard().press("ArrowDown");
    assertThat(role(AriaRole.MENUITEM, "Switch to carol")).isFocused();
    assertThat(page.getByRole(AriaRole.MENUITEM)).hasCount(5);
    page.keyboard().press("Enter");
    assertThat(button("Account: carol")).isVisible();
    assertAsked("switchAccount", 1);
  }

  @Test
  void addingAnAccountCanBeLeftAgain() {
    open("{account: {phase: 'signed-in', user: 'alice', users: ['alice', 'carol']}}");
    button("Account: alice").click();
    role(AriaRole.MENUITEM, "Add another account").click();
    assertThat(page.getByText("Accounts in this browser")).isVisible();
    button("carol").click();
    assertThat(box("Username")).hasValue("carol");
    engine("Object.assign(e.refusals, {switchAccount: 'Not now.'})");
    button("Back to alice").click();
    assertThat(alert()).hasText("Not now.");
    engine("delete e.refusals.switchAccount");
    button("Back to alice").click();
    assertThat(button("Account: alice")).isVisible();
    assertThat(page).hasTitle(Pattern.compile("Sotto$"));
  }
}

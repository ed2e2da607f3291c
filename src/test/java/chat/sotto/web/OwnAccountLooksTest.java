package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.regex.Pattern;

/** The states of the page that are about the person's own account, devices and history. */
class OwnAccountLooksTest extends LooksTest {
  @Override
  List<State> states() {
    return List.of(
        new State("settings-erase", this::erase),
        new State("settings-devices", () -> openSettings("Devices")),
        new State("settings-remove-device", this::revoke),
        new State("settings-password", () -> openSettings("Password")),
        new State("settings-password-reset", this::waitForReset),
        new State("settings-password-set", this::setPassword),
        new State("settings-recovery", () -> openSettings("Recovery code")),
        new State("settings-recovery-shown", this::showCode),
        new State("settings-history", this::archive),
        new State("settings-recovery-asked", this::askForCode),
        new State("settings-delete", this::delete),
        new State("deleted", this::end),
        new State("passphrase", this::suggest),
        new State("forgot", this::forget),
        new State("recover", this::recover),
        new State("devices-full", this::fillUp),
        new State("reopened", this::reopen),
        new State("revoked", () -> open(
            "{account: {phase: 'revoked', user: 'alice', text: 'Removed elsewhere.'}}", "")),
        new State("storage-wiped", () -> open(
            "{account: {phase: 'storage-wiped', user: 'alice', text: 'It was erased.'}}", "")),
        new State("banners", this::tellAll),
        new State("accounts", this::chooseAccount),
        new State("group-joining", this::join),
        new State("search", () -> search("the")),
        new State("search-nothing", () -> search("xylophone")));
  }

  private void erase() {
    openSettings("Account");
    button("Erase this browser").click();
  }

  private void revoke() {
    openSettings("Devices");
    button("Remove Chrome on a telephone with a rather long name").click();
    page.keyboard().press("Enter");
    assertThat(page.getByText("Type your password.")).isVisible();
  }

  private void waitForReset() {
    open("{reset: {device: 'd1', name: 'Firefox on Linux', isThis: true,"
        + " allowedAt: Date.now() + 86400000}}", "");
    button("Show").click();
    button("Cancel the request").click();
  }

  private void setPassword() {
    open("{reset: {device: 'd1', name: 'This', isThis: true, allowedAt: Date.now()}}", "");
    button("Set it").click();
    page.getByLabel("New password").fill("mauve kettle eleven");
    page.getByLabel("Repeat password").fill("mauve kettle eleven");
    page.keyboard().press("Enter");
    assertThat(page.getByText("Your new password is set")).isVisible();
  }

  private void askForCode() {
    openSettings("Recovery code");
    button("Get a recovery code").click();
  }

  private void showCode() {
    askForCode();
    page.keyboard().type("mauve kettle eleven");
    page.keyboard().press("Enter");
    box("Type the code from your paper").fill("7G3K");
    button("Check").click();
    assertThat(page.getByText("This is not the code above.")).isVisible();
  }

  private void archive() {
    openSettings("History");
    engine("e.emit({type: 'archive', state: 'broken', done: 120, total: 500})");
    button("Switch off and erase").click();
    assertThat(page.getByText("The archive is erased from the server.")).isVisible();
  }

  private void delete() {
    openSettings("Account");
    button("Delete account").click();
    page.keyboard().press("Enter");
    assertThat(page.getByText("Type your password.")).isVisible();
  }

  private void end() {
    delete();
    box("Type your user name").fill("alice");
    page.locator("#delete-password").fill("mauve kettle eleven");
    page.keyboard().press("Enter");
    assertThat(page.getByText("Your account was deleted")).isVisible();
  }

  private void suggest() {
    open(NO_ACCOUNT, "");
    button("Suggest a passphrase").click();
    assertThat(page.getByText("Chosen by chance:")).isVisible();
  }

  private void forget() {
    open("{account: {phase: 'signed-out', users: ['alice', 'carol']}}", "");
    page.getByText("Forgot your password?").click();
  }

  private void recover() {
    forget();
    button("Use the recovery code").click();
    box("Recovery code").fill("7g3k m2qx");
  }

  private void fillUp() {
    open("{account: {phase: 'signed-out', users: ['alice']}, refusals: {signIn: {text: 'Your"
        + " account has 8 devices already.', code: 'devices-full', values: {devices: Array.from("
        + "{length: 8}, (_, i) => ({id: `d${i}`, name: `Browser number ${i}`, addedAt: 0,"
        + " lastSeen: 0}))}}}}", "");
    page.getByLabel("Password").fill("mauve kettle eleven");
    button("Sign in").click();
    assertThat(button("Remove it and sign in")).isVisible();
  }

  private void reopen() {
    open("{account: {phase: 'signed-out', users: []}, refusals: {createAccount: {text: 'The people"
        + " who run this server opened this name again.', code: 'account-reopened'}}}", "");
    box("Username").fill("alice");
    button("Suggest a passphrase").click();
    assertThat(page.getByText("Chosen by chance:")).isVisible();
    button("Create account").click();
    assertThat(button("Begin anew under this name")).isVisible();
  }

  private void tellAll() {
    openSample("");
    engine("[{type: 'devices-changed', text: 'A device was added: Chrome on Android.'},"
        + " {type: 'recovery-offered', offered: true},"
        + " {type: 'account-state', recovery: false, reset: {device: 'd2', name: 'Old telephone',"
        + " isThis: false, allowedAt: Date.now() + 86400000}},"
        + " {type: 'history-asked', device: 'd3', name: 'Chrome on Android'},"
        + " {type: 'archive', state: 'restoring', done: 120, total: 500}].forEach(e.emit)");
    assertThat(button("Agree")).isVisible();
  }

  private void chooseAccount() {
    open("{account: {phase: 'signed-in', user: 'alice', users: ['alice', 'carol']}}", "");
    button("Account: alice").click();
    assertThat(role(AriaRole.MENUITEM, "Switch to carol")).isVisible();
  }

  private void join() {
    openGroup("Boathouse crew");
    engine("e.changeGroup([...e.conversations.keys()].find(id => id.startsWith('group:')),"
        + " {joining: true})");
    assertThat(page.getByText("This browser is not yet in this group.")).isVisible();
  }

  private void search(String text) {
    openSample("");
    role(AriaRole.SEARCHBOX, "Search messages").fill(text);
    assertThat(page.getByText(Pattern.compile("messages found|No message in"))).isVisible();
  }
}

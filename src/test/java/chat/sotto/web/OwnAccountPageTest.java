package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Media;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Settings: password, recovery code, history, and the end of an account. */
class OwnAccountPageTest extends PageTest {
  private static final String CODE = "7G3K-M2QX-9TBA-ZW4E-1HRP-6NDV-C8YJ-5F0S";
  private static final String PASSWORD = "mauve kettle eleven";

  private void openSettings(String world, String section) {
    page = FakePages.open(profile, world, "");
    button("Account: alice").click();
    role(AriaRole.MENUITEM, "Settings").click();
    button(section).click();
  }

  private Locator dialog() {
    return page.getByRole(AriaRole.DIALOG);
  }

  private Locator password(String label) {
    return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
  }

  private void fillNew(String current) {
    password("Current password").fill(current);
    password("New password").fill(PASSWORD);
    password("Repeat password").fill(PASSWORD);
  }

  @Test
  void passwordIsChangedAndNothingTypedIsLeft() {
    openSettings("{}", "Password");
    fillNew("old");
    button("Change password").click();
    assertThat(dialog()).containsText("Your password was changed.");
    assertThat(page.getByText("Your password was changed.")).isInViewport();
    assertThat(password("Current password")).hasValue("");
    assertThat(password("New password")).hasValue("");
    assertEquals(false, engine("e.calls.at(-1)[1].newAccountKey"));
  }

  @Test
  void suspectedTheftMakesANewKey() {
    openSettings("{}", "Password");
    fillNew("old");
    page.getByRole(AriaRole.CHECKBOX,
        new Page.GetByRoleOptions().setName("Somebody may know my password")).check();
    button("Change password").click();
    assertThat(dialog()).containsText("Your password and your security key were changed.");
    assertEquals(true, engine("e.calls.at(-1)[1].newAccountKey"));
  }

  @Test
  void refusedPasswordIsToldAtItsBox() {
    openSettings("{refusals: {changePassword: 'The password is wrong.'}}", "Password");
    fillNew("");
    button("Change password").click();
    assertThat(alert()).hasText("Type your password.");
    assertThat(password("Current password")).isFocused();
    fillNew("old");
    password("Repeat password").fill("another one");
    button("Change password").click();
    assertThat(alert()).hasText("The two passwords are not the same. Type them again.");
    assertThat(password("Repeat password")).isFocused();
    assertAsked("changePassword", 0);
    fillNew("wrong");
    button("Change password").click();
    assertThat(alert()).hasText("The password is wrong.");
    assertThat(alert()).isInViewport();
    assertThat(password("New password")).hasValue(PASSWORD);
  }

  @Test
  void forgottenPasswordIsAskedForAndCancelled() {
    openSettings("{}", "Password");
    button("I forgot my password").click();
    assertThat(dialog()).containsText("Asked. You can set a new password here from");
    button("Close").click();
    assertThat(page.getByText("You asked to set a new password without the old one.")).isVisible();
    button("Show").click();
    assertThat(button("Set new password")).isHidden();
    button("Cancel the request").click();
    page.keyboard().type("old");
    page.keyboard().press("Enter");
    assertThat(dialog()).containsText("The request was cancelled.");
    assertThat(button("I forgot my password")).isVisible();
  }

  @Test
  void requestOfAnotherDeviceIsAnAlertThatLeadsToCancelling() {
    page = FakePages.open(profile, "{reset: {device: 'd2', name: 'Old telephone', isThis: false,"
        + " allowedAt: Date.now() + 9e6}}", "");
    assertThat(alert()).containsText("Your device “Old telephone” asked to set a new password");
    engine("e.emit({type: 'account-state', recovery: false, reset: {device: 'd2', name: '',"
        + " isThis: false, allowedAt: Date.now() + 9e6}})");
    assertThat(alert()).containsText("One of your devices asked to set a new password");
    button("Cancel it").click();
    assertThat(page.locator("#confirm-password")).isFocused();
    page.keyboard().type("old");
    page.keyboard().press("Enter");
    assertThat(alert()).hasCount(0);
    assertAsked("cancelReset", 1);
  }

  @Test
  void whoHasToSignInFirstIsAskedForNothingElse() {
    page = FakePages.open(profile, "{reset: {device: 'd2', name: 'Old telephone', isThis: false,"
        + " allowedAt: Date.now() + 9e6}}", "");
    assertThat(button("Cancel it")).isVisible();
    engine("e.emit({type: 'account', phase: 'needs-password', user: 'alice'})");
    assertThat(button("Sign in")).isVisible();
    assertThat(button("Cancel it")).hasCount(0);
  }

  @Test
  void afterTheWaitANewPasswordIsSet() {
    page = FakePages.open(profile, "{reset: {device: 'd1', name: 'This', isThis: true,"
        + " allowedAt: Date.now() + 400}}", "");
    button("Set it").click();
    assertThat(password("Current password")).hasCount(0);
    password("New password").fill(PASSWORD);
    password("Repeat password").fill(PASSWORD);
    page.keyboard().press("Enter");
    assertThat(dialog()).containsText("A recovery code that you had does not work any more");
    assertThat(button("Change password")).isVisible();
    assertEquals(PASSWORD, engine("e.calls.at(-1)[1].newPassword"));
    button("Close").click();
    assertThat(button("Get the code")).isVisible();
  }

  @Test
  void recoveryCodeIsShownOnceCopiedAndTypedBack() {
    profile.grantPermissions(List.of("clipboard-read", "clipboard-write"));
    openSettings("{}", "Recovery code");
    assertThat(dialog()).containsText("No recovery code is set.");
    button("Get a recovery code").press("Enter");
    page.keyboard().type(PASSWORD);
    page.keyboard().press("Enter");
    var groups = role(AriaRole.LIST, "Recovery code");
    assertThat(groups).isFocused();
    assertThat(groups.getByRole(AriaRole.LISTITEM)).hasText(CODE.split("-"));
    button("Copy").click();
    assertThat(dialog()).containsText("Copied.");
    assertEquals(CODE, page.evaluate("navigator.clipboard.readText()"));
    page.keyboard().press("Escape");
    assertThat(groups).isVisible();
    box("Type the code from your paper").fill("7G3K");
    page.keyboard().press("Enter");
    assertThat(dialog()).containsText("This is not the code above.");
    box("Type the code from your paper").fill(CODE.toLowerCase().replace('-', ' '));
    page.keyboard().press("Enter");
    assertThat(dialog()).containsText("The code is right.");
    assertThat(dialog()).not().containsText("9TBA");
    assertThat(dialog()).containsText("A recovery code is set.");
  }

  @Test
  void onPaperThereIsTheCodeAndNothingElse() {
    openSettings("{}", "Recovery code");
    page.evaluate("window.print = () => { window.printed = true; }");
    button("Get a recovery code").click();
    page.keyboard().type(PASSWORD);
    page.keyboard().press("Enter");
    button("Print").click();
    assertEquals(true, page.evaluate("window.printed"));
    page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
    assertThat(page.getByText("Sotto recovery code")).isVisible();
    assertThat(page.getByText("alice · localhost")).isVisible();
    assertThat(page.getByText("9TBA")).isVisible();
    assertThat(page.getByText("Type the code from your paper")).isHidden();
    assertThat(button("Account: alice")).isHidden();
  }

  @Test
  void codeThatIsSetIsReplacedOrRemoved() {
    openSettings("{recovery: true}", "Recovery code");
    assertThat(dialog()).containsText("A recovery code is set.");
    button("Replace the code").click();
    assertThat(alert()).containsText("The code that you have stops working at once.");
    button("Cancel").click();
    button("Remove the code").click();
    page.keyboard().type(PASSWORD);
    page.keyboard().press("Enter");
    assertThat(dialog()).containsText("The recovery code was removed.");
    assertThat(button("Get a recovery code")).isVisible();
  }

  @Test
  void withoutConnectionNothingIsClaimedOfTheCode() {
    openSettings("{recovery: true, connection: 'offline'}", "Recovery code");
    assertThat(dialog()).containsText("Shown when connected.");
    assertThat(button("Replace the code")).isHidden();
  }

  @Test
  void archiveTellsItsUseAndIsSwitchedOffAndOn() {
    openSettings("{}", "History");
    assertThat(dialog()).containsText("12.3 MB of 200 MB used");
    button("Switch off and erase").press("Enter");
    assertThat(alert()).containsText("The archive is erased from the server.");
    assertAsked("setArchive", 0);
    page.keyboard().press("Tab");
    page.keyboard().press("Enter");
    assertThat(dialog()).containsText("The archive is off.");
    assertThat(dialog().getByText("MB used")).isHidden();
    button("Switch on").click();
    assertThat(dialog()).containsText("The archive is on.");
  }

  @Test
  void archiveThatCannotBeReadIsToldAndTriedAgain() {
    openSettings("{refusals: {archive: 'The server cannot be reached.'}}", "History");
    assertThat(alert()).hasText("The server cannot be reached.");
    assertThat(button("Switch on")).isHidden();
    engine("delete e.refusals.archive");
    button("Try again").click();
    assertThat(dialog()).containsText("The archive is on.");
  }

  @Test
  void brokenArchiveIsToldAndBegunAnewOnlyWhenSaidSo() {
    page = FakePages.open(profile, "{}", "");
    engine("e.emit({type: 'archive', state: 'broken', done: 120, total: 500})");
    assertThat(page.getByText("The server lost or changed part of your archive.")).isVisible();
    button("History settings").click();
    assertAsked("setArchive", 0);
    button("Begin a new archive").click();
    assertAsked("setArchive", 1);
  }

  @Test
  void historyIsAskedOfTheOtherDevices() {
    openSettings("{}", "History");
    button("Ask my other devices").click();
    assertThat(dialog()).containsText("Asked. Open Sotto on another of your devices");
    engine("e.emit({type: 'history', done: 100, total: 400})");
    assertThat(dialog()).containsText("Handing over history: 100 of 400 messages.");
    assertThat(dialog()).not().containsText("Asked. Open Sotto");
    engine("e.emit({type: 'history', done: 400, total: 400})");
    assertThat(dialog()).containsText("The message history has been handed over.");
  }

  @Test
  void accountIsDeletedWithNameAndPassword() {
    openSettings("{}", "Account");
    assertThat(dialog()).containsText("What goes, at once:");
    assertThat(dialog()).containsText("What stays:");
    button("Delete account").press("Enter");
    assertThat(box("Type your user name")).isFocused();
    page.keyboard().type("alicia");
    page.keyboard().press("Tab");
    page.keyboard().type(PASSWORD);
    page.keyboard().press("Enter");
    assertThat(dialog()).containsText("This is not the user name of this account.");
    assertThat(box("Type your user name")).isFocused();
    page.keyboard().press("Control+A");
    page.keyboard().type("alice");
    page.keyboard().press("Enter");
    assertThat(role(AriaRole.TAB, "Create account")).isVisible();
    assertThat(page.getByText("Your account was deleted")).isVisible();
    assertAsked("deleteAccount", 1);
  }

  @Test
  void sectionsAreTwoScreensOnAPhone() {
    page = FakePages.open(profile, "{}", "");
    page.setViewportSize(360, 740);
    button("Account: alice").click();
    role(AriaRole.MENUITEM, "Settings").click();
    assertThat(role(AriaRole.HEADING, "General")).isHidden();
    button("History").click();
    assertThat(role(AriaRole.HEADING, "History")).isFocused();
    assertThat(button("Devices")).isHidden();
    button("All settings").click();
    assertThat(button("History")).isFocused();
  }
}

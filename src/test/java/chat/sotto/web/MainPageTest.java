package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The screen around a conversation: list, people online, account, status, banners. */
class MainPageTest extends PageTest {
  private Locator people() {
    return role(AriaRole.REGION, "People online");
  }

  private Locator dialog() {
    return page.getByRole(AriaRole.DIALOG);
  }

  private void openMenu(String item) {
    button("Account: alice").click();
    role(AriaRole.MENUITEM, item).click();
  }

  @Test
  void conversationsTellNameLockAndUnreadMessages() {
    openSample("");
    var links = role(AriaRole.NAVIGATION, "Conversations").getByRole(AriaRole.LINK);
    assertThat(links).hasCount(8);
    assertThat(conversation("bob")).hasAccessibleName(
        Pattern.compile("^bob , encrypted .*2 unread messages$"));
    assertThat(conversation("carol")).hasAccessibleName(
        Pattern.compile("^carol , encrypted and verified "));
    assertThat(conversation("mallory")).hasAccessibleName(
        Pattern.compile("^mallory , security key changed .*Draft: half a thought"));
    assertThat(page).hasTitle("(3) Sotto");
  }

  @Test
  void addressNamesTheOpenConversation() {
    openSample("");
    conversation("carol").click();
    assertThat(role(AriaRole.HEADING, "carol")).isVisible();
    page.reload();
    assertThat(role(AriaRole.HEADING, "carol")).isVisible();
    page.goBack();
    assertThat(role(AriaRole.HEADING, "carol")).hasCount(0);
  }

  @Test
  void startsAConversationByName() {
    openSample("");
    button("New conversation").click();
    dialog().getByRole(AriaRole.TEXTBOX, named("Username")).fill("Dora.K");
    button("Start").click();
    assertThat(dialog()).hasCount(0);
    assertThat(role(AriaRole.HEADING, "dora.k")).isVisible();
    assertThat(conversation("dora.k")).hasAttribute("aria-current", "page");
  }

  private static Locator.GetByRoleOptions named(String name) {
    return new Locator.GetByRoleOptions().setName(name);
  }

  @Test
  void refusedConversationKeepsTheDialog() {
    openSample("");
    engine("Object.assign(e.refusals, {startConversation: 'Nobody here has this name.'})");
    button("New conversation").click();
    box("Username").fill("nobody");
    box("Username").press("Enter");
    assertThat(alert()).hasText("Nobody here has this name.");
    assertThat(box("Username")).hasValue("nobody");
  }

  @Test
  void personOnlineIsOneClickAway() {
    openSample("");
    assertThat(people().getByRole(AriaRole.LISTITEM)).hasCount(3);
    people().getByRole(AriaRole.BUTTON, named("erin")).click();
    assertThat(role(AriaRole.HEADING, "erin")).isVisible();
  }

  @Test
  void peopleAreFoundByTheBeginningOfTheirName() {
    openSample("");
    people().getByRole(AriaRole.SEARCHBOX).fill("D");
    assertThat(people().getByRole(AriaRole.BUTTON)).hasText(new String[] {"Ddora.k"});
    people().getByRole(AriaRole.SEARCHBOX).fill("zz");
    assertThat(people()).containsText("Nobody online has a name that starts with “zz”.");
    people().getByRole(AriaRole.SEARCHBOX).fill("");
    assertThat(people().getByRole(AriaRole.BUTTON)).hasCount(3);
  }

  @Test
  void emptyListsSayWhatToDoNext() {
    page = FakePages.open(profile, "{}", "");
    assertThat(page.getByText("No conversations yet. Choose someone")).isVisible();
    assertThat(people()).containsText("Nobody else is listed as online.");
    page.keyboard().press("Control+k");
    assertThat(page.getByText("There is no other conversation yet.")).isVisible();
  }

  @Test
  void lostConnectionIsSaidAndWritingGoesOn() {
    openSample("bob");
    engine("e.emit({type: 'connection', status: 'reconnecting'})");
    assertThat(status()).hasText("Reconnecting…");
    assertThat(page.getByText("No connection to the server.")).isVisible();
    assertThat(people()).containsText("Shown when connected.");
    box("Message").fill("written offline");
    box("Message").press("Enter");
    assertThat(messages().last()).containsText("Pending");
    engine("e.emit({type: 'connection', status: 'offline'})");
    assertThat(status()).hasText("Offline");
    engine("e.emit({type: 'connection', status: 'connected'})");
    assertThat(page.getByText("This device is offline.")).hasCount(0);
  }

  @Test
  void expiredTokenAsksForThePasswordAndKeepsTheDraft() {
    openSample("bob");
    box("Message").fill("half a thought");
    engine("e.emit({type: 'account', phase: 'needs-password', user: 'alice'})");
    assertThat(box("Message")).hasValue("half a thought");
    engine("Object.assign(e.refusals, {signIn: 'User name or password wrong.'})");
    page.getByLabel("Password").fill("wrong");
    button("Sign in").click();
    assertThat(alert()).hasText("User name or password wrong.");
    engine("delete e.refusals.signIn");
    page.getByLabel("Password").fill("right");
    page.getByLabel("Password").press("Enter");
    assertThat(page.getByLabel("Password")).hasCount(0);
    assertThat(box("Message")).hasValue("half a thought");
  }

  @Test
  void accountOpenedElsewhereIsSaid() {
    openSample("bob");
    engine("e.emit({type: 'account', phase: 'replaced', user: 'alice',"
        + " text: 'Opened elsewhere.'})");
    assertThat(alert()).containsText("Opened elsewhere.");
    assertThat(button("Connect here")).isVisible();
  }

  @Test
  void alarmStaysUntilItIsDismissed() {
    openSample("");
    engine("e.emit({type: 'alarm', text: 'The history on the server was changed.'})");
    assertThat(alert()).containsText("The history on the server was changed.");
    conversation("carol").click();
    assertThat(alert()).containsText("The history on the server was changed.");
    button("Dismiss").click();
    assertThat(alert()).hasCount(0);
  }

  @Test
  void restoredServerIsToldWithoutAlarmUntilItIsPutAway() {
    openSample("");
    var text = "The server was restored from a copy made on 25 Nov 2026, 14:02.";
    engine("e.emit({type: 'restored', text: '" + text + "'})");
    var news = page.locator("[aria-live=polite]").filter(
        new Locator.FilterOptions().setHasText(text));
    assertThat(news).isVisible();
    assertThat(alert()).hasCount(0);
    assertThat(status()).hasText("Connected");
    news.getByRole(AriaRole.BUTTON).press("Enter");
    assertThat(page.getByText(text)).hasCount(0);
    assertAsked("dismissRestored", 1);
  }

  @Test
  void safetyNumberIsShownAndMarked() {
    openSample("bob");
    button("Details").click();
    button("Safety number").click();
    assertThat(dialog().getByRole(AriaRole.LISTITEM)).hasCount(12);
    assertThat(dialog().getByRole(AriaRole.LISTITEM).first()).hasText(Pattern.compile("^\\d{5}$"));
    assertThat(role(AriaRole.IMG, "QR code of the safety number")).isVisible();
    button("Mark as verified").click();
    assertThat(dialog()).containsText("You have verified bob.");
    page.keyboard().press("Escape");
    assertThat(dialog()).hasCount(0);
    assertThat(button("Details")).isFocused();
    assertThat(conversation("bob")).containsText("encrypted and verified");
  }

  @Test
  void themeFollowsTheSystemAndCanBeOverridden() {
    openSample("");
    page.emulateMedia(new Page.EmulateMediaOptions()
        .setColorScheme(ColorScheme.DARK));
    var root = page.locator("html");
    assertThat(root).hasAttribute("data-bs-theme", "dark");
    openMenu("Settings");
    role(AriaRole.RADIO, "Light").check();
    assertThat(root).hasAttribute("data-bs-theme", "light");
    page.reload();
    assertThat(root).hasAttribute("data-bs-theme", "light");
  }

  @Test
  void settingsTellWhoSeesMeTheServerAndTheStorage() {
    openSample("");
    openMenu("Settings");
    assertThat(dialog()).containsText("are kept in this browser until you remove them");
    assertThat(dialog()).containsText(Pattern.compile("Sotto uses \\d+"));
    button("Privacy").click();
    assertThat(role(AriaRole.RADIO, "Everyone on this server")).isChecked();
    role(AriaRole.RADIO, "Nobody").check();
    assertAsked("setVisibility", 1);
    button("Server").click();
    assertThat(dialog()).containsText("5f1c 09ae 77d2");
    assertThat(role(AriaRole.HEADING, "What the server knows about me")).isVisible();
    page.keyboard().press("Escape");
    assertThat(button("Account: alice")).isFocused();
  }

  @Test
  void erasingTakesTwoStepsAndSaysWhatIsLost() {
    openSample("");
    openMenu("Settings");
    button("Account").click();
    button("Erase this browser").click();
    assertThat(alert()).containsText("they cannot be brought back");
    assertAsked("eraseBrowser", 0);
    button("Erase everything").click();
    assertThat(role(AriaRole.TAB, "Create account")).isVisible();
    assertAsked("eraseBrowser", 1);
  }

  @Test
  void signsOut() {
    openSample("bob");
    openMenu("Sign out");
    assertThat(role(AriaRole.TAB, "Sign in")).isVisible();
    assertThat(box("Username")).hasValue("alice");
    assertThat(page.getByText("Your keys and messages stay in this browser")).isVisible();
    assertThat(page).hasTitle("Sotto");
  }

  @Test
  void newVersionWaitsUntilNothingWouldBeLost() {
    openSample("bob");
    box("Message").fill("unfinished");
    page.evaluate("window.kept = true");
    engine("e.emit({type: 'update-available'})");
    assertThat(page.getByText("A new version of Sotto is ready.")).isVisible();
    assertThat(box("Message")).hasValue("unfinished");
    assertEquals(true, page.evaluate("window.kept"));
    box("Message").fill("");
    page.waitForFunction("window.kept === undefined");
    assertThat(status()).hasText("Connected");
  }
}

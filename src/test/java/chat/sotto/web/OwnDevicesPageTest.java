package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Settings: devices, and what the other devices tell and ask. */
class OwnDevicesPageTest extends PageTest {
  private static final String PHONE = "Chrome on a telephone with a rather long name";

  private void openDevices(String world) {
    page = FakePages.open(profile, world, "");
    button("Account: alice").click();
    role(AriaRole.MENUITEM, "Settings").click();
    button("Devices").click();
  }

  private Locator devices() {
    return role(AriaRole.LIST, "Your devices").getByRole(AriaRole.LISTITEM);
  }

  private static Object lines(Locator text) {
    return text.evaluate("element => element.getClientRects().length");
  }

  private Locator dialog() {
    return page.getByRole(AriaRole.DIALOG);
  }

  @Test
  void listTellsNamesTimesAndThisBrowser() {
    openDevices("{}");
    assertThat(role(AriaRole.HEADING, "Devices")).isFocused();
    assertThat(devices()).hasCount(3);
    assertThat(devices().nth(0)).containsText(Pattern.compile("Firefox on Linux\\s+This browser"));
    assertEquals(1, lines(devices().nth(0).getByText("Firefox on Linux")));
    assertThat(devices().nth(1)).containsText("Connected now");
    assertThat(devices().nth(2)).containsText("Device without a name");
    assertThat(devices().nth(2)).containsText("Not seen yet");
  }

  @Test
  void saysSoWhileItLooksAndWhenItFails() {
    openDevices("{refusals: {devices: 'The server cannot be reached.'}}");
    assertThat(alert()).hasText("The server cannot be reached.");
    engine("(delete e.refusals.devices, e.held = new Promise(go => { window.go = go; }), null)");
    button("Try again").click();
    assertThat(dialog()).containsText("Looking…");
    page.evaluate("go()");
    assertThat(devices()).hasCount(3);
    assertThat(button("Try again")).isHidden();
    engine("e.emit({type: 'connection', status: 'offline'})");
    assertThat(dialog()).containsText("Your devices can be changed when the server is reached");
  }

  @Test
  void deviceIsRenamedByKeyboard() {
    openDevices("{}");
    button("Rename " + PHONE).press("Enter");
    assertThat(box("Name of the device")).isFocused();
    assertThat(box("Name of the device")).hasValue(PHONE);
    page.keyboard().press("Control+A");
    page.keyboard().press("Delete");
    page.keyboard().press("Enter");
    assertThat(alert()).hasText("A name has 1 to 64 characters.");
    page.keyboard().type("Telephone");
    page.keyboard().press("Enter");
    assertThat(devices().nth(1)).containsText("Telephone");
    assertThat(button("Rename Telephone")).isFocused();
  }

  @Test
  void removingTakesThePasswordAndTellsTheGroups() {
    openDevices("{groupsTold: new Promise(go => { window.told = go; }),"
        + " refusals: {revokeDevice: 'The password is wrong.'}}");
    button("Remove " + PHONE).press("Enter");
    assertThat(alert().first()).containsText("is signed out at once");
    page.keyboard().type("mistyped");
    page.keyboard().press("Enter");
    assertThat(page.getByText("The password is wrong.")).isVisible();
    assertThat(devices()).hasCount(3);
    engine("delete e.refusals.revokeDevice");
    page.keyboard().press("Control+A");
    page.keyboard().type("mauve kettle");
    page.keyboard().press("Enter");
    assertThat(dialog()).containsText("Telling your groups: 2 of 5…");
    page.evaluate("told()");
    assertThat(dialog()).containsText("“" + PHONE + "” was removed.");
    assertThat(devices()).hasCount(2);
    assertEquals("mauve kettle", engine("e.calls.filter(c => c[0] === 'revokeDevice').at(-1)[2]"));
  }

  @Test
  void removingCanBeLeftWithoutATrace() {
    openDevices("{}");
    button("Remove " + PHONE).click();
    page.keyboard().type("mauve kettle");
    button("Cancel").click();
    assertThat(button("Remove " + PHONE)).isFocused();
    button("Remove " + PHONE).click();
    assertThat(page.getByLabel("Password")).hasValue("");
    assertAsked("revokeDevice", 0);
  }

  @Test
  void thisBrowserIsRemovedAndErased() {
    openDevices("{}");
    button("Remove this browser").click();
    assertThat(alert()).containsText("erases its keys and messages here");
    page.keyboard().type("mauve kettle");
    page.keyboard().press("Enter");
    assertThat(role(AriaRole.TAB, "Create account")).isVisible();
    assertThat(dialog()).hasCount(0);
    assertThat(page.getByText("This browser was removed from your account.")).isVisible();
    assertAsked("removeThisBrowser", 1);
    box("Username").fill("alice");
    button("Suggest a passphrase").click();
    button("Create account").click();
    assertThat(button("Account: alice")).isVisible();
    assertThat(page.getByText("This browser was removed")).hasCount(0);
  }

  @Test
  void newDeviceIsToldInPlainWordsAndInTheOpenList() {
    openDevices("{}");
    engine("(e.devices = async () => [{id: 'd9', name: 'New telephone', addedAt: 0, lastSeen: 0}],"
        + " e.emit({type: 'devices-changed', text: 'A device was added: New telephone.'}))");
    assertThat(devices()).hasCount(1);
    assertThat(devices()).containsText("New telephone");
    button("Close").click();
    var news = page.locator("[aria-live=polite]").filter(
        new Locator.FilterOptions().setHasText("A device was added: New telephone."));
    assertThat(news).isVisible();
    button("Dismiss").click();
    assertThat(page.getByText("A device was added: New telephone.")).hasCount(0);
  }

  @Test
  void historyIsHandedOverOnlyAfterAYes() {
    page = FakePages.open(profile, "{}", "");
    engine("e.emit({type: 'history-asked', device: 'd2', name: 'Telephone'})");
    assertThat(page.getByText("Your device “Telephone” asks this browser")).isVisible();
    assertAsked("answerHistory", 0);
    button("Agree").click();
    assertThat(button("Agree")).hasCount(0);
    assertEquals(true, engine("e.calls.at(-1)[2]"));
    engine("e.emit({type: 'history', done: 100, total: 400})");
    assertThat(page.getByText("Handing over history: 100 of 400 messages.")).isVisible();
    engine("e.emit({type: 'history-asked', device: 'd3', name: ''})");
    button("Decline").click();
    assertThat(button("Decline")).hasCount(0);
    assertEquals(false, engine("e.calls.at(-1)[2]"));
  }

  @Test
  void groupThatThisBrowserIsNotYetInSaysSo() {
    openSample("");
    engine("e.changeGroup([...e.conversations.keys()].find(id => id.startsWith('group:')),"
        + " {joining: true})");
    assertThat(conversation("Boathouse crew")).containsText("Not yet in this group");
    conversation("Boathouse crew").click();
    assertThat(box("Message")).hasAccessibleDescription(
        Pattern.compile("It becomes part of it by itself"));
    box("Message").fill("too early");
    box("Message").press("Enter");
    assertAsked("sendText", 0);
    engine("e.changeGroup([...e.conversations.keys()].find(id => id.startsWith('group:')),"
        + " {joining: false})");
    box("Message").press("Enter");
    assertAsked("sendText", 1);
  }
}

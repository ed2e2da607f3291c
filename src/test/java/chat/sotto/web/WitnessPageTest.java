package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Settings: what the server recorded about this browser. */
class WitnessPageTest extends PageTest {
  private static final String NAME = "sotto-witness-alice-2026-11-26.json";

  private void openSettings(String world) {
    page = FakePages.open(profile, world, "");
    button("Account: alice").click();
    role(AriaRole.MENUITEM, "Settings").click();
    button("Server").click();
  }

  private Locator record() {
    return role(AriaRole.REGION, "What the server recorded about me");
  }

  @Test
  void tellsWhatItCoversAndSavesTheFileByKeyboard() throws IOException {
    openSettings("{acknowledgedAt: Date.UTC(2026, 10, 26, 12)}");
    assertThat(record()).containsText("no message is in it");
    assertThat(record()).containsText("your messages");
    assertThat(record().locator("time")).hasAttribute("datetime", "2026-11-26T12:00:00.000Z");
    button("Save file").focus();
    var file = page.waitForDownload(() -> page.keyboard().press("Enter"));
    assertEquals(NAME, file.suggestedFilename());
    assertEquals("{\"version\":1}", Files.readString(file.path()));
    assertThat(record()).containsText("Saved as " + NAME);
    assertThat(button("Save file")).isFocused();
    assertAsked("witness", 2);
  }

  @Test
  void saysSoWhileItLooks() {
    openSettings("{}");
    button("Close").click();
    engine("(e.held = new Promise(resolve => { window.letGo = resolve; }), null)");
    button("Account: alice").click();
    role(AriaRole.MENUITEM, "Settings").click();
    button("Server").click();
    assertThat(record()).containsText("Looking…");
    assertThat(record()).hasAttribute("aria-busy", "true");
    assertThat(button("Save file")).isHidden();
    page.evaluate("window.letGo()");
    assertThat(button("Save file")).isVisible();
    assertThat(record()).not().containsText("Looking…");
  }

  @Test
  void saysThatNothingWasRecordedYet() {
    openSettings("{acknowledgedAt: null}");
    assertThat(record()).containsText("The server has recorded nothing of this browser yet.");
    assertThat(button("Save file")).isHidden();
  }

  @Test
  void failureIsToldAndCanBeTriedAgain() {
    openSettings("{refusals: {witness: 'Something went wrong.'}}");
    assertThat(record().getByRole(AriaRole.ALERT)).hasText("Something went wrong.");
    engine("delete e.refusals.witness");
    button("Try again").click();
    assertThat(button("Save file")).isVisible();
    assertThat(button("Try again")).isHidden();
    assertThat(record().getByRole(AriaRole.ALERT)).isHidden();
  }

  @Test
  void namesTheGroups() {
    openSample("");
    button("Account: alice").click();
    role(AriaRole.MENUITEM, "Settings").click();
    button("Server").click();
    assertThat(record()).containsText("your messages and 4 groups");
  }
}

package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Makes the pictures in docs/screens, for whoever wants to see Sotto before they run it. They are
 * made on the stand-in engine at a fixed hour, so that a picture changes only when the page does.
 */
@EnabledIfSystemProperty(named = "sotto.screens", matches = ".+",
    disabledReason = "pictures are made with -Dsotto.screens=docs/screens")
class ScreensTest extends PageTest {
  private static final Path WORLD = Path.of("src/test/js/fake/screens-world.js");
  private static final LocalDateTime NOW = LocalDateTime.of(2026, 11, 26, 17, 40);

  @BeforeEach
  void stopTheClock() {
    profile.clock().setFixedTime(Date.from(NOW.atZone(ZoneId.systemDefault()).toInstant()));
  }

  @Test
  void mainStates() throws IOException {
    page = FakePages.open(profile, LooksTest.NO_ACCOUNT, "");
    photograph("start");
    page.close();
    page = FakePages.open(profile, Files.readString(WORLD), "jonas");
    assertThat(messages()).hasCount(9);
    photograph("conversation");
    conversation("Stairwell").click();
    assertThat(messages()).hasCount(6);
    photograph("group");
    role(AriaRole.SEARCHBOX, "Search messages").fill("stairs");
    assertThat(role(AriaRole.LIST, "Found messages").getByRole(AriaRole.LISTITEM)).hasCount(2);
    photograph("search", LooksTest.DESK);
    page.setViewportSize(LooksTest.PHONE.width(), LooksTest.PHONE.height());
    role(AriaRole.LINK, "Back").click();
    photograph("search", LooksTest.PHONE);
    role(AriaRole.SEARCHBOX, "Search messages").fill("");
    button("Account: maren").click();
    role(AriaRole.MENUITEM, "Settings").click();
    button("Devices").click();
    assertThat(button("Remove this browser")).isVisible();
    photograph("devices");
  }

  private void photograph(String name) throws IOException {
    for (var size : LooksTest.SIZES) photograph(name, size);
    page.setViewportSize(LooksTest.DESK.width(), LooksTest.DESK.height());
  }

  private void photograph(String name, LooksTest.Size size) throws IOException {
    var folder = Path.of(System.getProperty("sotto.screens"));
    page.setViewportSize(size.width(), size.height());
    for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme)
          .setReducedMotion(ReducedMotion.REDUCE));
      var file = name + "-" + size.width() + "-" + scheme.name().toLowerCase() + ".png";
      SmallPicture.write(page.screenshot(), folder.resolve(file));
    }
  }
}

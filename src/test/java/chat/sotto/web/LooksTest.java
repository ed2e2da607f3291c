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
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Looks at states of the page on a desk and on a phone, light and dark: text can be read, targets
 * can be hit, everything has a name, nothing is wider than the smallest screen, nothing moves for
 * whoever asked for that. With {@code -Dsotto.looks=FOLDER} it leaves pictures of them all there.
 */
abstract class LooksTest extends PageTest {
  static final String NO_ACCOUNT = "{account: {phase: 'signed-out', users: []}}";

  record Size(String name, int width, int height) {}

  static final Size DESK = new Size("desk", 1280, 800);
  static final Size PHONE = new Size("phone", 360, 740);
  static final List<Size> SIZES = List.of(DESK, PHONE);

  private static final String PICTURES = System.getProperty("sotto.looks");
  private static final Path LOOKS = Path.of("src/test/js/fake/looks.js");

  /** A desk that shows everything twice, and four times, as large. */
  private static final List<Size> ZOOMED =
      List.of(new Size("twice", 640, 400), new Size("four-times", 320, 256));

  private static final List<String> CHECKS =
      List.of("weakText", "weakEdges", "sideways", "cut", "nameless", "mute", "skipped",
          "unreachable", "moving");

  record State(String name, Runnable open) {}

  private State shown;

  abstract List<State> states();

  void open(String world, String conversation) {
    page = FakePages.open(profile, world, conversation);
  }

  void press(String name) {
    openSample("");
    button(name).click();
  }

  void openGroup(String name) {
    openSample("");
    conversation(name).click();
    assertThat(role(AriaRole.HEADING, name)).isVisible();
  }

  void openSettings(String section) {
    press("Account: alice");
    role(AriaRole.MENUITEM, "Settings").click();
    if (!section.isEmpty()) button(section).click();
  }

  @TestFactory
  Stream<DynamicTest> everyStateCanBeReadHitAndNamed() {
    return states().stream().flatMap(state -> SIZES.stream().flatMap(size ->
        Stream.of(ColorScheme.LIGHT, ColorScheme.DARK).map(scheme -> {
          var name = state.name() + "-" + size.name() + "-" + scheme.name().toLowerCase();
          return DynamicTest.dynamicTest(name, () -> {
            show(state);
            look(size, scheme, name);
            if (size == PHONE && scheme == ColorScheme.DARK) zoom(state.name());
          });
        })));
  }

  /** Opens a page in that state, unless the look before was at the same: looks change nothing. */
  private void show(State state) {
    if (state == shown) return;
    shown = null;
    if (page != null) page.close();
    state.open().run();
    shown = state;
  }

  private void look(Size size, ColorScheme scheme, String name) throws IOException {
    page.setViewportSize(size.width(), size.height());
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme)
        .setReducedMotion(ReducedMotion.REDUCE));
    assertThat(page.locator("html")).hasAttribute("data-bs-theme", scheme.name().toLowerCase());
    page.evaluate("(document.activeElement.closest('.confirm') ?? document.activeElement)"
        + ".scrollIntoView({block: 'nearest'})");
    if (PICTURES != null) {
      page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(PICTURES, name + ".png")));
    }
    assertEquals(List.of(), faults(size), name);
    // Both themes and both layouts, in half of the looks: axe takes longer than all else here.
    if ((size == PHONE) == (scheme == ColorScheme.DARK)) Axe.assertNoFaults(page, name);
  }

  private void zoom(String name) {
    for (var size : ZOOMED) {
      page.setViewportSize(size.width(), size.height());
      page.evaluate("() => new Promise(drawn => requestAnimationFrame(() =>"
          + " requestAnimationFrame(drawn)))");
      assertEquals(List.of(), page.evaluate(
          "[...looks.sideways(), ...looks.beyond()]"), name + " " + size.name());
    }
  }

  private List<?> faults(Size size) throws IOException {
    page.evaluate(Files.readString(LOOKS));
    var checks = new ArrayList<>(CHECKS);
    // What has the focus may not be there on the smaller screen that a page is changed to.
    checks.add(size == PHONE ? "smallTargets" : "lost");
    return (List<?>) page.evaluate("checks => checks.flatMap(check => looks[check]())", checks);
  }
}

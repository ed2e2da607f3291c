package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two browsers on a real server that is killed and goes on from a copy. */
class RestoredServerTest extends RealServerTest {
  private static final String GROUP = "Heron watch";

  @Test
  void restoredServerLetsBrowsersContinue(@TempDir Path folder)
      throws IOException, InterruptedException {
    talk();
    alice.write("before");
    bob.open(alice.name).waitForTexts("before");
    alice.waitUntilDelivered();
    alice.createGroup(GROUP).invite(bob.name);
    bob.accept(GROUP);
    bob.write("in the copy");
    alice.waitForTexts("in the copy");
    var copy = folder.resolve("sotto.copy");
    server.backup(copy);
    alice.write("lost in the group");
    bob.waitForTexts("in the copy", "lost in the group");
    alice.open(bob.name).write("lost");
    alice.waitForTexts("before", "lost");
    alice.waitUntilDelivered();
    bob.page.close();
    alice.write("lost before bob had it");
    alice.waitForTexts("before", "lost", "lost before bob had it");
    alice.waitForState("Sent");

    server.kill();
    server.restore(copy);
    server.start();
    bob.page = bob.newTab();
    for (var person : new Person[] {alice, bob}) assertTold(person);
    alice.write("and on");
    alice.waitUntilDelivered();
    bob.open(alice.name).waitForTexts("before", "lost", "lost before bob had it", "and on");
    // Hers is posted again by itself, whatever goes on with bob: its place comes first.
    alice.open(GROUP);
    assertRestored(alice);
    alice.waitForState("Sent");
    bob.open(GROUP).write("the group too");
    for (var person : new Person[] {alice, bob}) {
      person.waitForTexts("in the copy", "lost in the group", "the group too");
      assertRestored(person);
      assertThat(person.page.getByRole(AriaRole.ALERT)).hasCount(0);
    }
    alice.open(bob.name).waitForTexts("before", "lost", "lost before bob had it", "and on");
    assertToldOnce(alice);
  }

  private static void assertRestored(Person person) {
    assertThat(person.role(AriaRole.LOG, "Messages"))
        .containsText(
            "The server was restored from a copy made on",
            new LocatorAssertions.ContainsTextOptions().setTimeout(Person.PATIENCE_MS));
  }

  private static Locator news(Person person) {
    return person.page.locator(".banner").filter(
        new Locator.FilterOptions().setHasText("The server was restored from a copy made on"));
  }

  private static void assertTold(Person person) {
    assertThat(news(person)).isVisible(
        new LocatorAssertions.IsVisibleOptions().setTimeout(Person.PATIENCE_MS));
    person.waitUntilConnected();
  }

  private static void assertToldOnce(Person person) {
    news(person).getByRole(AriaRole.BUTTON).click();
    assertThat(news(person)).hasCount(0);
    person.comeBack();
    person.waitUntilConnected();
    assertThat(news(person)).hasCount(0);
  }
}

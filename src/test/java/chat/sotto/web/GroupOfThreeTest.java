package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three people in three browsers, in one group on a real server. */
class GroupOfThreeTest extends RealServerTest {
  private static final String GROUP = "Heron watch";

  private Person carol;

  /** Alice has made a group; bob and carol were invited together and have accepted. */
  private void gather() {
    meetBob();
    carol = friend("carol").createAccount();
    alice.createGroup(GROUP).invite(bob.name, carol.name);
    bob.accept(GROUP);
    carol.accept(GROUP);
    assertThat(alice.page.getByText("3 members · Encrypted")).isVisible(patient());
  }

  private static LocatorAssertions.IsVisibleOptions patient() {
    return new LocatorAssertions.IsVisibleOptions().setTimeout(Person.PATIENCE_MS);
  }

  @AfterEach
  void partFromCarol() {
    if (carol != null) carol.close();
  }

  @Test
  void allWriteAndAllReadAlsoAfterTheServerWasKilledAndAMemberWasRemoved() throws IOException {
    gather();
    writeAndRead();
    goOnAfterAKill();
    removeCarolWhileBobIsAway();
    assertNothingReadable("the heron", "I see it", GROUP);
  }

  private void writeAndRead() {
    alice.write("the heron is here");
    bob.waitForTexts("the heron is here");
    bob.write("I see it");
    carol.waitForTexts("the heron is here", "I see it");
    carol.write("me too");
    for (var person : new Person[] {alice, bob, carol}) {
      person.waitForTexts("the heron is here", "I see it", "me too");
    }
    carol.waitForState("Sent");
  }

  private static void assertNothingReadable(String... secrets) throws IOException {
    try (Stream<Path> files = Files.walk(server.data().getParent())) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        for (var secret : secrets) {
          assertFalse(bytes.contains(secret), file + " holds “" + secret + "”");
        }
      }
    }
  }

  private void goOnAfterAKill() throws IOException {
    server.kill();
    alice.waitForStatus("Reconnecting…");
    alice.write("while it was down");
    alice.waitForState("Pending");
    bob.page.close();
    server.start();
    carol.waitForTexts("the heron is here", "I see it", "me too", "while it was down");
    alice.waitForState("Sent");
    bob.page = bob.newTab();
    bob.open(GROUP).waitForTexts("the heron is here", "I see it", "me too", "while it was down");
    bob.write("still here");
    carol.waitForTexts(before());
    alice.waitForTexts(before());
  }

  private static String[] before(String... later) {
    var before = Stream.of("the heron is here", "I see it", "me too", "while it was down",
        "still here");
    return Stream.concat(before, Stream.of(later)).toArray(String[]::new);
  }

  private void removeCarolWhileBobIsAway() {
    bob.page.close();
    alice.remove(carol.name);
    assertThat(carol.page.getByText("You were removed from this group.")).isVisible(patient());
    assertThat(carol.box("Message")).not().isEditable();
    alice.write("after");
    alice.waitForState("Sent");
    bob.page = bob.newTab();
    bob.open(GROUP).waitForTexts(before("after"));
    assertThat(notices(bob)).containsText(alice.name + " removed " + carol.name);
    bob.write("just the two of us");
    alice.waitForTexts(before("after", "just the two of us"));
    carol.waitForTexts(before());
    carol.comeBack();
    carol.open(GROUP).waitForTexts(before());
    assertThat(notices(carol)).containsText(alice.name + " removed you");
  }

  private static Locator notices(Person person) {
    return person.role(AriaRole.LOG, "Messages");
  }
}

package chat.sotto.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Accounts on a real server, and what it says no to. */
class AccountsTest extends RealServerTest {
  private static void assertRefused(Person person, String words) {
    var alert = person.page.getByRole(AriaRole.ALERT);
    Person.waitFor(alert);
    assertThat(alert).containsText(words);
  }

  @Test
  void accountIsRefusedToOthersAndKeptForItsOwner() throws IOException {
    alice.createAccount();
    refuseTakenName();
    neverSayWhetherAUserExists();
    sayThatSomebodyIsUnknown();
    reloadWithoutANewSignIn();
    trustAnotherServerKeyOnlyByAnExplicitChoice();
  }

  private void refuseTakenName() {
    var other = person(alice.name);
    other.tab("Create account").click();
    other.box("Username").fill(alice.name);
    for (var field : new String[] {"#password", "#repeat"}) {
      other.page.locator(field).fill(Person.PASSWORD);
    }
    other.button("Create account").click();
    assertRefused(other, "has this user name already");
    other.close();
  }

  private void neverSayWhetherAUserExists() {
    for (var name : new String[] {alice.name, "nobody-of-that-name"}) {
      var stranger = person(name);
      stranger.signIn("quite another password");
      assertRefused(stranger, "The user name or the password is wrong.");
      stranger.close();
    }
  }

  private void sayThatSomebodyIsUnknown() {
    alice.button("New conversation").click();
    alice.box("Username").fill("nobody-of-that-name");
    alice.button("Start").click();
    assertRefused(alice, "Nobody here is called nobody-of-that-name.");
    alice.box("Username").fill(alice.name);
    alice.button("Start").click();
    assertRefused(alice, "This is your own name.");
  }

  private void reloadWithoutANewSignIn() {
    alice.page.reload();
    Person.waitFor(alice.button("Account: " + alice.name));
    alice.waitUntilConnected();
    assertThat(alice.page.getByRole(AriaRole.ALERT)).hasCount(0);
  }

  private void trustAnotherServerKeyOnlyByAnExplicitChoice() throws IOException {
    server.kill();
    Files.delete(server.data().resolve("server-sign-key"));
    server.start();
    var title = alice.role(AriaRole.HEADING, "This is not the server that this browser knows");
    Person.waitFor(title);
    assertThat(alice.page.getByText(server.fingerprint())).isVisible();
    alice.page.reload();
    Person.waitFor(title);
    alice.page.getByRole(AriaRole.CHECKBOX).check();
    alice.button("Trust this server from now on").click();
    Person.waitFor(alice.button("Account: " + alice.name));
  }

  @Test
  void signingOutAndInAgainKeepsTheHistory() {
    talk();
    alice.write("remember me");
    alice.waitUntilDelivered();
    alice.signOut();
    alice.signIn("quite another password");
    assertRefused(alice, "The user name or the password is wrong.");
    alice.signIn(Person.PASSWORD);
    alice.open(bob.name).waitForTexts("remember me");
  }

  @Test
  void removedBrowserKeepsNothing() {
    alice.createAccount();
    alice.button("Account: " + alice.name).click();
    alice.role(AriaRole.MENUITEM, "Settings").click();
    alice.button("Server").click();
    assertThat(alice.page.getByRole(AriaRole.DIALOG)).containsText(
        Pattern.compile("Fingerprint\\s*[0-9a-f]{4} "));
    alice.button("Account").click();
    alice.button("Erase this browser").click();
    alice.button("Erase everything").click();
    Person.waitFor(alice.tab("Create account"));
    Person.waitFor(alice.page.getByText("Your keys and messages were erased from this browser."));
    assertThat(alice.box("Username")).hasValue("");
    assertThat(alice.page.locator("body")).not().containsText(alice.name);
    alice.page.reload();
    Person.waitFor(alice.tab("Create account"));
    alice.signIn(Person.PASSWORD);
    Person.waitFor(alice.button("Account: " + alice.name));
  }
}

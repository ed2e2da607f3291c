package chat.sotto.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestCommand;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a browser saved of its server, held against what the server has on its disk. */
class WitnessTest extends RealServerTest {
  private static final String LOST_ON_ITS_WAY = "which the data does not show";

  @TempDir Path folder;

  @Test
  void browserCatchesAServerThatLostWhatItSaw() throws Exception {
    talk();
    alice.write("before");
    alice.waitUntilDelivered();
    bob.open(alice.name).waitForTexts("before");
    alice.createGroup("Choir").invite(bob.name);
    bob.accept("Choir");
    server.kill();
    var older = copy("older");
    server.start();
    alice.waitUntilConnected();
    bob.waitUntilConnected();
    alice.open(bob.name).write("after");
    alice.waitUntilDelivered();
    bob.open(alice.name).waitForTexts("before", "after");

    var witness = saveWhatWasAcknowledged(bob);
    assertEquals(0, audit(witness, server.data()).status());
    var lost = audit(witness, older);
    assertEquals(1, lost.status(), lost.said());
    assertTrue(lost.said().contains("history-shortened: User|" + bob.name), lost.said());
    assertTrue(lost.said().contains("does NOT hold"), lost.said());
    server.kill();
    assertTailIsMissed(witness);
    var forged = folder.resolve("forged.json");
    Files.writeString(forged,
        Files.readString(witness).replaceFirst("(\"logs\":.*?\"sequenceNr\":)\\d+", "$10"));
    var refused = audit(forged, server.data());
    assertEquals(65, refused.status(), refused.said());
    assertTrue(refused.said().contains("did not sign this file"), refused.said());
    server.start();
  }

  /** From the newest entry of the inbox on, nothing of its events is left. */
  private void assertTailIsMissed(Path witness) throws Exception {
    var cut = copy("cut");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + cut.resolve("sotto.db"));
        var statement = connection.createStatement()) {
      statement.execute("DELETE FROM event WHERE entity = (SELECT id FROM entity WHERE name ="
          + " 'User|" + bob.name + "') AND nr >= (SELECT max(nr) FROM journal WHERE entity ="
          + " 'User|" + bob.name + "' AND type = 'accepted')");
    }
    var missed = audit(witness, cut);
    assertEquals(1, missed.status(), missed.said());
    assertTrue(missed.said().contains("history-shortened: User|" + bob.name), missed.said());
  }

  /** Saves anew until the server has on its disk what the browser acknowledged last. */
  private Path saveWhatWasAcknowledged(Person person) throws Exception {
    var deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos((long) Person.PATIENCE_MS);
    while (System.nanoTime() < deadline) {
      var saved = save(person);
      var outcome = audit(saved, server.data());
      assertEquals(0, outcome.status(), outcome.said());
      if (!outcome.said().contains(LOST_ON_ITS_WAY)) return saved;
    }
    throw new AssertionError("the server never knew what was acknowledged");
  }

  private Path save(Person person) {
    person.button("Account: " + person.name).click();
    person.role(AriaRole.MENUITEM, "Settings").click();
    person.button("Server").click();
    Person.waitFor(person.button("Save file"));
    var file = person.page.waitForDownload(() -> person.button("Save file").click());
    assertTrue(file.suggestedFilename().matches("sotto-witness-" + person.name + "-.*\\.json"),
        file.suggestedFilename());
    person.page.keyboard().press("Escape");
    return file.path();
  }

  private Path copy(String name) throws IOException {
    var to = Files.createDirectory(folder.resolve(name));
    try (Stream<Path> files = Files.list(server.data())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }

  private static TestCommand audit(Path witness, Path data) {
    return TestCommand.run("audit", "witness", witness.toString(), "--data", data.toString());
  }
}

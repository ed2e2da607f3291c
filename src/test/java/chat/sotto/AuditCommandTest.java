package chat.sotto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.audit.MadeJournal;
import chat.sotto.audit.Member;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code sotto audit} as it is typed: what it says, and with which status it ends. */
class AuditCommandTest {
  @TempDir Path folder;

  private record Run(int status, String out, String err) {
    List<String> lines() {
      return out.lines().toList();
    }
  }

  private static Run run(Object... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int status =
        new CommandLine(new AuditCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(List.of(args).stream().map(Object::toString).toArray(String[]::new));
    return new Run(status, out.toString(), err.toString());
  }

  private Path data() throws Exception {
    Path data = folder.resolve("data");
    try (var journal = new MadeJournal(data)) {
      Member alice = journal.register("alice");
      Member bob = journal.register("bob");
      journal.accept(alice, bob);
      journal.acknowledge(bob);
    }
    return data;
  }

  private static void tamper(Path data) throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("sotto.db"));
        var statement = connection.createStatement()) {
      statement.execute("DELETE FROM event WHERE nr = 2 AND entity = 1");
    }
  }

  @Test
  void aValueThatCannotBeReadIsASentenceAndNoStackTrace() throws Exception {
    Path data = data();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("sotto.db"));
        var statement = connection.createStatement()) {
      statement.execute(
          "INSERT OR REPLACE INTO meta VALUES ('server-key', hex(zeroblob(3000000)))");
    }

    Run run = run(data);

    assertEquals(66, run.status(), run.out());
    assertEquals(1, run.err().lines().count(), run.err());
  }

  @Test
  void endsWithZeroIfAllHoldsAndSaysSo() throws Exception {
    Run run = run(data());

    assertEquals(0, run.status(), run.err());
    assertEquals("", run.err());
    assertTrue(run.out().contains("events 8, users 2, groups 0"), run.out());
    assertEquals("All that was checked holds.", run.lines().get(run.lines().size() - 1));
  }

  @Test
  void endsWithOneIfSomethingDoesNotHoldAndSaysWhat() throws Exception {
    Path data = data();
    tamper(data);

    Run run = run(data);

    assertEquals(1, run.status());
    assertTrue(run.lines().contains("event-missing: event 2 of User|alice"), run.out());
    assertTrue(run.lines().contains("  expected event 2"), run.out());
    assertTrue(run.lines().contains("  found    event 3"), run.out());
    String last = run.lines().get(run.lines().size() - 1);
    assertEquals("There is 1 finding: what this data shows does NOT hold.", last);
  }

  @Test
  void saysThatSignaturesWereLeftOut() throws Exception {
    Run run = run(data(), "--no-signatures", "--threads", "1");

    assertEquals(0, run.status());
    assertTrue(run.out().contains("Signatures were NOT looked at"), run.out());
    assertFalse(run.lines().contains("All that was checked holds."));
  }

  @Test
  void writesJsonOneObjectALine() throws Exception {
    Path data = data();
    tamper(data);

    Run run = run(data, "--json");

    assertEquals(1, run.status());
    var mapper = new JsonMapper();
    JsonNode finding = mapper.readTree(run.lines().get(0));
    assertEquals("event-missing", finding.get("code").asText());
    assertEquals("User|alice", finding.get("entity").asText());
    assertEquals(2, finding.get("number").asLong());
    JsonNode whole = mapper.readTree(run.lines().get(1));
    assertEquals("audit", whole.get("type").asText());
    assertFalse(whole.get("holds").asBoolean());
    assertEquals(1, whole.get("eventsNotJudged").asLong());
    assertEquals(2, run.lines().size());
  }

  @Test
  void endsWithTwoForWrongArguments() throws Exception {
    Path data = data();

    assertEquals(2, run(data, "--threads", "0").status());
    assertEquals(2, run(data, "--server-key", "abc").status());
    assertEquals(2, run(data, "--colour").status());
    assertEquals(2, run(data, data).status());
  }

  @Test
  void hasStatusesForDataThatCannotBeReadAndForOtherData() throws Exception {
    Run missing = run(folder.resolve("none"));
    assertEquals(66, missing.status());
    assertEquals(1, missing.err().lines().count());

    Path other = Files.writeString(folder.resolve("other"), "something else");
    Run unknown = run(other);
    assertEquals(65, unknown.status());
    assertEquals(1, unknown.err().lines().count());
    assertEquals("", unknown.out());
  }

  @Test
  void whatTheFileHoldsDoesNotActOnATerminal() throws Exception {
    Path data = data();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("sotto.db"));
        var statement = connection.createStatement()) {
      statement.execute("INSERT INTO entity (name) VALUES ('x' || char(27) || '[2J')");
    }

    Run run = run(data);

    assertEquals(1, run.status());
    assertTrue(run.lines().contains("entity-unknown: x?[2J"), run.out());
  }
}

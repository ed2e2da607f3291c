package chat.sotto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.client.FileStore;
import chat.sotto.client.SottoClient;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that ask a journal something, with their statuses. */
class AuditQuestionTest {
  @TempDir static Path folder;
  private static Path data;

  private record Run(int status, String out, String err) {}

  @BeforeAll
  static void register() throws Exception {
    data = folder.resolve("data");
    try (var server = TestServer.start(data);
        var store = new FileStore(folder.resolve("alice.sotto"));
        var client =
            new SottoClient(
                URI.create("http://localhost:" + server.server().address().getPort()),
                store,
                event -> {},
                Clock.systemUTC(),
                new SecureRandom())) {
      client.register("alice", "staple battery horse").get(60, TimeUnit.SECONDS);
    }
  }

  private static Run run(Path of, String... arguments) {
    List<String> all = new ArrayList<>(List.of("audit"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--data", of.toString()));
    return run(all);
  }

  private static Run run(List<String> arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    var toldOut = new ByteArrayOutputStream();
    var toldErr = new ByteArrayOutputStream();
    System.setOut(new PrintStream(toldOut, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(toldErr, true, StandardCharsets.UTF_8));
    try {
      int status = Main.run(arguments.toArray(String[]::new));
      return new Run(
          status,
          toldOut.toString(StandardCharsets.UTF_8),
          toldErr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  @Test
  void answersForPeople() {
    Run devices = run(data, "devices", "alice");
    assertEquals(0, devices.status(), devices.err());
    assertTrue(devices.out().contains("alice, registered 20"), devices.out());
    assertTrue(devices.out().contains("signed in"), devices.out());
    Run pending = run(data, "pending", "alice", "--at", "now");
    assertEquals(0, pending.status(), pending.err());
    assertTrue(pending.out().contains("0 inbox entries"), pending.out());
  }

  @Test
  void answersForPrograms() throws Exception {
    for (String question : List.of("timeline", "summary")) {
      Run told = run(data, question, "--json");
      assertEquals(0, told.status(), told.err());
      assertFalse(told.out().isBlank());
      for (String line : told.out().lines().toList()) {
        assertTrue(new ObjectMapper().readTree(line).has("type"), line);
      }
    }
  }

  @Test
  void saysInASentenceWhatTheJournalDoesNotKnow() {
    Run told = run(data, "devices", "nobody");
    assertEquals(1, told.status());
    assertEquals("The journal knows no user “nobody”.\n", told.err());
    assertEquals("", told.out());
    assertEquals(1, run(data, "members", "00").status());
    assertEquals(1, run(data, "entry", "inbox/alice", "5").status());
    assertEquals(1, run(data, "pending", "alice", "--at", "2001-01-01").status());
  }

  @Test
  void refusesWhatItCannotRead() {
    Run time = run(data, "pending", "alice", "--at", "yesterday");
    assertEquals(2, time.status());
    assertTrue(time.err().contains("for example 2026-03-01T12:30:00Z"), time.err());
    Run log = run(data, "entry", "alice", "1");
    assertEquals(2, log.status());
    assertTrue(log.err().contains("for example inbox/alice"), log.err());
    assertEquals(2, run(data, "entry", "inbox/alice", "one").status());
    assertEquals(66, run(folder.resolve("nowhere"), "summary").status());
  }

  @Test
  void tellsThatWhatItAnswersFromDoesNotHold() throws Exception {
    Path broken = Files.createDirectories(folder.resolve("broken"));
    Path file = Files.copy(data.resolve("sotto.db"), broken.resolve("sotto.db"));
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.executeUpdate("UPDATE event SET hash = zeroblob(32) WHERE nr = 2");
    }
    Run devices = run(broken, "devices", "alice");
    assertEquals(1, devices.status());
    assertTrue(devices.out().contains("chain-broken: event 2 of User|alice"), devices.out());
    assertTrue(devices.out().contains("The answer rests on data that does NOT hold."));
    Run json = run(broken, "timeline", "--json");
    assertEquals(1, json.status());
    assertTrue(json.out().contains("\"type\":\"finding\""), json.out());
    assertTrue(json.out().contains("\"event\":\"registered\""), json.out());
  }

  @Test
  void writesAReport() throws Exception {
    Path report = folder.resolve("report.html");
    Run told = run(List.of("audit", data.toString(), "--html", report.toString()));
    assertEquals(0, told.status(), told.err() + told.out());
    assertTrue(Files.readString(report).contains("<h1>Everything that was checked holds.</h1>"));
    Path nowhere = folder.resolve("no/such/folder.html");
    Run refused = run(List.of("audit", data.toString(), "--html", nowhere.toString()));
    assertEquals(73, refused.status());
    assertTrue(refused.err().startsWith("The report cannot be written"), refused.err());
  }
}

package chat.sotto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.client.FileStore;
import chat.sotto.client.GroupInfo;
import chat.sotto.client.Message;
import chat.sotto.client.SottoClient;
import chat.sotto.crypto.Ed25519;
import chat.sotto.edge.ServerKey;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.model.Witness;
import chat.sotto.protocol.StrictJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Real clients and a real server; then what somebody does to the data, and what others kept. */
class AuditWitnessTest {
  private static final String PASSWORD = "staple battery horse";
  private static final UserName ALICE = new UserName("alice");
  private static final UserName BOB = new UserName("bob");

  @TempDir static Path folder;
  private static Path data;
  private static Path older;
  private static Path witness;
  private static Path witnessOfTablet;
  private static Path checkpoint;
  private static GroupId group;

  @TempDir Path own;

  private record Outcome(int status, String text) {}

  private static Outcome audit(Object... args) {
    var text = new StringWriter();
    int status =
        new CommandLine(new AuditCommand())
            .setOut(new PrintWriter(text))
            .setErr(new PrintWriter(text))
            .execute(Stream.of(args).map(Object::toString).toArray(String[]::new));
    return new Outcome(status, text.toString());
  }

  @BeforeAll
  static void letThemTalk() throws Exception {
    data = folder.resolve("data");
    older = folder.resolve("older");
    witness = folder.resolve("witness.json");
    witnessOfTablet = folder.resolve("tablet.json");
    checkpoint = folder.resolve("checkpoint");
    try (var aliceStore = new FileStore(folder.resolve("alice"));
        var bobStore = new FileStore(folder.resolve("bob"))) {
      Server server = start();
      try (SottoClient alice = client(server, aliceStore);
          SottoClient bob = client(server, bobStore)) {
        alice.register(ALICE.value(), PASSWORD).get(60, TimeUnit.SECONDS);
        bob.register(BOB.value(), PASSWORD).get(60, TimeUnit.SECONDS);
        say(alice, "one");
        group = alice.groups().create("Lesekreis").get(60, TimeUnit.SECONDS);
        alice.groups().invite(group, Set.of(BOB)).get(60, TimeUnit.SECONDS);
        await(() -> standing(bob).equals(Optional.of(GroupInfo.Standing.INVITED)));
        bob.groups().accept(group).get(60, TimeUnit.SECONDS);
        await(() -> acknowledgedAll(bob, witness));
      }
      stop(server);
      copy(data, older);
      server = start();
      try (var tabletStore = new FileStore(folder.resolve("alice's tablet"));
          SottoClient alice = client(server, aliceStore);
          SottoClient tablet = client(server, tabletStore);
          SottoClient bob = client(server, bobStore)) {
        alice.connect();
        bob.connect();
        tablet.login(ALICE.value(), PASSWORD, Optional.empty()).get(60, TimeUnit.SECONDS);
        await(() -> standing(tablet).equals(Optional.of(GroupInfo.Standing.MEMBER)));
        say(alice, "two");
        alice.groups().post(group, "hello");
        await(() -> bob.groups().lines(group).stream().anyMatch(l -> l.text().equals("hello")));
        await(() -> acknowledgedAll(bob, witness));
        await(() -> acknowledgedAll(tablet, witnessOfTablet));
      }
      stop(server);
    }
    for (Path folder : new Path[] {data, older}) {
      nameServer(folder);
    }
    assertEquals(0, audit("checkpoint", "--data", data, "--out", checkpoint).status);
  }

  private static Server start() {
    Map<String, Object> given = Map.of("sotto.data-folder", data.toString(), "sotto.port", 0);
    return Server.start(Settings.read(Optional.empty(), given), Clock.systemUTC());
  }

  private static void stop(Server server) throws Exception {
    server.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static SottoClient client(Server server, FileStore store) {
    var url = URI.create("http://localhost:" + server.address().getPort());
    return new SottoClient(url, store, event -> {}, Clock.systemUTC(), new SecureRandom());
  }

  private static void say(SottoClient alice, String text) throws Exception {
    Bytes id = alice.sendText(BOB, text);
    await(
        () ->
            alice.messages(BOB).stream()
                .anyMatch(m -> m.id().equals(id) && m.state() == Message.State.DELIVERED));
  }

  private static Optional<GroupInfo.Standing> standing(SottoClient person) {
    return person.groups().find(group).map(GroupInfo::standing);
  }

  /** Beside the running server: the journal shows all that the device says it acknowledged. */
  private static boolean acknowledgedAll(SottoClient person, Path file) throws IOException {
    Witness made = person.witness();
    Files.write(file, StrictJson.encode(made, Witness.class));
    boolean saidAll =
        made.logs().stream()
            .allMatch(
                log ->
                    made.acknowledgements().stream().anyMatch(a -> a.items().contains(log)));
    Outcome outcome = audit("witness", file, "--data", data);
    assertEquals(0, outcome.status, outcome.text);
    return saidAll && !outcome.text.contains("lost on its way");
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.call()) {
      assertTrue(System.nanoTime() < deadline, "it never came");
      Thread.onSpinWait();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private Path changed(String... statements) throws Exception {
    Path copy = own.resolve("copy");
    copy(data, copy);
    change(copy, statements);
    return copy;
  }

  private static void change(Path folder, String... statements) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("sotto.db"));
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static void nameServer(Path folder) throws SQLException {
    String key = Bytes.of(ServerKey.read(folder).orElseThrow().publicKey()).toString();
    change(
        folder,
        "INSERT OR REPLACE INTO meta VALUES ('server-host', 'localhost')",
        "INSERT OR REPLACE INTO meta VALUES ('server-key', '" + key + "')");
  }

  private static void assertFound(String code, String place, Outcome outcome) {
    assertEquals(1, outcome.status, outcome.text);
    assertTrue(outcome.text.contains(code + ": " + place), outcome.text);
  }

  private static void assertRefused(String why, Outcome outcome) {
    assertEquals(65, outcome.status, outcome.text);
    assertTrue(outcome.text.contains(why), outcome.text);
    assertEquals(1, outcome.text.lines().count(), outcome.text);
  }

  @Test
  void whatTheDeviceSawIsThere() {
    Outcome outcome = audit("witness", witness, "--data", data);
    assertEquals(0, outcome.status, outcome.text);
    assertTrue(outcome.text.contains("of bob saw 2 logs"), outcome.text);
    assertTrue(outcome.text.contains("All that was checked holds."), outcome.text);
    Outcome json = audit("witness", witness, "--data", data, "--json");
    assertTrue(json.text.startsWith("{\"type\":\"audit\",\"holds\":true"), json.text);
  }

  @Test
  void whatASecondDeviceSawIsThereAndMissedWhereItIsNot() {
    Outcome outcome = audit("witness", witnessOfTablet, "--data", data);
    assertEquals(0, outcome.status, outcome.text);
    assertTrue(outcome.text.contains("of alice saw 2 logs"), outcome.text);
    Outcome before = audit("witness", witnessOfTablet, "--data", older);
    assertFound("device-list-unknown", "User|alice", before);
    assertFound("history-shortened", "User|alice", before);
    assertFound("history-shortened", "Group|" + group, before);
  }

  @Test
  void olderCopyInThePlaceOfTheDataIsFound() {
    assertEquals(0, audit(older).status);
    Outcome seen = audit("witness", witness, "--data", older);
    assertFound("history-shortened", "User|bob", seen);
    assertFound("history-shortened", "Group|" + group, seen);
    Outcome kept = audit(older, "--since", checkpoint);
    assertFound("history-shortened", "event", kept);
    assertTrue(kept.text.contains("of User|alice"), kept.text);
  }

  @Test
  void tailThatWasCutOffIsFound() throws Exception {
    Path cut =
        changed(
            "DELETE FROM event WHERE entity = (SELECT id FROM entity WHERE name = 'Group|"
                + group
                + "') AND nr > 3",
            "DELETE FROM snapshot");
    assertFound("history-shortened", "Group|" + group, audit("witness", witness, "--data", cut));
    assertFound(
        "history-shortened", "event", audit(cut, "--no-signatures", "--since", checkpoint));
  }

  @Test
  void entityThatIsGoneIsFound() throws Exception {
    Path cut =
        changed(
            "PRAGMA foreign_keys = OFF",
            "DELETE FROM event WHERE entity = (SELECT id FROM entity WHERE name = 'User|bob')",
            "DELETE FROM snapshot",
            "DELETE FROM entity WHERE name = 'User|bob'");
    Outcome seen = audit("witness", witness, "--data", cut);
    assertFound("history-shortened", "User|bob", seen);
    assertFound("device-list-unknown", "User|bob", seen);
    Outcome kept = audit(cut, "--since", checkpoint);
    assertTrue(kept.text.contains("no events"), kept.text);
    assertFound("history-shortened", "event", kept);
  }

  @Test
  void acknowledgementThatTheDataDoesNotShowIsNamedAndNoFinding() throws Exception {
    Path cut =
        changed(
            "DELETE FROM event WHERE entity = (SELECT id FROM entity WHERE name = 'User|bob')"
                + " AND nr > (SELECT max(nr) FROM journal WHERE entity = 'User|bob'"
                + " AND type = 'accepted')",
            "DELETE FROM snapshot");
    Outcome seen = audit("witness", witness, "--data", cut);
    assertEquals(0, seen.status, seen.text);
    assertTrue(seen.text.contains("which the data does not show"), seen.text);
    Outcome json = audit("witness", witness, "--data", cut, "--json");
    assertTrue(json.text.startsWith("{\"type\":\"unacknowledged\",\"kind\":\""), json.text);
    assertFound("history-shortened", "event", audit(cut, "--since", checkpoint));
  }

  @Test
  void changedHistoryIsFound() throws Exception {
    Path changed =
        changed("UPDATE event SET hash = randomblob(32) WHERE nr = 1", "DELETE FROM snapshot");
    assertFound("chain-broken", "event 1 of", audit("witness", witness, "--data", changed));
    Path last = own.resolve("last");
    copy(data, last);
    change(
        last,
        "UPDATE event SET hash = zeroblob(32) WHERE entity = (SELECT id FROM entity WHERE name ="
            + " 'User|alice') AND nr = (SELECT max(nr) FROM journal WHERE entity = 'User|alice')");
    assertFound("history-changed", "event", audit(last, "--since", checkpoint));
  }

  @Test
  void historyThatWasOnlyAppendedToHolds() throws Exception {
    Path earlier = own.resolve("earlier");
    assertEquals(0, audit("checkpoint", "--data", older, "--out", earlier).status);
    assertEquals(0, audit(data, "--since", earlier).status);
    assertEquals(0, audit(data, "--since", checkpoint).status);
    Outcome printed = audit("checkpoint", "--data", older);
    assertEquals(
        Files.readString(earlier).lines().filter(l -> l.contains("|")).toList(),
        printed.text.lines().filter(l -> l.contains("|")).toList());
  }

  @Test
  void forgedWitnessIsRefused() throws Exception {
    String text = Files.readString(witness);
    Path forged = own.resolve("forged.json");
    Files.writeString(forged, text.replaceFirst("\"sequenceNr\":\\d+", "\"sequenceNr\":1"));
    assertRefused("did not sign", audit("witness", forged, "--data", data));
    Files.writeString(forged, text.substring(0, text.length() - 1));
    assertRefused("cannot be used", audit("witness", forged, "--data", data));
    Files.writeString(forged, text.replaceFirst("\"version\":1", "\"version\":2"));
    assertRefused("version", audit("witness", forged, "--data", data));
    Files.writeString(forged, text.replaceFirst("\\{", "{\"more\":1,"));
    assertRefused("unknown field", audit("witness", forged, "--data", data));
    Files.write(forged, new byte[16 * 1024 * 1024 + 1]);
    assertRefused("too long", audit("witness", forged, "--data", data));
    assertEquals(66, audit("witness", own.resolve("none"), "--data", data).status);
  }

  @Test
  void checkpointsOfOthersAndForgedOnesAreRefused() throws Exception {
    String other = Bytes.of(Ed25519.generate(new SecureRandom()).publicKey()).toString();
    assertFound(
        "server-key-unknown",
        "the file",
        audit(data, "--server-key", other, "--since", checkpoint));
    assertFound(
        "server-key-unknown",
        "the file",
        audit("witness", witness, "--data", data, "--server-key", other));
    Path forged = own.resolve("forged");
    String text = Files.readString(checkpoint);
    Files.writeString(forged, text.replaceFirst("(User\\|alice) \\d+", "$1 1"));
    assertRefused("its signature is not", audit(data, "--since", forged));
    Files.writeString(forged, text.lines().limit(6).reduce("", (a, b) -> a + b + "\n"));
    assertRefused("cut short", audit(data, "--since", forged));
    assertEquals(66, audit(data, "--since", own.resolve("none")).status);
  }

  @Test
  void checkpointIsMadeWhereTheKeyLies() throws Exception {
    assertTrue(audit("checkpoint", "--data", data, "--out", checkpoint).text.contains("exists"));
    Path without = changed();
    Files.delete(without.resolve("server-sign-key"));
    Outcome outcome = audit("checkpoint", "--data", without);
    assertEquals(66, outcome.status);
    assertTrue(outcome.text.contains("There is no server-sign-key"), outcome.text);
    Files.write(without.resolve("server-sign-key"), new byte[32]);
    assertTrue(audit("checkpoint", "--data", without).text.contains("is not the one"));
    change(without, "DELETE FROM meta WHERE key LIKE 'server-%'");
    assertTrue(audit("checkpoint", "--data", without).text.contains("start the server once"));
  }
}

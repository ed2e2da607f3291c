package chat.sotto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Each scenario once, as small as it can be, against one server. */
class LoadTest {
  private static final Map<String, Object> LIMITS =
      Map.of(
          "sotto.limits.registrations-per-address.burst", 1000,
          "sotto.limits.sign-ins-per-address.burst", 1_000_000,
          "sotto.limits.connections-per-address", 1000);

  /** Half of its short life would go into the better compiler. */
  private static final String QUICK_START = "--java-option=-XX:TieredStopAtLevel=1";

  @TempDir static Path data;

  private static TestServer server;

  private record Said(int status, String out, String err) {
    JsonNode figures() throws Exception {
      return new ObjectMapper().readTree(out).get("figures");
    }
  }

  @BeforeAll
  static void startServer() throws Exception {
    server = TestServer.start(data, LIMITS);
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  private static Said load(String... arguments) {
    return load(new StringWriter(), arguments);
  }

  private static Said load(StringWriter err, String... arguments) {
    var out = new StringWriter();
    int status =
        new CommandLine(new Load())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Said(status, out.toString(), err.toString());
  }

  /** Against the shared server, with JSON as its answer. */
  private static Said measured(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    int port = server.server().address().getPort();
    all.addAll(List.of("--server", "http://localhost:" + port, "--json"));
    all.addAll(List.of("--pid", Long.toString(ProcessHandle.current().pid())));
    return load(all.toArray(String[]::new));
  }

  private static void assertNothingLost(Said said) throws Exception {
    assertEquals(Load.HOLDS, said.status(), said.err());
    assertEquals(0, said.figures().get("unanswered").asLong());
    assertEquals(0, said.figures().get("lost").asLong());
    assertEquals(0, said.figures().get("duplicated").asLong());
  }

  @Test
  void pairsOnlineExchangeAsMuchAsGoes() throws Exception {
    Said said = measured("w1", "--pairs=2", "--window=4", "--warm-up=0", "--seconds=1");
    assertNothingLost(said);
    assertTrue(said.figures().get("deliveredPerSecond").asDouble() > 0);
    assertTrue(said.figures().get("deliveredAfterMs").get("count").asLong() > 0);
    assertEquals(0, said.figures().get("unacknowledged").asLong());
    assertTrue(said.figures().get("serverCpuSecondsPer10000").asDouble() > 0);
    assertTrue(said.figures().get("coreSpeed").get("before").asDouble() > 0);
    assertTrue(said.figures().get("coreSpeed").get("after").asDouble() > 0);
  }

  @Test
  void pairsOnlineExchangeAtARate() throws Exception {
    Said said = measured("w1", "--pairs=2", "--rate=50", "--warm-up=0", "--seconds=1");
    assertNothingLost(said);
    // Of those that were due in the second that counts.
    int due = said.figures().get("deliveredAfterMs").get("count").asInt();
    assertTrue(due >= 49 && due <= 51, () -> due + " messages");
  }

  @Test
  void whatIsSentToPeopleWhoAreOfflineComesWhenTheyReturn() throws Exception {
    Said said = measured("w2", "--pairs=2", "--messages=100");
    assertNothingLost(said);
    assertTrue(said.figures().get("acceptedPerSecond").asDouble() > 0);
    assertTrue(said.figures().get("drainedPerSecond").asDouble() > 0);
    assertEquals(2, said.figures().get("firstHeardAfterMs").get("count").asInt());
  }

  @Test
  void nothingIsLostWhenItsOwnServerIsKilled() throws Exception {
    Said said = load("w3", "--pairs=4", "--messages=2000", "--json", QUICK_START);
    assertNothingLost(said);
    assertEquals(2000, said.figures().get("accepted").asInt());
    assertTrue(said.figures().get("acceptedBefore").asInt() >= 1000);
    assertTrue(said.figures().get("underWay").asInt() > 0);
  }

  @Test
  void killsOnlyAServerOfItsOwn() {
    Said said = measured("w3");
    assertEquals(Main.FAILED, said.status());
    assertTrue(said.err().contains("only a server of its own"), said.err());
  }

  @Test
  void everybodyInAGroupHearsEachPost() throws Exception {
    Said said =
        measured("w4", "--members=4", "--posters=2", "--warm-up=0", "--seconds=1");
    assertNothingLost(said);
    double posts = said.figures().get("postsPerSecond").asDouble();
    assertTrue(posts > 0 && said.figures().get("deliveriesPerSecond").asDouble() > posts);
  }

  @Test
  void whatNeverComesIsLost() throws Exception {
    try (var proxy = new DeafProxy(server.server().address().getPort())) {
      var oncePosting =
          new StringWriter() {
            @Override
            public void flush() {
              if (toString().contains(" posts,")) {
                proxy.deafen();
              }
            }
          };
      Said said =
          load(
              oncePosting,
              "w4",
              "--members=2",
              "--posters=2",
              "--warm-up=0",
              "--seconds=2",
              "--patience=1",
              "--json",
              "--server=" + proxy.url());
      assertEquals(Load.LOST, said.status(), said.err());
      assertTrue(said.figures().get("lost").asLong() > 0);
    }
  }

  @Test
  void connectionsThatDoNothingCostMemory() throws Exception {
    Said said = measured("w5", "--connections=4", "--warm-up=0", "--seconds=1");
    assertEquals(Load.HOLDS, said.status(), said.err());
    assertTrue(said.figures().get("resumesPerSecond").asDouble() > 0);
    assertTrue(said.figures().get("serverResidentKib").asLong() > 0);
  }

  @Test
  void pairsGoOnBesideAFloodOfPasswords() throws Exception {
    Said said =
        measured(
            "w6", "--connections=4", "--pairs=2", "--rate=20", "--warm-up=0", "--seconds=1");
    assertNothingLost(said);
    assertTrue(said.figures().get("quietDeliveredAfterMs").get("count").asLong() > 0);
    assertTrue(said.figures().get("floodedDeliveredAfterMs").get("count").asLong() > 0);
    assertTrue(said.figures().get("passwordsPerSecond").asDouble() > 0);
  }

  @Test
  void pairsGoOnBesideAllKindsOfTrouble() throws Exception {
    Said said = measured("trouble", "--pairs=2", "--rate=20", "--warm-up=0", "--seconds=1");
    assertNothingLost(said);
    for (String key : List.of("quiet", "slow", "fallen", "dying", "flooded")) {
      JsonNode latency = said.figures().get(key + "DeliveredAfterMs");
      assertTrue(latency.get("count").asLong() > 0, key);
    }
    for (String key : List.of("slow", "fallen", "dying", "flooded")) {
      assertTrue(said.figures().get(key + "ToQuiet").asDouble() > 0, key);
    }
    assertTrue(said.figures().get("slowMessages").asLong() > 0);
    assertEquals(0, said.figures().get("slowWrong").asLong());
    assertEquals(0, said.figures().get("fallenNotBack").asLong());
    assertTrue(said.figures().get("fallenBackAfterMs").asDouble() > 0);
    assertTrue(said.figures().get("returnsPerSecond").asDouble() > 0);
    assertTrue(said.figures().get("passwordsPerSecond").asDouble() > 0);
  }

  @Test
  void aSoakSaysWhatGrew() throws Exception {
    Said said = measured("soak", "--pairs=2", "--rate=20", "--minutes=0.02");
    assertEquals(0, said.figures().get("lost").asLong(), said.err());
    assertTrue(said.figures().get("returnsPerSecond").asDouble() > 0, said.err());
    for (String key : List.of("threads", "files", "heapMiB")) {
      assertTrue(said.figures().get(key).get("early").asDouble() > 0, key);
    }
  }

  @Test
  void refusesAnotherMachineUnlessItIsOnesOwn() {
    Said said = load("w1", "--server", "http://192.0.2.1:8080");
    assertEquals(CommandLine.ExitCode.USAGE, said.status());
    assertTrue(said.err().contains("--this-server-is-mine"), said.err());
  }

  @Test
  void refusesOptionsWithoutSense() {
    for (String option :
        List.of(
            "--pairs=0",
            "--window=0",
            "--rate=0",
            "--size=15",
            "--seconds=0",
            "--warm-up=-1",
            "--messages=0",
            "--members=201",
            "--posters=0",
            "--connections=0",
            "--minutes=0",
            "--acknowledge-after=0",
            "--patience=0")) {
      Said said = load("w1", option);
      assertEquals(CommandLine.ExitCode.USAGE, said.status(), option);
      assertTrue(said.err().contains(option.split("=")[0]), said.err());
    }
    assertEquals(CommandLine.ExitCode.USAGE, load("w9").status());
    assertEquals(CommandLine.ExitCode.USAGE, load("w1", "--server", "localhost:8080").status());
  }
}

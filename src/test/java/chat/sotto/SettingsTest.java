package chat.sotto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.edge.EdgeLimits;
import chat.sotto.edge.GroupRates;
import chat.sotto.edge.PublicUrl;
import chat.sotto.edge.Rate;
import chat.sotto.group.GroupLimits;
import chat.sotto.protocol.Limits;
import chat.sotto.user.UserLimits;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  private static final Path OPERATORS_FILE = Path.of("application.conf");

  private static Settings read(Map<String, Object> given) {
    return Settings.read(Optional.empty(), given);
  }

  private static String refusal(Map<String, Object> given) {
    return assertThrows(SettingsException.class, () -> read(given)).getMessage();
  }

  @Test
  void theOperatorsFileHoldsEverySettingWithItsDefault() {
    Config file = ConfigFactory.parseFile(OPERATORS_FILE.toFile()).getConfig("sotto");
    Config inside = ConfigFactory.parseResources("reference.conf").getConfig("sotto");
    for (String internal :
        List.of(
            "journal.class",
            "journal.allow-delete",
            "journal.replay-filter",
            "journal.circuit-breaker",
            "snapshot-store")) {
      inside = inside.withoutPath(internal);
    }
    assertEquals(inside, file);
  }

  @Test
  void theOperatorsFileSaysWhatEachSettingMeans() throws Exception {
    List<String> lines = Files.readAllLines(OPERATORS_FILE);
    for (int i = 1; i < lines.size(); i++) {
      boolean setting = lines.get(i).matches("    ?[ ]*[a-z.-]+ [={].*");
      boolean startsGroup = lines.get(i - 1).isBlank() || lines.get(i - 1).endsWith("{");
      assertFalse(setting && startsGroup, "no comment above: " + lines.get(i));
    }
  }

  @Test
  void defaultsAreThoseOfTheRooms() {
    Settings settings = read(Map.of());
    assertEquals("127.0.0.1", settings.host());
    assertEquals(8080, settings.port());
    assertEquals(Optional.empty(), settings.publicUrl());
    assertEquals(Optional.empty(), settings.tls());
    assertEquals(Limits.DEFAULT, settings.limits());
    assertEquals(UserLimits.DEFAULT, settings.userLimits());
    assertEquals(GroupLimits.DEFAULT, settings.groupLimits());
    EdgeLimits edge = settings.edgeLimits();
    assertEquals(List.of(64, 16, 20_000),
        List.of(
            edge.connectionsPerAddress(), edge.connectionsPerUser(), edge.connectionsTotal()));
    assertEquals(Duration.ofSeconds(10), edge.firstFrameWithin());
    assertEquals(Duration.ofSeconds(60), edge.silenceMax());
    assertEquals(new Rate(1000, Duration.ofMillis(10)), edge.connectsPerAddress());
    assertEquals(new Rate(10, Duration.ofMinutes(1)), edge.signInsPerUser());
    assertEquals(new Rate(30, Duration.ofSeconds(10)), edge.signInsPerAddress());
    assertEquals(new Rate(10, Duration.ofMinutes(1)), edge.registrationsPerAddress());
    assertEquals(new Rate(60, Duration.ofSeconds(1)), edge.lookUpsPerUser());
    assertEquals(
        new GroupRates(
            new Rate(20, Duration.ofSeconds(5)),
            new Rate(50, Duration.ofMillis(40)),
            new Rate(64 * 1024, Duration.ofSeconds(1).dividedBy(64)),
            new Rate(30, Duration.ofSeconds(1)),
            new Rate(50, Duration.ofMinutes(1))),
        edge.groups());
  }

  @Test
  void theCommandLineIsStrongerThanTheFileAndTheFileThanTheDefaults(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("my.conf");
    Files.writeString(
        file,
        """
        sotto {
          port = 9000
          host = "0.0.0.0"
          public-url = "https://chat.example.org"
          trusted-proxies = ["10.0.0.1", "::1"]
          tls { keystore = "key.p12", password = "secret" }
        }
        """);
    Settings settings = Settings.read(Optional.of(file), Map.of("sotto.port", 9001));
    assertEquals(9001, settings.port());
    assertEquals("0.0.0.0", settings.host());
    assertEquals(Optional.of(new PublicUrl(true, "chat.example.org", -1)), settings.publicUrl());
    assertEquals(
        Set.of(InetAddress.getByName("10.0.0.1"), InetAddress.getByName("::1")),
        settings.trustedProxies());
    assertFalse(settings.tls().orElseThrow().toString().contains("secret"));
  }

  @Test
  void refusesWhatItDoesNotKnowByName() {
    assertTrue(refusal(Map.of("sotto.prot", 1)).contains("sotto.prot"));
    assertTrue(refusal(Map.of("sotto.limits.connections", 1)).contains("limits.connections"));
    assertTrue(refusal(Map.of("soto.port", 1)).contains("soto"));
    assertTrue(refusal(Map.of("sotto.tls.keystore.path", "x")).contains("tls.keystore.path"));
  }

  @Test
  void refusesValuesWithoutMeaningInOneSentence() {
    for (Map<String, Object> wrong :
        List.<Map<String, Object>>of(
            Map.of("sotto.port", "many"),
            Map.of("sotto.port", -1),
            Map.of("sotto.port", 65_536),
            Map.of("sotto.public-url", "chat.example.org"),
            Map.of("sotto.trusted-proxies", List.of("proxy.example.org")),
            Map.of("sotto.trusted-proxies", List.of("1.2.3.400")),
            Map.of("sotto.trusted-proxies", "10.0.0.1"),
            Map.of("sotto.limits.connections-total", 0),
            Map.of("sotto.limits.silence-max", "0 s"),
            Map.of("sotto.limits.silence-max", "soon"),
            Map.of("sotto.limits.envelope-bytes-max", "0 B"),
            Map.of("sotto.limits.envelope-bytes-max", 64 * 1024 - 1),
            Map.of("sotto.limits.envelope-bytes-max", "3 GiB"),
            Map.of("sotto.limits.posts-per-group.burst", 0),
            Map.of("sotto.limits.group-kib-per-user.burst", 0),
            Map.of("sotto.limits.posts-per-group.every", "0 ms"),
            Map.of("sotto.limits.sign-ins-per-user.burst", 0))) {
      String sentence = refusal(wrong);
      String name = wrong.keySet().iterator().next();
      assertTrue(sentence.contains(name.substring(name.lastIndexOf('.') + 1)), sentence);
      assertFalse(sentence.contains("\n"), sentence);
    }
  }

  @Test
  void refusesAFileThatIsNotThereOrNoConfiguration(@TempDir Path folder) throws Exception {
    Path missing = folder.resolve("missing.conf");
    var refused =
        assertThrows(
            SettingsException.class, () -> Settings.read(Optional.of(missing), Map.of()));
    assertTrue(refused.getMessage().contains("missing.conf"));
    Path broken = folder.resolve("broken.conf");
    Files.writeString(broken, "sotto { port = ");
    refused =
        assertThrows(SettingsException.class, () -> Settings.read(Optional.of(broken), Map.of()));
    assertTrue(refused.getMessage().contains("broken.conf"));
  }
}

package chat.sotto;

import chat.sotto.load.Figures;
import chat.sotto.load.LoadException;
import chat.sotto.load.OwnServer;
import chat.sotto.load.Plan;
import chat.sotto.load.Scenario;
import chat.sotto.load.Target;
import chat.sotto.model.Membership;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code load}: puts a server under load, its own unless it is given one, and measures it. */
@Command(
    name = "load",
    description = "Puts a server under load and measures what it does.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class Load implements Callable<Integer> {
  static final int HOLDS = 0;
  static final int LOST = 1;
  private static final int SECONDS_A_MINUTE = 60;

  /** What a body says of itself. */
  private static final int SIZE_LEAST = 16;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "SCENARIO",
      converter = ScenarioName.class,
      description = {
        "w1  pairs of people who are online, all at once or at a --rate",
        "w2  messages to people who are offline and then come back",
        "w3  the server is killed while everybody writes",
        "w4  one group, everybody online",
        "w5  connections that do nothing",
        "w6  everybody comes back; then a flood of passwords beside w1 at a --rate",
        "trouble  w1 at a --rate: quiet, then beside slow receivers, half of all gone at once,"
            + " dying clients, passwords",
        "soak  pairs at half of what goes (or at a --rate), for --minutes"
      })
  private Scenario scenario;

  static final class ScenarioName implements ITypeConverter<Scenario> {
    @Override
    public Scenario convert(String name) {
      try {
        return Scenario.of(name);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("there is no scenario '%s'".formatted(name));
      }
    }
  }

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "A server that runs already. Without it, one is started and ended.")
  private Optional<URI> server = Optional.empty();

  @Option(
      names = "--pid",
      paramLabel = "N",
      description = "Process of that server, if it is on this machine: for CPU and memory.")
  private Optional<Long> pid = Optional.empty();

  @Option(
      names = "--this-server-is-mine",
      description = "Without it, only servers on this machine are put under load.")
  private boolean isMine;

  @Option(
      names = "--java-option",
      paramLabel = "OPTION",
      description = "For the Java of the server that is started; may be repeated.")
  private List<String> javaOptions = new ArrayList<>();

  @Option(names = "--pairs", paramLabel = "N", description = "Pairs of people (50).")
  private int pairs = 50;

  @Option(
      names = "--window",
      paramLabel = "N",
      description = "Messages of a pair under way at once, without --rate (32).")
  private int window = 32;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Messages a second of all together. Without it, as many as go.")
  private Optional<Integer> rate = Optional.empty();

  @Option(names = "--size", paramLabel = "BYTES", description = "Of each ciphertext (300).")
  private int size = 300;

  @Option(names = "--warm-up", paramLabel = "SECONDS", description = "Not counted (10).")
  private int warmUp = 10;

  @Option(names = "--seconds", paramLabel = "N", description = "That are counted (20).")
  private int seconds = 20;

  @Option(
      names = "--messages",
      paramLabel = "N",
      description = "In all, for w2 instead of a time, and for w3 (10,000).")
  private Optional<Integer> messages = Optional.empty();

  @Option(names = "--members", paramLabel = "N", description = "Of the group (100).")
  private int members = 100;

  @Option(names = "--posters", paramLabel = "N", description = "Members who post (10).")
  private int posters = 10;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "For w5 and w6 (1,000). Each account costs the server a password.")
  private int connections = 1_000;

  @Option(names = "--minutes", paramLabel = "N", description = "Of soak (30).")
  private double minutes = 30;

  @Option(
      names = "--acknowledge-after",
      paramLabel = "N",
      description = "Entries that a device acknowledges at once, or after 5 s (32).")
  private int acknowledgeAfter = 32;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      description = "Without anything coming, until what is missing is lost (60).")
  private int patience = 60;

  @Option(names = "--json", description = "Writes one JSON object instead of a table.")
  private boolean json;

  @Override
  public Integer call() {
    check();
    try (Target target = target()) {
      Figures figures = scenario.run(plan(), target, this::tell);
      show(figures);
      return figures.holds() ? HOLDS : LOST;
    } catch (LoadException e) {
      err().printf("The run ended early: %s%n", e.getMessage());
      err().flush();
      return Main.FAILED;
    }
  }

  private void check() {
    atLeast("--pairs", pairs, 1);
    atLeast("--window", window, 1);
    rate.ifPresent(value -> atLeast("--rate", value, 1));
    atLeast("--size", size, SIZE_LEAST);
    atLeast("--warm-up", warmUp, 0);
    atLeast("--seconds", seconds, 1);
    messages.ifPresent(value -> atLeast("--messages", value, 1));
    atLeast("--members", members, 1);
    if (members > Membership.ROWS_MAX) {
      throw wrong("--members must be at most %d.".formatted(Membership.ROWS_MAX));
    }
    atLeast("--posters", posters, 1);
    atLeast("--connections", connections, 1);
    atLeast("--acknowledge-after", acknowledgeAfter, 1);
    atLeast("--patience", patience, 1);
    if (!(minutes > 0)) {
      throw wrong("--minutes must be above 0.");
    }
    server.ifPresent(this::requireOwn);
  }

  private void atLeast(String option, int value, int least) {
    if (value < least) {
      throw wrong("%s must be at least %d.".formatted(option, least));
    }
  }

  private ParameterException wrong(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  /** Load is an attack, unless it is on one's own server. */
  private void requireOwn(URI url) {
    if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("https?|wss?")) {
      throw wrong("--server must be a URL such as http://localhost:8080.");
    }
    if (!isMine && !isLoopback(url.getHost())) {
      throw wrong(
          "%s is another machine. Say --this-server-is-mine if it is.".formatted(url.getHost()));
    }
  }

  private static boolean isLoopback(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private Plan plan() {
    return new Plan(
        pairs,
        window,
        optional(rate),
        size,
        Duration.ofSeconds(warmUp),
        Duration.ofSeconds(seconds),
        optional(messages),
        members,
        posters,
        connections,
        Duration.ofSeconds(Math.round(minutes * SECONDS_A_MINUTE)),
        acknowledgeAfter,
        Duration.ofSeconds(patience));
  }

  private static OptionalInt optional(Optional<Integer> value) {
    return value.map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }

  private Target target() {
    if (server.isPresent()) {
      return new Target.Running(server.get(), pid.flatMap(ProcessHandle::of));
    }
    var java = new ArrayList<String>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.addAll(javaOptions);
    java.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    if (!json) {
      out().printf("A server of its own, with these settings:%n%s%n", OwnServer.SETTINGS);
      out().flush();
    }
    return new OwnServer(java);
  }

  private void tell(String words) {
    boolean isTerminal = System.console() != null;
    err().print(isTerminal ? "\r" + words + "\u001b[K" : words + System.lineSeparator());
    err().flush();
  }

  private void show(Figures figures) {
    if (json) {
      out().println(json(figures));
    } else {
      out().printf("%s, %s%n", scenario, scenario.title());
      figures.rows().forEach(row -> out().printf("  %-36s %s%n", row.label(), row.text()));
      figures.notes().forEach(note -> out().printf("  Note: %s%n", note));
    }
    out().flush();
  }

  private String json(Figures figures) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("scenario", scenario.toString());
    all.put("figures", figures.values());
    all.put("notes", figures.notes());
    try {
      return new ObjectMapper().writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}

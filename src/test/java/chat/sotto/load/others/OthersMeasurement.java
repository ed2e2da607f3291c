package chat.sotto.load.others;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Sotto beside what a team would otherwise run: {@code ./measure-others} prints a table of
 * docs/performance.md.
 */
public final class OthersMeasurement {
  private static final Duration WARM_UP = Duration.ofSeconds(60);
  private static final Duration SECONDS = Duration.ofSeconds(15);
  private static final int STEADY_RATE = 2_000;

  /** Who come back after a restart, and how long they then do nothing. */
  private static final int BACK = 1_000;

  private static final Duration IDLE = Duration.ofSeconds(20);

  /** 10,000 to all of the 50. */
  private static final int EACH_OFFLINE = 200;

  /** The same for all servers. */
  private enum Work {
    W1("w1, 50 pairs, 32 under way", OptionalInt.empty()),
    W1_STEADY("w1 at 2,000/s", OptionalInt.of(STEADY_RATE)),
    W4("w4, 100 members, 10 posters", OptionalInt.empty());

    private final String label;
    private final OptionalInt rate;

    Work(String label, OptionalInt rate) {
      this.label = label;
      this.rate = rate;
    }

    Measuring.Plan plan() {
      return new Measuring.Plan(50, 32, rate, 100, 10, 300, WARM_UP, SECONDS);
    }

    List<String> arguments() {
      var all = new ArrayList<String>();
      all.add(this == W4 ? "w4" : "w1");
      rate.ifPresent(count -> all.addAll(List.of("--rate", Integer.toString(count))));
      return all;
    }
  }

  private OthersMeasurement() {}

  /**
   * @param args names of works, or {@code offline}, or {@code back}, or {@code generators}: Sotto
   *     alone, by both; without any, all
   */
  public static void main(String[] args) throws Exception {
    if (args.length == 0) {
      online(List.of(Work.values()));
      System.out.println();
      offline();
      System.out.println();
      back();
    } else if (args[0].equals("offline")) {
      offline();
    } else if (args[0].equals("back")) {
      back();
    } else if (args[0].equals("generators")) {
      generators();
    } else {
      online(Arrays.stream(args).map(String::toUpperCase).map(Work::valueOf).toList());
    }
    System.exit(0);
  }

  private static void generators() throws Exception {
    head();
    for (Work work : List.of(Work.W1, Work.W1_STEADY)) {
      sotto(work);
      sottoOtherwise(work);
    }
  }

  private static void head() {
    System.out.println(
        "| work | server | on disk before it counts | delivered/s | p50, p99, ms | server's CPU"
            + " for 10,000, s | generator's cores | lost |");
    System.out.println("|---|---|---|---|---|---|---|---|");
  }

  private static void online(List<Work> works) throws Exception {
    head();
    for (Work work : works) {
      for (XmppServer.Kind kind : XmppServer.Kind.values()) {
        if (kind.isInstalled()) {
          xmpp(work, kind, false);
          if (work == Work.W1) {
            xmpp(work, kind, true);
          }
        }
      }
      sotto(work);
      if (work != Work.W4) {
        sottoOtherwise(work);
      }
    }
  }

  private static void xmpp(Work work, XmppServer.Kind kind, boolean withArchive)
      throws Exception {
    try (var server = new XmppServer(kind, withArchive);
        var bench = new XmppBench(server, work.plan())) {
      Measuring.Result result = work == Work.W4 ? bench.room() : bench.pairs();
      String durable = withArchive ? "written to an archive, without fsync" : "nothing";
      row(work, kind.label, durable, result);
    }
  }

  private static void sotto(Work work) throws IOException, InterruptedException {
    JsonNode figures = sotto(work.arguments());
    JsonNode latency = figures.get("deliveredAfterMs");
    String pace = work == Work.W4 ? "deliveriesPerSecond" : "deliveredPerSecond";
    row(
        work,
        "Sotto",
        "all, with fsync",
        new Measuring.Result(
            figures.get(pace).asDouble(),
            latency.get("p50").asDouble(),
            latency.get("p99").asDouble(),
            figures.get("serverCpuSecondsPer10000").asDouble(),
            figures.get("generatorCores").asDouble(),
            figures.get("lost").asLong()));
  }

  private static JsonNode sotto(List<String> arguments)
      throws IOException, InterruptedException {
    return sotto(arguments, WARM_UP);
  }

  /** The same by a generator that has nothing of Sotto's own but its frames and its crypto. */
  private static void sottoOtherwise(Work work) throws Exception {
    row(work, "Sotto, by another generator", "all, with fsync", SottoRun.otherwise(work.plan()));
  }

  private static JsonNode sotto(List<String> arguments, Duration warmUp)
      throws IOException, InterruptedException {
    return SottoRun.load(arguments, warmUp, SECONDS);
  }

  private static void offline() throws Exception {
    System.out.println(
        "| server | accepted/s for people offline | delivered/s when they come back | lost of"
            + " 10,000 by kill -9 after the last was accepted |");
    System.out.println("|---|---|---|---|");
    for (XmppServer.Kind kind : XmppServer.Kind.values()) {
      if (kind.isInstalled()) {
        XmppBench.Offline calm = offline(kind, false);
        XmppBench.Offline killed = offline(kind, true);
        offlineRow(
            kind.label, calm.acceptedPerSecond(), calm.drainedPerSecond(), killed.lost());
      }
    }
    JsonNode calm = sotto(List.of("w2", "--pairs", "50"));
    JsonNode killed = sotto(List.of("w3", "--messages", "10000"));
    offlineRow(
        "Sotto",
        calm.get("acceptedPerSecond").asDouble(),
        calm.get("drainedPerSecond").asDouble(),
        killed.get("lost").asLong());
  }

  private static XmppBench.Offline offline(XmppServer.Kind kind, boolean isKilled)
      throws Exception {
    try (var server = new XmppServer(kind, false);
        var bench = new XmppBench(server, Work.W1.plan())) {
      return bench.offline(EACH_OFFLINE, isKilled);
    }
  }

  private static void back() throws Exception {
    System.out.println(
        "| server | came back/s, of 1,000 at once after a restart | resident for each, KiB |");
    System.out.println("|---|---|---|");
    for (XmppServer.Kind kind : XmppServer.Kind.values()) {
      if (kind.isInstalled()) {
        try (var server = new XmppServer(kind, false);
            var bench = new XmppBench(server, Work.W1.plan())) {
          XmppBench.Return back = bench.comeBack(BACK, IDLE);
          backRow(kind.label, back.perSecond(), back.residentKibEach());
        }
      }
    }
    JsonNode figures = sotto(List.of("w5", "--connections", Integer.toString(BACK)), IDLE);
    backRow(
        "Sotto",
        figures.get("resumesPerSecond").asDouble(),
        figures.get("residentKibEach").asDouble());
  }

  private static void backRow(String server, double perSecond, double residentKib) {
    System.out.printf("| %s | %,.0f | %.1f |%n", server, perSecond, residentKib);
  }

  private static void offlineRow(String server, double accepted, double drained, long lost) {
    System.out.printf("| %s | %,.0f | %,.0f | %,d |%n", server, accepted, drained, lost);
  }

  private static void row(Work work, String server, String durable, Measuring.Result result) {
    System.out.printf(
        "| %s | %s | %s | %,.0f | %.1f, %.1f | %.2f | %.2f | %,d |%n",
        work.label,
        server,
        durable,
        result.deliveredPerSecond(),
        result.p50(),
        result.p99(),
        result.cpuSeconds(),
        result.generatorCores(),
        result.lost());
  }
}

package chat.sotto.load.others;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * What Sotto is to reach, and what it does: {@code ./measure-goals} prints a table of
 * docs/performance.md, each figure the median of three runs.
 */
public final class GoalsMeasurement {
  private static final int RUNS = 3;
  private static final Duration WARM_UP = Duration.ofSeconds(60);
  private static final Duration SECONDS = Duration.ofSeconds(15);
  private static final int STEADY_RATE = 2_000;

  /** How far two generators may be apart, of what the first says. */
  private static final double AGREEMENT = 0.15;

  /**
   * A figure of a run, and what it is to be.
   *
   * @param figure where it is among the figures, as a JSON pointer (RFC 6901)
   * @param isLeast whether more is better
   */
  private record Goal(String label, String figure, boolean isLeast, double value) {
    private static Goal least(String label, String figure, double value) {
      return new Goal(label, figure, true, value);
    }

    private static Goal most(String label, String figure, double value) {
      return new Goal(label, figure, false, value);
    }

    private boolean isMet(double figure) {
      return isLeast ? figure >= value : figure <= value;
    }
  }

  /** Runs of {@code sotto load}, with how often and for what. */
  private enum Work {
    W1(
        RUNS,
        WARM_UP,
        List.of("w1", "--pairs", "50", "--window", "32"),
        Goal.least("w1, 50 pairs, 32 under way: delivered/s", "/deliveredPerSecond", 15_000)),
    STEADY(
        RUNS,
        WARM_UP,
        List.of("w1", "--pairs", "50", "--rate", Integer.toString(STEADY_RATE)),
        Goal.most("w1 at 2,000/s: p99, ms", "/deliveredAfterMs/p99", 15)),
    W2(
        RUNS,
        WARM_UP,
        List.of("w2", "--pairs", "50"),
        Goal.least("w2, to 50 people offline: accepted/s", "/acceptedPerSecond", 15_000),
        Goal.least("the same, when they come back: delivered/s", "/drainedPerSecond", 20_000)),
    WAITING(
        1,
        WARM_UP,
        List.of("w2", "--pairs", "1", "--messages", "100000"),
        Goal.most("100,000 waiting for one user: heap, MiB", "/waitingHeapMiB", 50 / 1.048576),
        Goal.most("the same: first one heard after, ms", "/firstHeardAfterMs/p50", 100)),
    W3(
        RUNS,
        WARM_UP,
        List.of("w3", "--messages", "10000"),
        Goal.most("w3, killed while 10,000 are written: lost", "/lost", 0),
        Goal.most("the same: came twice", "/duplicated", 0)),
    W4(
        RUNS,
        WARM_UP,
        List.of("w4", "--members", "100", "--posters", "10"),
        Goal.least("w4, 100 members: deliveries/s", "/deliveriesPerSecond", 50_000)),
    W5(
        1,
        WARM_UP,
        List.of("w5", "--connections", "10000", "--java-option=-Xmx512m"),
        Goal.most("w5, 10,000 idle, -Xmx512m: resident each, KiB", "/residentKibEach", 40),
        Goal.least("the same: came back/s after a restart", "/resumesPerSecond", 1_500)),
    W6(
        RUNS,
        Duration.ofSeconds(30),
        List.of("w6", "--connections", "300", "--rate", Integer.toString(STEADY_RATE)),
        Goal.least("w6, 300 after a restart: came back/s", "/resumesPerSecond", 1_500),
        Goal.most("w1 at 2,000/s beside passwords: p99, ms", "/floodedDeliveredAfterMs/p99", 25)),
    TROUBLE(
        RUNS,
        Duration.ofSeconds(40),
        List.of("trouble", "--pairs", "50", "--rate", "500"),
        Goal.most("500/s beside slow receivers: p99 to quiet, times", "/slowToQuiet", 2),
        Goal.most("beside half of all gone and back", "/fallenToQuiet", 2),
        Goal.most("beside dying clients", "/dyingToQuiet", 2),
        Goal.most("beside passwords", "/floodedToQuiet", 2));

    private final int runs;
    private final Duration warmUp;
    private final List<String> arguments;
    private final List<Goal> goals;

    Work(int runs, Duration warmUp, List<String> arguments, Goal... goals) {
      this.runs = runs;
      this.warmUp = warmUp;
      this.arguments = arguments;
      this.goals = List.of(goals);
    }
  }

  private GoalsMeasurement() {}

  /** @param args names of works; without any, all but W5, which takes twenty minutes */
  public static void main(String[] args) throws Exception {
    System.out.println("| what | goal | median | each run | |");
    System.out.println("|---|---|---|---|---|");
    var speeds = new ArrayList<Double>();
    for (Work work : works(args)) {
      var figures = new ArrayList<JsonNode>();
      var second = new ArrayList<Measuring.Result>();
      // In turn: what a machine that others share can do changes within minutes.
      for (int i = 0; i < work.runs; i++) {
        figures.add(SottoRun.load(work.arguments, work.warmUp, SECONDS));
        if (work == Work.W1 || work == Work.STEADY) {
          second.add(bySecondGenerator(work));
        }
      }
      work.goals.forEach(goal -> tell(goal, valuesOf(goal, figures)));
      if (!second.isEmpty()) {
        compare(work, figures, second);
      }
      figures.forEach(run -> run.at("/coreSpeed").forEach(speed -> speeds.add(speed.asDouble())));
    }
    tellSpeeds(speeds);
    System.exit(0);
  }

  private static List<Work> works(String[] names) {
    return names.length > 0
        ? Arrays.stream(names).map(String::toUpperCase).map(Work::valueOf).toList()
        : Arrays.stream(Work.values()).filter(work -> work != Work.W5).toList();
  }

  private static List<Double> valuesOf(Goal goal, List<JsonNode> figures) {
    return figures.stream().map(run -> run.at(goal.figure).asDouble(Double.NaN)).toList();
  }

  private static Measuring.Result bySecondGenerator(Work work) throws Exception {
    var rate = work == Work.STEADY ? OptionalInt.of(STEADY_RATE) : OptionalInt.empty();
    return SottoRun.otherwise(
        new Measuring.Plan(50, 32, rate, 100, 10, 300, WARM_UP, SECONDS));
  }

  /** Whether the second generator says the same of the same work. */
  private static void compare(
      Work work, List<JsonNode> first, List<Measuring.Result> second) {
    boolean isSteady = work == Work.STEADY;
    Goal goal = work.goals.get(0);
    List<Double> values =
        second.stream().map(run -> isSteady ? run.p99() : run.deliveredPerSecond()).toList();
    tell(
        new Goal("the same by the second generator", "", goal.isLeast, goal.value), values);
    agree("of which the two are apart", median(valuesOf(goal, first)), median(values));
    var cpu = new Goal("", "/serverCpuSecondsPer10000", false, 0);
    agree(
        "of the server's CPU for a message they are apart",
        median(valuesOf(cpu, first)),
        median(second.stream().map(Measuring.Result::cpuSeconds).toList()));
  }

  private static void agree(String label, double one, double other) {
    double apart = Math.abs(one - other) / one;
    System.out.printf(
        "| %s | %.0f %% | %.0f %% | %s and %s | %s |%n",
        label,
        AGREEMENT * 100,
        apart * 100,
        text(one),
        text(other),
        verdict(apart <= AGREEMENT));
  }

  private static void tell(Goal goal, List<Double> values) {
    double median = median(values);
    System.out.printf(
        "| %s | %s %s | %s | %s | %s |%n",
        goal.label,
        goal.isLeast ? "at least" : "at most",
        text(goal.value),
        text(median),
        values.stream().map(GoalsMeasurement::text).collect(Collectors.joining("; ")),
        verdict(goal.isMet(median)));
  }

  /** What the machine itself could do meanwhile. */
  private static void tellSpeeds(List<Double> speeds) {
    System.out.printf(
        "| a core, MB of SHA3-256/s, before and after each run | | %s | %s to %s | |%n",
        text(median(speeds)), text(Collections.min(speeds)), text(Collections.max(speeds)));
  }

  private static String verdict(boolean isMet) {
    return isMet ? "met" : "**missed**";
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  /** In as many digits as mean something. */
  private static String text(double value) {
    return (value >= 100 || value == Math.rint(value) ? "%,.0f" : "%.2f").formatted(value);
  }
}

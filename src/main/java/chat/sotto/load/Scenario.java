package chat.sotto.load;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;

/** What a server can be put through. */
public enum Scenario {
  W1("pairs of people who are online", OnlinePairs::new),
  W2("messages to people who are offline and then come back", OfflinePairs::new),
  W3("the server is killed while everybody writes", KilledServer::new),
  W4("one group, everybody online", OneGroup::new),
  W5("connections that do nothing", IdleConnections::new),
  W6("everybody comes back, and a flood of passwords", SignIns::new),
  TROUBLE("pairs beside others who misbehave", Trouble::new),
  SOAK("pairs at half of what goes, for long", Soak::new);

  private final String title;
  private final Supplier<Workload> workload;

  Scenario(String title, Supplier<Workload> workload) {
    this.title = title;
    this.workload = workload;
  }

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** @throws IllegalArgumentException for a name that no scenario has */
  public static Scenario of(String name) {
    return Arrays.stream(values())
        .filter(scenario -> scenario.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no scenario " + name));
  }

  public String title() {
    return title;
  }

  /**
   * Puts a server through it.
   *
   * @throws LoadException if it could not go on to the end
   */
  public Figures run(Plan plan, Target target, Progress progress) {
    try (var bench = new Bench(plan, target, progress)) {
      double before = CoreSpeed.now();
      workload.get().run(bench);
      bench.loops.requireNoFault();
      bench.figures.addCoreSpeed(before, CoreSpeed.now());
      return bench.figures;
    } catch (LoadException e) {
      throw e;
    } catch (Exception e) {
      throw new LoadException("the run failed: " + e, e);
    }
  }
}

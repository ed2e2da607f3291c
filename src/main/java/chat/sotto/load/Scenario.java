package chat.sotto.load;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;

/** What a server can be put through. */
public enum Scenario {
  W1("pairs of people who are online", OnlinePairs::new);

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
      workload.get().run(bench);
      return bench.figures;
    } catch (LoadException e) {
      throw e;
    } catch (Exception e) {
      throw new LoadException("the run failed: " + e, e);
    }
  }
}

package chat.sotto.load;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

/**
 * How what a server does grows with what it holds: {@code ./measure-growth} prints the tables of
 * docs/performance.md.
 */
public final class GrowthMeasurement {
  private static final List<String> ALL = List.of("start", "recovery", "disk");
  private static final List<Integer> USERS = List.of(10, 1_000, 10_000, 100_000);

  private GrowthMeasurement() {}

  public static void main(String[] args) throws Exception {
    if (args.length == 0) {
      for (String what : ALL) {
        measure(what, USERS);
        System.out.println();
      }
    } else {
      List<Integer> users =
          Arrays.stream(args).skip(1).map(Integer::valueOf).toList();
      measure(args[0], users.isEmpty() ? USERS : users);
    }
    System.exit(0);
  }

  private static void measure(String what, List<Integer> users) throws Exception {
    PrintStream out = System.out;
    switch (what) {
      case "start" -> {
        StartGrowth.title(out);
        for (int count : users) {
          StartGrowth.measure(count, out, GrowthMeasurement::tell);
        }
      }
      case "recovery" -> RecoveryGrowth.measure(out, GrowthMeasurement::tell);
      case "disk" -> JournalSize.measure(out, GrowthMeasurement::tell);
      case "messages" -> {
        MessageGrowth.title(out);
        for (int count : users) {
          MessageGrowth.measure(count, out, GrowthMeasurement::tell);
        }
      }
      default -> throw new IllegalArgumentException("start, recovery, disk or messages");
    }
  }

  private static void tell(String words) {
    boolean isTerminal = System.console() != null;
    System.err.print(isTerminal ? "\r" + words + "\u001b[K" : words + System.lineSeparator());
  }
}

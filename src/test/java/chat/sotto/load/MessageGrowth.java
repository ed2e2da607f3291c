package chat.sotto.load;

import chat.sotto.audit.LongJournals;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

/** What messages cost a server beside so many users who do nothing, and before so many waiting. */
final class MessageGrowth {
  private static final int PAIRS = 50;
  private static final Duration WARM_UP = Duration.ofSeconds(60);
  private static final Duration SECONDS = Duration.ofSeconds(20);
  private static final int[] WAITING = {10_000, 100_000};

  private MessageGrowth() {}

  static void title(PrintStream out) {
    out.println("| users beside | what | messages/s | server's CPU for 10,000, s |");
    out.println("|---|---|---|---|");
  }

  static void measure(int users, PrintStream out, Progress progress) {
    progress.at("making %,d users".formatted(users));
    try (var server =
        MadeServer.with(journal -> LongJournals.register(journal, "idle", users))) {
      Plan online = Plans.pairs(PAIRS, WARM_UP, SECONDS, OptionalInt.empty());
      row(users, "w1", Scenario.W1.run(online, server, progress), "deliveredPerSecond", out);
      for (int waiting : WAITING) {
        Plan offline =
            Plans.pairs(1, Duration.ZERO, Duration.ZERO, OptionalInt.of(waiting));
        String what = "w2, one inbox in which %,d wait at last".formatted(waiting);
        row(users, what, Scenario.W2.run(offline, server, progress), "acceptedPerSecond", out);
      }
    }
  }

  private static void row(int users, String what, Figures figures, String pace, PrintStream out) {
    Map<String, Object> values = figures.values();
    out.printf(
        "| %,d | %s | %,.0f | %.2f |%n",
        users, what, values.get(pace), values.get("serverCpuSecondsPer10000"));
    out.flush();
  }
}

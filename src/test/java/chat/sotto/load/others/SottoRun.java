package chat.sotto.load.others;

import chat.sotto.load.OwnServer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** Measures a server of {@code target/sotto.jar}, by its own generator or by the second one. */
final class SottoRun {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration MEETING_MAX = Duration.ofSeconds(30);
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final String JAR = "target/sotto.jar";

  private SottoRun() {}

  /**
   * Runs {@code sotto load} as anybody would.
   *
   * @param seconds that are counted
   * @return its figures
   */
  static JsonNode load(List<String> arguments, Duration warmUp, Duration seconds)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(JAVA, "-jar", JAR, "load"));
    command.addAll(arguments);
    command.addAll(
        List.of(
            "--warm-up",
            Long.toString(warmUp.toSeconds()),
            "--seconds",
            Long.toString(seconds.toSeconds()),
            "--json"));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    JsonNode figures = JSON.readTree(process.getInputStream()).get("figures");
    process.waitFor();
    if (figures == null) {
      throw new IOException("no figures came of " + arguments);
    }
    return figures;
  }

  /** Pairs by the generator that has nothing of Sotto's own but its frames and its crypto. */
  static Measuring.Result otherwise(Measuring.Plan plan) throws Exception {
    return otherwise(plan, List.of(JAVA, "-jar", JAR));
  }

  /** @param java the command line of the server up to the arguments of Sotto */
  static Measuring.Result otherwise(Measuring.Plan plan, List<String> java) throws Exception {
    try (var server = new OwnServer(java);
        var measuring = new Measuring(plan)) {
      return pairs(server, measuring, plan);
    }
  }

  private static Measuring.Result pairs(
      OwnServer server, Measuring measuring, Measuring.Plan plan)
      throws Exception {
    var address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.url().getPort());
    var met = new CountDownLatch(plan.pairs());
    List<LongConsumer> senders = new ArrayList<>();
    for (int i = 0; i < plan.pairs(); i++) {
      var from = new SottoLine(address, "from-" + i, measuring.loop(i));
      var to = new SottoLine(address, "to-" + i, measuring.loop(i));
      LongConsumer next =
          due -> {
            from.send(to, due, plan.size());
            measuring.sent.incrementAndGet();
          };
      to.begin(
          due -> {
            measuring.heard(due);
            if (measuring.isNextDue()) {
              next.accept(System.nanoTime());
            }
          });
      // Whoever was never answered may write no more than fifty.
      from.begin(due -> met.countDown());
      to.loop.execute(() -> to.send(from, System.nanoTime(), plan.size()));
      senders.add(due -> from.loop.execute(() -> next.accept(due)));
    }
    if (!met.await(MEETING_MAX.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException("not all pairs could write to one another");
    }
    return measuring.measured(
        server.process().orElseThrow(), () -> measuring.begin(senders), 1);
  }
}

package chat.sotto.load;

import chat.sotto.audit.LongJournals;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.function.Consumer;
import org.HdrHistogram.Recorder;

/**
 * How long a server takes to start, by the users in its journal: until it says that it is ready,
 * until a message of one who came back was heard by another who did, and, after a kill, until the
 * database was checked.
 */
final class StartGrowth {
  private static final int RUNS = 3;
  private static final String CHECKED = "The database is in order.";

  private final OwnServer server;
  private final Bench bench;
  private final Pairs pairs;

  private StartGrowth(OwnServer server, Bench bench) {
    this.server = server;
    this.bench = bench;
    this.pairs = new Pairs(bench, new Measured(), Pairs.Until.DELIVERED);
  }

  private enum Stop {
    IN_ORDER("in order", OwnServer::stop),
    KILLED("killed", OwnServer::kill);

    final String words;
    final Consumer<OwnServer> end;

    Stop(String words, Consumer<OwnServer> end) {
      this.words = words;
      this.end = end;
    }
  }

  private record Times(Samples ready, Samples heard, Samples cpu, Samples checked) {
    Times() {
      this(new Samples(), new Samples(), new Samples(), new Samples());
    }
  }

  static void title(PrintStream out) {
    out.println(
        "| users | database, MB | last stop | ready, ms | worst | first message heard, ms | worst"
            + " | server's CPU until then, ms | worst | database checked, ms | worst"
            + " | resident, MB |");
    out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
  }

  static void measure(int users, PrintStream out, Progress progress)
      throws IOException {
    try (var first = MadeServer.archiving();
        var bench = new Bench(Plans.pairs(1), first, progress)) {
      new StartGrowth(first, bench).pairs.meet();
    }
    progress.at("making %,d users".formatted(users));
    try (var server =
            MadeServer.archived(journal -> LongJournals.register(journal, "idle", users));
        var bench = new Bench(Plans.pairs(1), server, progress)) {
      var growth = new StartGrowth(server, bench);
      growth.pairs.meet();
      for (Stop stop : Stop.values()) {
        out.printf("| %,d | %s%n", users, growth.row(stop));
        out.flush();
      }
    }
  }

  private String row(Stop stop) throws IOException {
    var times = new Times();
    for (int i = 0; i < RUNS; i++) {
      start(stop, times);
    }
    return "%.1f | %s | %s | %s | %s | %s | %.0f |"
        .formatted(
            Files.size(server.data().resolve("sotto.db")) / 1e6,
            stop.words,
            times.ready.medianAndWorst(),
            times.heard.medianAndWorst(),
            times.cpu.medianAndWorst(),
            times.checked.medianAndWorst(),
            bench.serverNow().orElseThrow().residentKib().orElse(0) * 1024 / 1e6);
  }

  private void start(Stop stop, Times times) {
    pairs.expectTheEnd();
    stop.end.accept(server);
    bench.settle(pairs::areCutOff, () -> "the connections end");
    long checksBefore = checks();
    long begun = System.nanoTime();
    server.start();
    times.ready.addSince(begun);
    pairs.comeBack(new Recorder(3));
    pairs.goOn();
    pairs.send(0, System.nanoTime());
    pairs.stop();
    pairs.settle();
    times.heard.addSince(begun);
    times.cpu.add(bench.serverNow().orElseThrow().cpu());
    if (stop == Stop.KILLED) {
      bench.settle(() -> checks() > checksBefore, () -> "the database is being checked");
      times.checked.addSince(begun);
    }
  }

  /** How often the server has said so, ever since it was started for the first time. */
  private long checks() {
    try (var lines = Files.lines(server.data().resolveSibling("server.log"))) {
      return lines.filter(line -> line.endsWith(CHECKED)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

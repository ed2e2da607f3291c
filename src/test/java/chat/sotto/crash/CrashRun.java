package chat.sotto.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.audit.Audit;
import chat.sotto.audit.Counted;
import chat.sotto.audit.Options;
import chat.sotto.audit.Result;
import chat.sotto.journal.JournalFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A server that is used and broken, again and again. After each break its journal is audited, it
 * starts anew, everybody comes back, everything that was said must have been shown to everybody,
 * once and in order, and the journal is audited again.
 */
final class CrashRun implements AutoCloseable {
  private static final int ACCEPTED_BEFORE_MIN = 20;
  private static final int ACCEPTED_BEFORE_MAX = 300;

  final Path folder;
  final Random random;
  final Optional<LoopDisk> disk;
  final CrashServer server;
  final Crew crew;

  /** What a round was: for the report of a long run. */
  record Round(Break how, Ledger.Count before, long millis) {
    @Override
    public String toString() {
      return "%-22s %7d said, %7d confirmed, %4d of them owed; whole after %d ms"
          .formatted(how, before.said(), before.accepted(), before.owed(), millis);
    }
  }

  CrashRun(Path folder, long seed) throws Exception {
    this.folder = folder;
    random = new Random(seed);
    disk = mounted();
    server =
        new CrashServer(folder, disk.map(LoopDisk::folder).orElse(folder).resolve("data"));
    try {
      server.start();
      crew = new Crew(server.url(), folder);
    } catch (Exception | Error e) {
      server.close();
      disk.ifPresent(LoopDisk::close);
      throw e;
    }
  }

  /** Where a disk of its own is not allowed, a folder has to do, and some breaks are left out. */
  private Optional<LoopDisk> mounted() throws InterruptedException {
    try {
      return Optional.of(new LoopDisk(folder));
    } catch (IOException notAllowed) {
      System.out.println("No disk of its own: " + notAllowed.getMessage());
      return Optional.empty();
    }
  }

  Round round(Break how) throws Exception {
    how.prepare(this);
    // What waits for somebody who is away is owed by the server alone.
    if (random.nextBoolean()) {
      crew.any(random).client.disconnect();
    }
    crew.startWriting(random);
    awaitAccepted(ACCEPTED_BEFORE_MIN + random.nextInt(ACCEPTED_BEFORE_MAX));
    how.strike(this);
    crew.stopWriting();
    Ledger.Count before = crew.ledger.count();
    long broken = System.nanoTime();
    recover();
    return new Round(how, before, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - broken));
  }

  /** Waits until so many more texts are confirmed. */
  void awaitAccepted(int more) throws InterruptedException {
    int enough = crew.ledger.count().accepted() + more;
    crew.ledger.await("work", () -> crew.ledger.count().accepted() >= enough);
  }

  /**
   * Sends one text, and kills the server just before its {@code nr}th call of such a kind.
   *
   * @return false if the text was shown before so many calls
   */
  boolean killAtStep(String calls, int nr) throws Exception {
    try (var strace = Strace.killAt(server.pid(), calls, nr)) {
      crew.sayOne();
      crew.ledger.await("an end", () -> !server.isRunning() || crew.ledger.isEverythingShown());
    }
    boolean died = !server.isRunning();
    recover();
    return died;
  }

  /** Starts the server if it ended, and waits until everybody has everything. */
  private void recover() throws Exception {
    if (!server.isRunning()) {
      audit(server.data());
      server.start();
    }
    crew.connect();
    crew.ledger.awaitAll();
    audit(server.data());
  }

  /** Nothing may be found. @return how many events there are */
  static long audit(Path data) {
    try (JournalFile journal = JournalFile.open(data.resolve("sotto.db"))) {
      Result result = Audit.run(journal, Options.standard());
      assertEquals(List.of(), result.findings());
      return result.counts().get(Counted.EVENTS);
    }
  }

  @Override
  public void close() throws Exception {
    crew.close();
    server.close();
    disk.ifPresent(LoopDisk::close);
  }
}

package chat.sotto.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A server that is used and broken, again and again. After each break it starts anew, its journal is
 * checked, everybody comes back, and everything that was said must have been shown to everybody,
 * once and in order.
 */
final class CrashRun implements AutoCloseable {
  private static final int ACCEPTED_BEFORE_MIN = 20;
  private static final int ACCEPTED_BEFORE_MAX = 300;

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
    random = new Random(seed);
    disk = mounted(folder);
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
  private static Optional<LoopDisk> mounted(Path folder) throws InterruptedException {
    try {
      return Optional.of(new LoopDisk(folder));
    } catch (IOException notAllowed) {
      return Optional.empty();
    }
  }

  Round round(Break how) throws Exception {
    how.prepare(this);
    // What waits for somebody who is away is owed by the server alone.
    boolean isOneAway = random.nextBoolean();
    if (isOneAway) {
      crew.any(random).client.disconnect();
    }
    long start = crew.ledger.count().accepted();
    long enough = start + ACCEPTED_BEFORE_MIN + random.nextInt(ACCEPTED_BEFORE_MAX);
    crew.startWriting(random);
    crew.ledger.await("work", () -> crew.ledger.count().accepted() >= enough);
    how.strike(this);
    crew.stopWriting();
    Ledger.Count before = crew.ledger.count();
    long broken = System.nanoTime();
    recover();
    return new Round(how, before, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - broken));
  }

  /** Starts the server if it ended, and waits until everybody has everything. */
  void recover() throws Exception {
    if (!server.isRunning()) {
      server.start();
    }
    crew.connect();
    crew.ledger.awaitAll();
    JournalCheck.check(server.data());
  }

  @Override
  public void close() throws Exception {
    crew.close();
    server.close();
    disk.ifPresent(LoopDisk::close);
  }
}

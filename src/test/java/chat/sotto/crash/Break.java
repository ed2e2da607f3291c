package chat.sotto.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.protocol.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A way in which a server that is in full use comes to harm. */
enum Break {
  KILL(false, false) {
    @Override
    void strike(CrashRun run) throws Exception {
      run.server.kill();
    }
  },

  POWER_CUT(true, false) {
    @Override
    void strike(CrashRun run) throws Exception {
      KILL.strike(run);
      run.disk.orElseThrow().losePower();
    }
  },

  /** Dies just before one of the calls by which a transaction gets to the disk. */
  KILL_IN_WRITE(false, true) {
    @Override
    void strike(CrashRun run) throws Exception {
      String calls = WRITING.get(run.random.nextInt(WRITING.size()));
      try (var strace = Strace.killAt(run.server.pid(), calls, 1 + run.random.nextInt(40))) {
        assertEquals(CrashServer.KILLED, run.server.awaitExit());
      }
    }
  },

  POWER_CUT_IN_WRITE(true, true) {
    @Override
    void strike(CrashRun run) throws Exception {
      KILL_IN_WRITE.strike(run);
      run.disk.orElseThrow().losePower();
    }
  },

  /** The disk keeps what was synced, and of the rest any sectors. */
  TORN_WRITES(false, true) {
    @Override
    void strike(CrashRun run) throws Exception {
      Path trace = run.folder.resolve("trace");
      TornDisk disk;
      try (var strace = Strace.record(run.server.pid(), trace)) {
        disk = new TornDisk(run.server.data());
        run.awaitAccepted(10 + run.random.nextInt(100));
        run.server.kill();
        strace.awaitEnd();
      }
      disk.replay(trace);
      Files.delete(trace);
      Path any = Files.createDirectories(run.folder.resolve("any"));
      disk.writeSynced(any);
      long synced = CrashRun.audit(any);
      for (int i = 0; i < TORN_DISKS; i++) {
        disk.writeAny(any, run.random);
        assertTrue(CrashRun.audit(any) >= synced, "what was synced is there");
      }
      if (run.random.nextBoolean()) {
        disk.writeSynced(run.server.data());
      } else {
        disk.writeAny(run.server.data(), run.random);
      }
    }
  },

  /**
   * No fsync succeeds any more, and what was not synced is lost: whatever was confirmed after the
   * first failure would be missing.
   */
  FAILING_SYNC(true, true) {
    @Override
    void strike(CrashRun run) throws Exception {
      try (var strace =
          Strace.failAfter(run.server.pid(), Strace.SYNC, "EIO", run.random.nextInt(40))) {
        assertEquals(CrashServer.WRITE_FAILED, run.server.awaitExit());
      }
      run.disk.orElseThrow().losePower();
    }
  },

  FAILING_WRITE(false, true) {
    @Override
    void strike(CrashRun run) throws Exception {
      try (var strace =
          Strace.failAfter(run.server.pid(), Strace.WRITE, "EIO", run.random.nextInt(40))) {
        assertEquals(CrashServer.WRITE_FAILED, run.server.awaitExit());
      }
    }
  },

  FULL_DISK(true, false) {
    @Override
    void strike(CrashRun run) throws Exception {
      run.disk.orElseThrow().fill();
      assertEquals(CrashServer.WRITE_FAILED, run.server.awaitExit());
      run.disk.orElseThrow().makeRoom();
    }
  },

  /** The server says that it takes nothing more, and goes on by itself when there is room. */
  NEARLY_FULL_DISK(true, false) {
    @Override
    void prepare(CrashRun run) throws Exception {
      run.server.stop();
      run.server.start("16 MiB");
      run.crew.connect();
    }

    @Override
    void strike(CrashRun run) throws Exception {
      int refusals = run.crew.ledger.delays(ErrorCode.SERVER_FULL);
      run.disk.orElseThrow().leave(12 << 20);
      run.crew.ledger.await(
          "refusals", () -> run.crew.ledger.delays(ErrorCode.SERVER_FULL) >= refusals + 3);
      run.disk.orElseThrow().makeRoom();
      run.awaitAccepted(20);
      // The next start is one without a reserve.
      run.server.kill();
    }
  };

  private static final List<String> WRITING = List.of(Strace.WRITE, Strace.WRITE, Strace.SYNC);
  private static final int TORN_DISKS = 8;

  private final boolean needsDisk;
  private final boolean needsStrace;

  Break(boolean needsDisk, boolean needsStrace) {
    this.needsDisk = needsDisk;
    this.needsStrace = needsStrace;
  }

  /** Why this machine does not let it happen; empty if it does. */
  Optional<String> obstacle(CrashRun run) throws InterruptedException {
    if (needsDisk && run.disk.isEmpty()) {
      return Optional.of("no right to mount a disk through a loop device");
    }
    return needsStrace ? Strace.obstacle() : Optional.empty();
  }

  /** Before the load. */
  void prepare(CrashRun run) throws Exception {}

  /** Under load; afterwards the server has ended or goes on as if nothing had been. */
  abstract void strike(CrashRun run) throws Exception;
}

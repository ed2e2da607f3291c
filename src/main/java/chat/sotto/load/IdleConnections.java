package chat.sotto.load;

import java.util.OptionalLong;

/** W5: what a connection costs that does nothing but to show now and then that it is there. */
final class IdleConnections implements Workload {
  private static final double KIB = 1_024;

  @Override
  public void run(Bench bench) {
    int count = bench.plan.connections();
    var everybody = new Returning(bench, count);
    everybody.register();
    bench.restart();
    // Half of what a first connection costs is what all share.
    Usage before = bench.serverNow().orElseThrow(IdleConnections::unknown);
    OptionalLong heapBefore = bench.liveHeap();
    double seconds = everybody.resume();
    bench.figures.add("resumesPerSecond", "came back/s", "%,.0f", count / seconds);
    bench.pass(bench.plan.warmUp(), () -> "idle");
    bench.beginUsage();
    bench.pass(bench.plan.seconds(), () -> "idle");
    Usage idle = bench.serverNow().orElseThrow(IdleConnections::unknown);
    if (idle.residentKib().isPresent() && before.residentKib().isPresent()) {
      double kib = idle.residentKib().getAsLong() - before.residentKib().getAsLong();
      bench.figures.add("residentKibEach", "resident, each", "%.1f KiB", kib / count);
    }
    bench.endUsage(0);
    OptionalLong heap = bench.liveHeap();
    if (heap.isPresent() && heapBefore.isPresent()) {
      double kib = (heap.getAsLong() - heapBefore.getAsLong()) / KIB;
      bench.figures.add("heapKibEach", "heap without garbage, each", "%.1f KiB", kib / count);
    }
  }

  private static LoadException unknown() {
    return new LoadException("the server's process must be known: give its --pid");
  }
}

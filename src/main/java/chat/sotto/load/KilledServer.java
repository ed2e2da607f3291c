package chat.sotto.load;

import org.HdrHistogram.Recorder;

/**
 * W3: the server is killed at the moment at which the last message was said to be accepted. Half of
 * those who are written to are offline, and the others may have been told already.
 */
final class KilledServer implements Workload {
  private static final int DEFAULT_MESSAGES = 10_000;

  @Override
  public void run(Bench bench) throws Exception {
    if (!(bench.target instanceof OwnServer server)) {
      throw new LoadException("only a server of its own is killed: leave --server out");
    }
    var measured = new Measured();
    var pairs = new Pairs(bench, measured, Pairs.Until.ACCEPTED);
    pairs.meet();
    pairs.part(2);
    int each = Math.max(1, bench.plan.messages().orElse(DEFAULT_MESSAGES) / bench.plan.pairs());
    long count = (long) each * bench.plan.pairs();
    pairs.whenAccepted(
        count,
        () -> {
          pairs.expectTheEnd();
          server.kill();
        });
    pairs.open(each);
    bench.wait(() -> pairs.areAccepted(count) && !server.isAlive(), pairs::words);
    long begun = System.nanoTime();
    server.start();
    bench.figures.add(
        "startSeconds", "server, started anew in", "%.1f s", (System.nanoTime() - begun) / 1e9);
    pairs.comeBack(new Recorder(3));
    pairs.goOn();
    bench.wait(pairs::areDelivered, pairs::words);
    bench.figures.add("accepted", "accepted before it was killed", "%,d", count);
    bench.figures.addLosses(pairs.lost(), pairs.doubled());
    sayOneMore(bench, pairs);
  }

  /** The numbers go on where they were. */
  private static void sayOneMore(Bench bench, Pairs pairs) {
    for (int i = 0; i < bench.plan.pairs(); i++) {
      pairs.send(i, System.nanoTime());
    }
    pairs.stop();
    pairs.settle();
  }
}

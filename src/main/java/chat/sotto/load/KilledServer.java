package chat.sotto.load;

import org.HdrHistogram.Recorder;

/**
 * W3: the server is killed when half of the messages are said to be accepted, right after the last
 * of these, with as many more under way as go. Half of those who are written to are offline, and
 * the others may have been told already. What had no answer is sent again under its number.
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
    killAmid(bench, server, pairs, each);
    long begun = System.nanoTime();
    server.start();
    bench.figures.add(
        "startSeconds", "server, started anew in", "%.1f s", (System.nanoTime() - begun) / 1e9);
    pairs.comeBack(new Recorder(3));
    pairs.goOn();
    pairs.awaitAccepted(count);
    bench.figures.add("accepted", "accepted in all", "%,d", pairs.accepted());
    sayOneMore(bench, pairs);
    pairs.tellLosses();
  }

  private static void killAmid(Bench bench, OwnServer server, Pairs pairs, int each) {
    long half = Math.max(1, (long) each * bench.plan.pairs() / 2);
    pairs.whenAccepted(
        half,
        () -> {
          pairs.expectTheEnd();
          server.kill();
        });
    pairs.open(each);
    bench.wait(() -> pairs.areAccepted(half) && !server.isAlive(), pairs::words);
    bench.settle(pairs::areCutOff, () -> "the connections end");
    bench.figures.add(
        "acceptedBefore", "accepted before it was killed", "%,d", pairs.accepted());
    bench.figures.add("underWay", "under way when it was killed", "%,d", pairs.pending());
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

package chat.sotto.load;

/**
 * W6: how many come back a second; and what people notice who write to one another at a steady rate
 * while others, in great numbers, try passwords.
 */
final class SignIns implements Workload {
  @Override
  public void run(Bench bench) throws Exception {
    var everybody = new Returning(bench, bench.plan.connections());
    everybody.register();
    bench.restart();
    bench.beginUsage();
    double seconds = everybody.resume();
    bench.figures.add(
        "resumesPerSecond", "came back/s", "%,.0f", bench.plan.connections() / seconds);
    bench.endUsage(0);
    everybody.leave();
    var pairs = new SteadyPairs(bench);
    pairs.meet();
    pairs.measureQuiet(bench.plan.warmUp());
    var flood = Rush.ofGuesses(bench, everybody.members());
    flood.begin();
    pairs.measureBeside("flooded", "flooded", bench.plan.warmUp());
    flood.end();
    flood.tell(
        bench.figures, "passwords", "wrong passwords checked", "passwords turned away");
    pairs.tellLosses();
  }
}

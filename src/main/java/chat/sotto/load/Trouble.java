package chat.sotto.load;

import java.time.Duration;

/**
 * What people notice who write to one another at a steady rate while others, as many as they,
 * misbehave: at first nobody, then those who do not read, those whose connections break in the same
 * moment, those whose connections die and come back all the time, and those who try passwords.
 */
final class Trouble implements Workload {
  private static final Duration SETTLING = Duration.ofSeconds(2);

  @Override
  public void run(Bench bench) throws Exception {
    try (var others = bench.beside()) {
      var healthy = new SteadyPairs(bench);
      healthy.meet();
      var slow = new SlowReceivers(others);
      slow.meet();
      var crowd = new Returning(others, 2 * bench.plan.pairs());
      crowd.register();
      warmUp(bench.plan.warmUp(), healthy, Rush.ofDying(others, crowd.members()));
      healthy.measureQuiet(SETTLING);
      besideSlow(bench, healthy, slow);
      besideFallen(bench, healthy, new Fallen(others, crowd.members()));
      besideDying(bench, healthy, Rush.ofDying(others, crowd.members()));
      besideGuesses(bench, healthy, Rush.ofGuesses(others, crowd.members()));
      healthy.tellLosses();
    }
  }

  /** Half of it beside those who come back, so that this is nothing new to the server later. */
  private static void warmUp(Duration time, SteadyPairs healthy, Rush returning)
      throws Exception {
    returning.begin();
    healthy.warmUp(time.dividedBy(2));
    returning.end();
    healthy.warmUp(time.dividedBy(2));
  }

  private static void besideSlow(Bench bench, SteadyPairs healthy, SlowReceivers slow)
      throws Exception {
    slow.hang();
    try (var writing = slow.write()) {
      healthy.measureBeside("slow", "slow receivers", SETTLING);
    }
    slow.recover();
    slow.tell(bench.figures);
  }

  /** They fall when it begins to count. */
  private static void besideFallen(Bench bench, SteadyPairs healthy, Fallen half)
      throws Exception {
    half.comeOnline();
    half.fall();
    healthy.measureBeside("fallen", "half of all gone and back", Duration.ZERO);
    half.awaitBack();
    half.leave();
    half.tell(bench.figures);
  }

  private static void besideDying(Bench bench, SteadyPairs healthy, Rush dying)
      throws Exception {
    dying.begin();
    healthy.measureBeside("dying", "dying clients", SETTLING);
    dying.end();
    dying.tell(bench.figures, "returns", "died and came back", "not let in when they came");
  }

  private static void besideGuesses(Bench bench, SteadyPairs healthy, Rush flood)
      throws Exception {
    flood.begin();
    healthy.measureBeside("flooded", "passwords", SETTLING);
    flood.end();
    flood.tell(
        bench.figures, "passwords", "wrong passwords checked", "passwords turned away");
  }
}

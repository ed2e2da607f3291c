package chat.sotto.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Many who are online and do nothing, until all their connections break in the same moment. Each
 * comes back as a page does: after a pause that is partly by chance and doubles with every failure.
 */
final class Fallen {
  private static final Duration FIRST_PAUSE_MAX = Duration.ofMillis(500);
  private static final int DOUBLINGS_MAX = 6;

  private final Bench bench;
  private final List<Member> members;
  private final AtomicInteger back = new AtomicInteger();

  /** By the number of whose it is. */
  private final Map<Integer, Line> online = new ConcurrentHashMap<>();

  private volatile boolean isFalling;
  private volatile boolean isOver;
  private volatile long lastNanos;
  private long fellNanos;

  /** @param members who have accounts */
  Fallen(Bench bench, List<Member> members) {
    this.bench = bench;
    this.members = members;
  }

  /** @param isExpected whether it was we who ended it */
  private record Idle(BooleanSupplier isExpected) implements Line.Ear {
    @Override
    public void closed(int code) {
      if (!isExpected.getAsBoolean()) {
        Line.Ear.super.closed(code);
      }
    }
  }

  private Crew.Coming coming(Member member, BooleanSupplier isExpected) {
    return new Crew.Coming(member, member::resume, new Idle(isExpected));
  }

  void comeOnline() {
    var coming = new ArrayList<Crew.Coming>();
    members.forEach(member -> coming.add(coming(member, () -> isFalling)));
    List<Line> lines = bench.crew.bring(coming, "came online", i -> i);
    for (int i = 0; i < lines.size(); i++) {
      online.put(i, lines.get(i));
    }
  }

  void fall() {
    isFalling = true;
    fellNanos = System.nanoTime();
    endAll();
    for (int i = 0; i < members.size(); i++) {
      comeBackLater(i, 0);
    }
  }

  /** All of them, for good, and those who still try. */
  void leave() {
    isOver = true;
    endAll();
  }

  private void endAll() {
    online.forEach((number, line) -> bench.loops.of(number).execute(line::leave));
    online.clear();
  }

  private void comeBackLater(int number, int failures) {
    long full = FIRST_PAUSE_MAX.toNanos() << Math.min(failures, DOUBLINGS_MAX);
    long nanos = full / 2 + ThreadLocalRandom.current().nextLong(full / 2);
    bench.loops.after(
        Duration.ofNanos(nanos), bench.loops.of(number), () -> comeBack(number, failures));
  }

  private void comeBack(int number, int failures) {
    bench
        .crew
        .open(coming(members.get(number), () -> isOver), number)
        .whenComplete(
            (line, failure) -> {
              if (line == null && !isOver) {
                comeBackLater(number, failures + 1);
              } else if (line != null && isOver) {
                bench.loops.of(number).execute(line::leave);
              } else if (line != null) {
                lastNanos = System.nanoTime();
                online.put(number, line);
                back.incrementAndGet();
              }
            });
  }

  /** Returns when all are back, or those who are missing never will be. */
  void awaitBack() {
    bench.awaitLast(
        () -> back.get() == members.size(),
        back::get,
        () -> "%,d of %,d came back".formatted(back.get(), members.size()));
  }

  /** For when they are. */
  void tell(Figures figures) {
    figures.addNone("fallenNotBack", "of these never back", members.size() - back.get());
    figures.add(
        "fallenBackAfterMs", "the last was back after, ms", "%,.0f", (lastNanos - fellNanos) / 1e6);
  }
}

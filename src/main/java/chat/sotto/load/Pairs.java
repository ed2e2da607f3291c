package chat.sotto.load;

import chat.sotto.protocol.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/** Pairs of members of whom one writes to the other. */
final class Pairs {
  private final Bench bench;
  private final Measured measured;
  private final List<Pair> all = new ArrayList<>();
  private final Until until;
  private final LongAdder made = new LongAdder();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder delivered = new LongAdder();
  private volatile boolean isOpen;

  /** How long a message is under way, of which a window has a number. */
  enum Until {
    ACCEPTED,
    DELIVERED
  }

  Pairs(Bench bench, Measured measured, Until until) {
    this.bench = bench;
    this.measured = measured;
    this.until = until;
    List<Member> members = bench.crew.make(2 * bench.plan.pairs());
    for (int i = 0; i < bench.plan.pairs(); i++) {
      all.add(new Pair(i, members.get(2 * i), members.get(2 * i + 1)));
    }
  }

  /** Both of each pair come online, and the one who is written to has written once. */
  void meet() {
    var coming = new ArrayList<Crew.Coming>();
    for (Pair pair : all) {
      coming.add(new Crew.Coming(pair.from, pair.from::register, new Line.Ear() {}));
      coming.add(new Crew.Coming(pair.to, pair.to::register, pair));
    }
    List<Line> lines = bench.crew.bring(coming, "registered", i -> i / 2);
    for (Pair pair : all) {
      pair.online(lines.get(2 * pair.number), lines.get(2 * pair.number + 1));
    }
    var greetings = all.stream().map(Pair::greet).toList();
    greetings.forEach(Crew::await);
  }

  /** Everybody writes from now on, as much as the window lets, or a number of messages. */
  void open(int eachMax) {
    isOpen = true;
    all.forEach(pair -> pair.loop.execute(() -> pair.open(eachMax)));
  }

  /** One message of some pair, which was due at that time. */
  void send(long nr, long dueNanos) {
    Pair pair = all.get((int) (nr % all.size()));
    pair.loop.execute(() -> pair.send(dueNanos));
  }

  /** Nobody writes any more, and everything is accepted. */
  void stop() {
    isOpen = false;
    ask(Pair::made);
    bench.settle(() -> accepted.sum() == made.sum(), this::words);
  }

  void awaitAccepted(long count) {
    bench.settle(() -> accepted.sum() >= count, this::words);
  }

  /** Everything that was accepted has come. */
  void settle() {
    bench.settle(() -> delivered.sum() == accepted.sum(), this::words);
  }

  /** Those who are written to are offline from now on. */
  void partLast() {
    all.forEach(pair -> pair.loop.execute(() -> pair.toLine.leave()));
    ask(Pair::made);
  }

  /** They come back, and hear what there is. */
  void comeBack() {
    List<Line> lines =
        bench.crew.bring(
            all.stream().map(p -> new Crew.Coming(p.to, p.to::resume, p)).toList(),
            "came back",
            i -> i);
    for (Pair pair : all) {
      pair.toLine = lines.get(pair.number);
    }
  }

  String words() {
    return "%,d sent, %,d accepted, %,d delivered"
        .formatted(made.sum(), accepted.sum(), delivered.sum());
  }

  long accepted() {
    return accepted.sum();
  }

  long delivered() {
    return delivered.sum();
  }

  /** Of those that were accepted. */
  long lost() {
    return ask(pair -> pair.counted.missing(pair.lane.made()));
  }

  long doubled() {
    return ask(pair -> pair.counted.doubled());
  }

  /** How often the server asked to send something again later. */
  long refusals() {
    return ask(pair -> pair.lane.refusals());
  }

  /** Signs everybody in again. @return who is not known to have acknowledged everything */
  long unacknowledged() {
    all.forEach(pair -> pair.loop.execute(() -> pair.toLine.acknowledge()));
    ask(Pair::made);
    List<Line> lines =
        bench.crew.bring(
            all.stream().map(p -> new Crew.Coming(p.to, p.to::resume, p.again())).toList(),
            "looked up",
            i -> i);
    return lines.stream()
        .filter(line -> !line.atSignIn().cursor().equals(line.atSignIn().head()))
        .count();
  }

  /** A sum over all pairs, each asked on its own loop, after what it does now. */
  private long ask(ToLongFunction<Pair> question) {
    return all.stream()
        .map(p -> CompletableFuture.supplyAsync(() -> question.applyAsLong(p), p.loop))
        .toList()
        .stream()
        .mapToLong(Crew::await)
        .sum();
  }

  /** Hears what comes for the one who is written to. All on one loop. */
  private final class Pair implements Line.Ear {
    private final int number;
    private final Executor loop;
    private final Member from;
    private final Member to;
    private final Counted counted = new Counted();
    private Line fromLine;
    private Line toLine;
    private Lane lane;
    private int eachMax;
    private int underWay;

    Pair(int number, Member from, Member to) {
      this.number = number;
      this.from = from;
      this.to = to;
      loop = bench.loops.of(number);
    }

    void online(Line fromLine, Line toLine) {
      this.fromLine = fromLine;
      this.toLine = toLine;
      int size = bench.plan.size();
      lane = new Lane(bench.loops, loop, fromLine, to, number, size, this::accepted);
    }

    /** Who never answered is not written to for long. */
    CompletableFuture<Void> greet() {
      var greeted = new CompletableFuture<Void>();
      int size = bench.plan.size();
      var back =
          new Lane(
              bench.loops, loop, toLine, from, number, size, stamp -> greeted.complete(null));
      loop.execute(() -> back.send(System.nanoTime()));
      return greeted;
    }

    long made() {
      return lane.made();
    }

    void open(int max) {
      eachMax = max;
      fill();
    }

    private void fill() {
      while (isOpen && underWay < bench.plan.window() && lane.made() < eachMax) {
        send(System.nanoTime());
      }
    }

    void send(long dueNanos) {
      underWay++;
      made.increment();
      lane.send(dueNanos);
    }

    private void accepted(Stamp stamp) {
      accepted.increment();
      measured.accepted(stamp);
      done(Until.ACCEPTED);
    }

    @Override
    public void heard(ServerFrame.EntryPush entry) {
      var stamp = Stamp.of(entry.ciphertext().orElseThrow());
      if (counted.add(stamp.nr())) {
        delivered.increment();
        measured.delivered(stamp);
        done(Until.DELIVERED);
      }
    }

    private void done(Until step) {
      if (step == until) {
        underWay--;
        fill();
      }
    }

    /** Hears nothing but that there is a newer connection. */
    Line.Ear again() {
      toLine.leave();
      return this;
    }
  }
}

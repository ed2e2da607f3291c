package chat.sotto.load;

import chat.sotto.protocol.ServerFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Recorder;

/** Pairs of members of whom one writes to the other. */
final class Pairs {
  private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(500);

  private final Bench bench;
  private final Measured measured;
  private final int size;
  private final List<Pair> all = new ArrayList<>();
  private final Until until;
  private final LongAdder made = new LongAdder();
  private final AtomicLong accepted = new AtomicLong();
  private final LongAdder delivered = new LongAdder();
  private volatile boolean isOpen;
  private volatile boolean isEnding;
  private volatile long atAccepted;
  private volatile Runnable then = () -> {};

  /** How long a message is under way, of which a window has a number. */
  enum Until {
    ACCEPTED,
    DELIVERED
  }

  /** As many as are planned. */
  Pairs(Bench bench, Measured measured, Until until) {
    this(bench, measured, until, bench.plan.pairs(), bench.plan.size());
  }

  /** @param size bytes of a ciphertext */
  Pairs(Bench bench, Measured measured, Until until, int count, int size) {
    this.bench = bench;
    this.measured = measured;
    this.until = until;
    this.size = size;
    List<Member> members = bench.crew.make(2 * count);
    for (int i = 0; i < count; i++) {
      all.add(new Pair(i, members.get(2 * i), members.get(2 * i + 1)));
    }
  }

  /** Both of each pair come online, and the one who is written to has written once. */
  void meet() {
    var coming = new ArrayList<Crew.Coming>();
    for (Pair pair : all) {
      coming.add(new Crew.Coming(pair.from, pair.from::register, pair.sending()));
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

  /** Nobody writes any more; everything is accepted, or what is not never will be. */
  void stop() {
    isOpen = false;
    ask(Pair::made);
    bench.awaitLast(() -> accepted.get() == made.sum(), accepted::get, this::words);
  }

  /** Everything that was accepted has come, or what has not never will. */
  void settle() {
    bench.awaitLast(this::areDelivered, delivered::sum, this::words);
  }

  /** So many are accepted in all, or the rest never will be. */
  void awaitAccepted(long count) {
    bench.awaitLast(() -> areAccepted(count), accepted::get, this::words);
  }

  /** Does something at the very moment at which so many are accepted in all. */
  void whenAccepted(long count, Runnable action) {
    atAccepted = count;
    then = action;
  }

  boolean areAccepted(long count) {
    return accepted.get() >= count;
  }

  private boolean areDelivered() {
    return delivered.sum() == accepted.get();
  }

  /** Every so many-th of those who are written to is offline from now on. */
  void part(int everyNth) {
    all.stream()
        .filter(pair -> pair.number % everyNth == 0)
        .forEach(pair -> pair.loop.execute(() -> pair.toLine.leave()));
    ask(Pair::made);
  }

  /** Those who are written to read nothing from now on. */
  void deafen() {
    all.forEach(pair -> pair.loop.execute(() -> pair.toLine.deafen()));
    ask(Pair::made);
  }

  /** Nobody is online any more. */
  void leave() {
    all.forEach(
        pair ->
            pair.loop.execute(
                () -> {
                  pair.fromLine.leave();
                  pair.toLine.leave();
                }));
    ask(Pair::made);
  }

  /** The server is to end: nobody wonders why connections do. */
  void expectTheEnd() {
    isEnding = true;
  }

  /** Those who are written to come back, and hear what there is. */
  void comeBack(Recorder firstHeard) {
    var coming = new ArrayList<Crew.Coming>();
    for (Pair pair : all) {
      coming.add(new Crew.Coming(pair.to, pair.returning(firstHeard), pair));
    }
    List<Line> lines = bench.crew.bring(coming, "came back", i -> i);
    for (Pair pair : all) {
      pair.toLine = lines.get(pair.number);
    }
  }

  /** Those who write come back, and go on where they were. */
  void goOn() {
    var coming = new ArrayList<Crew.Coming>();
    for (Pair pair : all) {
      coming.add(new Crew.Coming(pair.from, pair.from::resume, pair.sending()));
    }
    List<Line> lines = bench.crew.bring(coming, "came back", i -> i);
    for (Pair pair : all) {
      pair.loop.execute(() -> pair.over(lines.get(pair.number)));
    }
    ask(Pair::made);
  }

  String words() {
    return "%,d sent, %,d accepted, %,d delivered"
        .formatted(made.sum(), accepted.get(), delivered.sum());
  }

  long accepted() {
    return accepted.get();
  }

  /** Whether everybody knows that the server is gone, and so what had no answer. */
  boolean areCutOff() {
    return ask(pair -> pair.fromLine.hasEnded() && pair.toLine.hasEnded() ? 0 : 1) == 0;
  }

  /** Made, and not said to be accepted. */
  long pending() {
    return ask(pair -> pair.lane.pending());
  }

  /** For the end of a run: whatever can still come has come. */
  void tellLosses() {
    bench.figures.addNone("unanswered", "never accepted", pending());
    bench.figures.addLosses(missing(), doubled());
  }

  /** Made, and not come. */
  long missing() {
    return ask(pair -> pair.counted.missing(pair.lane.made()));
  }

  /** Come once more than made. */
  long doubled() {
    return ask(pair -> pair.counted.doubled());
  }

  /** How often the server asked to send something again later. */
  long refusals() {
    return ask(pair -> pair.lane.refusals());
  }

  /**
   * Signs everybody in again, some more than once: an acknowledgement has no answer.
   *
   * @return who is not known to have acknowledged everything in the end
   */
  long unacknowledged() {
    expectTheEnd();
    all.forEach(pair -> pair.loop.execute(() -> pair.toLine.acknowledge()));
    ask(Pair::made);
    long end = System.nanoTime() + bench.plan.patience().toNanos();
    List<Pair> left = lookUp(all);
    while (!left.isEmpty() && System.nanoTime() < end) {
      bench.pass(LOOK_AGAIN_AFTER, this::words);
      left = lookUp(left);
    }
    return left.size();
  }

  /** @return those of whom the server does not know all acknowledgements */
  private List<Pair> lookUp(List<Pair> whom) {
    var coming = new ArrayList<Crew.Coming>();
    whom.forEach(pair -> coming.add(new Crew.Coming(pair.to, pair.to::resume, pair)));
    List<Line> lines = bench.crew.bring(coming, "looked up", i -> whom.get(i).number);
    var left = new ArrayList<Pair>();
    for (int i = 0; i < lines.size(); i++) {
      ServerFrame.Inbox inbox = lines.get(i).atSignIn();
      if (!inbox.cursor().equals(inbox.head())) {
        left.add(whom.get(i));
      }
    }
    return left;
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
    private Runnable onFirst = () -> {};

    Pair(int number, Member from, Member to) {
      this.number = number;
      this.from = from;
      this.to = to;
      loop = bench.loops.of(number);
    }

    void online(Line fromLine, Line toLine) {
      this.fromLine = fromLine;
      this.toLine = toLine;
      lane = new Lane(bench.loops, loop, fromLine, to, number, size, this::accepted);
    }

    /** Who never answered is not written to for long. */
    CompletableFuture<Void> greet() {
      var greeted = new CompletableFuture<Void>();
      var back =
          new Lane(
              bench.loops, loop, toLine, from, number, size, stamp -> greeted.complete(null));
      loop.execute(() -> back.send(System.nanoTime()));
      return greeted;
    }

    long made() {
      return lane.made();
    }

    void over(Line next) {
      fromLine = next;
      lane.over(next);
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
      measured.accepted(stamp);
      if (accepted.incrementAndGet() == atAccepted) {
        then.run();
      }
      done(Until.ACCEPTED);
    }

    /** Its first frame; from then on it waits for what was written to it. */
    Line.First returning(Recorder firstHeard) {
      long dialledNanos = System.nanoTime();
      loop.execute(
          () ->
              onFirst =
                  () -> firstHeard.recordValue((System.nanoTime() - dialledNanos) / 1_000));
      return to::resume;
    }

    @Override
    public void heard(ServerFrame.EntryPush entry) {
      onFirst.run();
      onFirst = () -> {};
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

    /** What the one who writes hears: nothing but that the connection ended. */
    Line.Ear sending() {
      return new Line.Ear() {
        @Override
        public void closed(int code) {
          Pair.this.closed(code);
        }
      };
    }

    @Override
    public void closed(int code) {
      if (!isEnding) {
        throw new LoadException("the server closed a connection (%d)".formatted(code));
      }
    }
  }
}

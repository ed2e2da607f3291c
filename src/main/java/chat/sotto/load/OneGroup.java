package chat.sotto.load;

import chat.sotto.client.Connection;
import chat.sotto.model.GroupContent;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * W4: some members of one group post, each one post at a time as clients do, and all of them, the
 * posters too, hear each post.
 */
final class OneGroup implements Workload {
  private static final Duration AGAIN_AFTER = Duration.ofMillis(20);

  /** The same post is said again, or made again on what was taken since. */
  private static final Set<ErrorCode> FOR_NOW =
      Set.of(
          ErrorCode.UNKNOWN_OUTCOME,
          ErrorCode.BUSY,
          ErrorCode.RATE_LIMITED,
          ErrorCode.EPOCH_STALE);

  private final Measured measured = new Measured();
  private final GroupTalk group = new GroupTalk();
  private final List<Member> members = new ArrayList<>();
  private final List<Seat> seats = new ArrayList<>();
  private final LongAdder made = new LongAdder();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder delivered = new LongAdder();
  private final LongAdder refusals = new LongAdder();
  private Bench bench;
  private volatile boolean isOpen;

  @Override
  public void run(Bench given) throws Exception {
    bench = given;
    members.addAll(bench.crew.make(bench.plan.members()));
    for (int i = 0; i < members.size(); i++) {
      seats.add(new Seat(i));
    }
    var coming = new ArrayList<Crew.Coming>();
    for (Seat seat : seats) {
      Member member = members.get(seat.number);
      coming.add(new Crew.Coming(member, member::register, seat));
    }
    List<Line> lines = bench.crew.bring(coming, "registered", i -> i);
    seats.forEach(seat -> seat.line = lines.get(seat.number));
    group.found(lines, bench.progress);
    awaitMembers();
    talk();
    bench.figures.addLatency("deliveredAfterMs", "until delivered", measured.deliveredAfter);
    bench.figures.addLatency("acceptedAfterMs", "until accepted", measured.acceptedAfter);
    tellLosses();
  }

  /** Everybody has taken the newest confirmation, so that all posts come with their bodies. */
  private void awaitMembers() {
    long entries = group.head().sequenceNr();
    bench.settle(
        () -> ask(seat -> members.get(seat.number).groups.containsKey(group.id)
                && members.get(seat.number).groups.get(group.id).sequenceNr() == entries ? 1 : 0)
            == seats.size(),
        () -> "members take the log");
  }

  private void talk() throws Exception {
    int posters = Math.min(bench.plan.posters(), seats.size());
    isOpen = true;
    if (bench.plan.rate().isPresent()) {
      var next = new AtomicLong();
      try (var pacer =
          bench.atRate(
              bench.plan.rate().getAsInt(),
              due -> {
                Seat seat = seats.get((int) (next.getAndIncrement() % posters));
                seat.loop.execute(() -> seat.due(due));
              })) {
        measure();
      }
    } else {
      seats.subList(0, posters).forEach(seat -> seat.loop.execute(seat::goOn));
      measure();
    }
    isOpen = false;
    bench.awaitLast(
        () -> ask(seat -> seat.isDone() ? 0 : 1) == 0, accepted::sum, this::words);
    bench.awaitLast(
        () -> delivered.sum() == accepted.sum() * seats.size(), delivered::sum, this::words);
  }

  private void measure() {
    bench.pass(bench.plan.warmUp(), () -> "warming up: " + words());
    bench.beginUsage();
    measured.begin();
    bench.pass(bench.plan.seconds(), this::words);
    measured.end();
    Figures figures = bench.figures;
    double seconds = measured.seconds();
    figures.add(
        "deliveriesPerSecond", "deliveries/s", "%,.0f", measured.delivered.sum() / seconds);
    figures.add("postsPerSecond", "posts/s", "%,.0f", measured.accepted.sum() / seconds);
    bench.endUsage(measured.delivered.sum());
  }

  private String words() {
    return "%,d posts, %,d accepted, %,d deliveries"
        .formatted(made.sum(), accepted.sum(), delivered.sum());
  }

  private void tellLosses() {
    List<Integer> posted = new ArrayList<>();
    seats.forEach(seat -> posted.add(Crew.await(onLoop(seat, () -> seat.posted))));
    long lost = ask(seat -> seat.missing(posted));
    long doubled = ask(seat -> seat.counted.values().stream().mapToLong(Counted::doubled).sum());
    bench.figures.add("refusals", "told to post again", "%,d", refusals.sum());
    bench.figures.addNone("unanswered", "never accepted", made.sum() - accepted.sum());
    bench.figures.addLosses(lost, doubled);
  }

  private interface Question {
    long of(Seat seat);
  }

  /** A sum over all, each asked on its own loop. */
  private long ask(Question question) {
    return seats.stream()
        .map(seat -> onLoop(seat, () -> question.of(seat)))
        .toList()
        .stream()
        .mapToLong(Crew::await)
        .sum();
  }

  private static <T> CompletableFuture<T> onLoop(Seat seat, Supplier<T> question) {
    return CompletableFuture.supplyAsync(question, seat.loop);
  }

  /** A member's place in the group. All on one loop. */
  private final class Seat implements Line.Ear {
    private final int number;
    private final Executor loop;
    private final SplittableRandom random = new SplittableRandom();
    private final Map<Integer, Counted> counted = new HashMap<>();
    private final List<Long> due = new ArrayList<>();
    private Line line;
    private int posted;
    private boolean isUnderWay;

    Seat(int number) {
      this.number = number;
      loop = bench.loops.of(number);
    }

    void due(long dueNanos) {
      due.add(dueNanos);
      if (!isUnderWay) {
        goOn();
      }
    }

    boolean isDone() {
      return !isUnderWay && due.isEmpty();
    }

    /** Posts the next, if there is one. */
    void goOn() {
      if (bench.plan.rate().isPresent() ? !due.isEmpty() : isOpen) {
        long dueNanos = due.isEmpty() ? System.nanoTime() : due.remove(0);
        made.increment();
        isUnderWay = true;
        post(new Stamp(number, posted++, dueNanos));
      }
    }

    private void post(Stamp stamp) {
      var body = stamp.body(bench.plan.size(), random);
      say(stamp, group.post(line.member(), stamp.nr() + 1L, body));
    }

    private void say(Stamp stamp, GroupTalk.Post post) {
      line.request(post.request()).whenComplete((reply, lost) -> answered(stamp, post, reply, lost));
    }

    private void answered(
        Stamp stamp, GroupTalk.Post post, ServerFrame.Reply reply, Throwable lost) {
      if (reply instanceof ServerFrame.GroupAccepted answer
          && answer.digest().equals(post.digest())) {
        accepted.increment();
        measured.accepted(stamp);
        isUnderWay = false;
        goOn();
      } else if (reply instanceof ServerFrame.Failed failed
          && FOR_NOW.contains(failed.code())) {
        refusals.increment();
        boolean isStale = failed.code() == ErrorCode.EPOCH_STALE;
        bench.loops.after(
            AGAIN_AFTER, loop, isStale ? () -> post(stamp) : () -> say(stamp, post));
      } else if (!(lost instanceof Connection.LostException)) {
        bench.loops.fail(new LoadException("a post was not taken: " + reply, lost));
      }
    }

    /** @param posted how many posts each member has made, in the order of their numbers */
    private long missing(List<Integer> posted) {
      long missing = 0;
      for (int sender = 0; sender < posted.size(); sender++) {
        missing += counted.getOrDefault(sender, new Counted()).missing(posted.get(sender));
      }
      return missing;
    }

    @Override
    public void heard(ServerFrame.GroupEntryPush entry) {
      if (entry.content() instanceof GroupContent.Post) {
        var stamp = Stamp.of(entry.ciphertext().orElseThrow());
        Counted of = counted.computeIfAbsent(stamp.sender(), nobody -> new Counted());
        if (of.add(stamp.nr())) {
          delivered.increment();
          measured.delivered(stamp);
        }
      }
    }
  }
}

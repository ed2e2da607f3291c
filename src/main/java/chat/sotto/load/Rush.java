package chat.sotto.load;

import chat.sotto.protocol.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;

/**
 * So many at a time who sign in without a pause: whoever knows how it went comes at once again.
 * Whoever was let in goes without a word.
 */
final class Rush {
  private static final int GUESSING = 64;

  private final Bench bench;
  private final int width;
  private final IntFunction<Crew.Coming> coming;

  /** With what each is to be refused; empty if it is to be let in. */
  private final Optional<ErrorCode> refusal;

  private final LongAdder done = new LongAdder();
  private final LongAdder turnedAway = new LongAdder();
  private final AtomicInteger going = new AtomicInteger();
  private volatile boolean isOver;
  private long begunNanos;
  private double seconds;

  private Rush(
      Bench bench, int width, IntFunction<Crew.Coming> coming, Optional<ErrorCode> refusal) {
    this.bench = bench;
    this.width = width;
    this.coming = coming;
    this.refusal = refusal;
  }

  /** Those who try passwords that are wrong, of one of these after the other. */
  static Rush ofGuesses(Bench bench, List<Member> victims) {
    return new Rush(
        bench,
        GUESSING,
        number -> {
          Member victim = victims.get(number % victims.size());
          return new Crew.Coming(victim, victim::loginWrongly, new Indifferent());
        },
        Optional.of(ErrorCode.SIGN_IN_FAILED));
  }

  /** Those whose connections die as soon as they are in, and who resume them. */
  static Rush ofDying(Bench bench, List<Member> members) {
    return new Rush(
        bench,
        members.size(),
        number -> {
          Member member = members.get(number % members.size());
          return new Crew.Coming(member, member::resume, new Indifferent());
        },
        Optional.empty());
  }

  private static final class Indifferent implements Line.Ear {
    @Override
    public void closed(int code) {
      // It was going anyway.
    }
  }

  /** Returns when the first knows how it went. */
  void begin() {
    begunNanos = System.nanoTime();
    going.set(width);
    for (int i = 0; i < width; i++) {
      attempt(i);
    }
    bench.wait(() -> come() > 0, () -> "the rush begins");
  }

  private long come() {
    return done.sum() + turnedAway.sum();
  }

  /** Returns when nobody comes any more, or has no answer for long. */
  void end() {
    isOver = true;
    seconds = (System.nanoTime() - begunNanos) / 1e9;
    bench.awaitLast(
        () -> going.get() == 0, () -> width - going.get(), () -> "the rush ends");
  }

  private void attempt(int number) {
    bench.crew
        .open(coming.apply(number), number)
        .whenComplete(
            (line, failure) -> {
              if (!isOver) {
                count(line, failure);
              }
              if (line != null) {
                bench.loops.of(number).execute(line::leave);
              }
              if (isOver) {
                going.decrementAndGet();
              } else {
                attempt(number + width);
              }
            });
  }

  private void count(Line line, Throwable failure) {
    boolean isAsMeant =
        refusal.isPresent() ? refusal.equals(refusalOf(failure)) : line != null;
    (isAsMeant ? done : turnedAway).increment();
  }

  private static Optional<ErrorCode> refusalOf(Throwable failure) {
    Throwable why = failure instanceof CompletionException ? failure.getCause() : failure;
    return why instanceof RefusedException refused
        ? Optional.of(refused.code())
        : Optional.empty();
  }

  /**
   * For when it is over.
   *
   * @param what those are who were let in, or refused, as they were to be
   * @param others those for whom the server had no time, or whose connections did not last
   */
  void tell(Figures figures, String key, String what, String others) {
    figures.add(key + "PerSecond", what + "/s", "%,.1f", done.sum() / seconds);
    figures.add(
        key + "TurnedAwayPerSecond", others + "/s", "%,.1f", turnedAway.sum() / seconds);
  }
}

package chat.sotto.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;

/** Makes members and brings them online. */
final class Crew {
  /** Fewer than wait for a password to be hashed before the server says that it is busy. */
  private static final int AT_ONCE_MAX = 32;

  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration SIGN_IN_TIME_MAX = Duration.ofSeconds(60);

  private final Loops loops;
  private final Dialer dialer;
  private final Progress progress;
  private final int acknowledgeAfter;
  private int made;

  Crew(Loops loops, Dialer dialer, Progress progress, int acknowledgeAfter) {
    this.loops = loops;
    this.dialer = dialer;
    this.progress = progress;
    this.acknowledgeAfter = acknowledgeAfter;
  }

  /** Members that no server knows yet, with names of their own in each run. */
  List<Member> make(int count) {
    String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    var members = new ArrayList<Member>();
    for (int i = 0; i < count; i++) {
      members.add(new Member("load-%s-%d".formatted(run, made++), dialer.host()));
    }
    return members;
  }

  /** One who comes online. */
  record Coming(Member member, Line.First first, Line.Ear ear) {}

  /**
   * Brings all online, in their order.
   *
   * @param what for the progress, such as "registered"
   * @param loopOf the number of whom, on which loop
   */
  List<Line> bring(List<Coming> all, String what, IntUnaryOperator loopOf) {
    var places = new Semaphore(AT_ONCE_MAX);
    var done = new AtomicInteger();
    var lines = new ArrayList<CompletableFuture<Line>>();
    long toldAt = System.nanoTime();
    for (int i = 0; i < all.size(); i++) {
      loops.requireNoFault();
      acquire(places);
      Coming next = all.get(i);
      var line = open(next, loopOf.applyAsInt(i));
      line.whenComplete(
          (ready, failure) -> {
            done.incrementAndGet();
            places.release();
          });
      lines.add(line);
      if (System.nanoTime() - toldAt > TICK.toNanos()) {
        toldAt = System.nanoTime();
        progress.at("%s %,d of %,d".formatted(what, done.get(), all.size()));
      }
    }
    return lines.stream().map(Crew::await).toList();
  }

  CompletableFuture<Line> open(Coming coming, int loopNumber) {
    var loop = loops.of(loopNumber);
    var line =
        Line.open(
            dialer, loop, coming.member, coming.first, coming.ear, acknowledgeAfter);
    return line.thenApply(
        ready -> {
          loops.every(TICK, loop, ready::tick);
          return ready;
        });
  }

  List<Line> register(List<Member> members, Function<Integer, Line.Ear> earOf, IntUnaryOperator loopOf) {
    var coming = new ArrayList<Coming>();
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      coming.add(new Coming(member, member::register, earOf.apply(i)));
    }
    return bring(coming, "registered", loopOf);
  }

  private static void acquire(Semaphore places) {
    try {
      if (!places.tryAcquire(SIGN_IN_TIME_MAX.toSeconds(), TimeUnit.SECONDS)) {
        throw new LoadException("nobody signed in for a minute");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LoadException("interrupted");
    }
  }

  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(SIGN_IN_TIME_MAX.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | CompletionException e) {
      throw e.getCause() instanceof LoadException known
          ? known
          : new LoadException("a sign-in failed: " + e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new LoadException("a sign-in had no answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LoadException("interrupted");
    }
  }
}

package chat.sotto.load;

import chat.sotto.protocol.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;

/** Makes members and brings them online. */
final class Crew {
  /** Fewer than wait for a password to be hashed before the server says that it is busy. */
  private static final int AT_ONCE_MAX = 32;

  private static final Duration AGAIN_AFTER = Duration.ofMillis(200);

  /** The names are new ones: who made the account did not hear so in time. */
  private static final Set<ErrorCode> FOR_NOW =
      Set.of(
          ErrorCode.UNKNOWN_OUTCOME,
          ErrorCode.BUSY,
          ErrorCode.RATE_LIMITED,
          ErrorCode.NAME_TAKEN);

  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration SIGN_IN_TIME_MAX = Duration.ofSeconds(60);

  private final Loops loops;
  private final Dialer dialer;
  private final Progress progress;
  private final int acknowledgeAfter;

  /** Of each loop, touched on it alone. */
  private final List<List<Line>> online = new ArrayList<>();

  private int made;

  Crew(Loops loops, Dialer dialer, Progress progress, int acknowledgeAfter) {
    this.loops = loops;
    this.dialer = dialer;
    this.progress = progress;
    this.acknowledgeAfter = acknowledgeAfter;
    for (int i = 0; i < loops.size(); i++) {
      var here = new ArrayList<Line>();
      online.add(here);
      loops.every(TICK, loops.of(i), () -> tick(here));
    }
  }

  private static void tick(List<Line> here) {
    here.removeIf(Line::hasEnded);
    here.forEach(Line::tick);
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
  record Coming(Member member, Line.First first, Line.Ear ear) {
    private Coming withPassword() {
      return new Coming(member, member::login, ear);
    }
  }

  /**
   * Brings all online, in their order.
   *
   * @param what for the progress, such as "registered"
   * @param loopOf the number of whom, on which loop
   */
  List<Line> bring(List<Coming> all, String what, IntUnaryOperator loopOf) {
    try {
      return bringAll(all, what, loopOf);
    } catch (LoadException e) {
      // What went wrong on a loop is why nobody signs in.
      loops.requireNoFault();
      throw e;
    }
  }

  private List<Line> bringAll(List<Coming> all, String what, IntUnaryOperator loopOf) {
    var places = new Semaphore(AT_ONCE_MAX);
    var done = new AtomicInteger();
    var lines = new ArrayList<CompletableFuture<Line>>();
    long toldAt = System.nanoTime();
    for (int i = 0; i < all.size(); i++) {
      loops.requireNoFault();
      acquire(places);
      Coming next = all.get(i);
      var line = openInTheEnd(next, loopOf.applyAsInt(i));
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

  /** Tries again what the server could not do in time, as clients do. */
  private CompletableFuture<Line> openInTheEnd(Coming coming, int loopNumber) {
    return open(coming, loopNumber)
        .exceptionallyCompose(
            failure -> {
              Throwable why =
                  failure instanceof CompletionException ? failure.getCause() : failure;
              if (!isForNow(why)) {
                return CompletableFuture.failedFuture(why);
              }
              boolean isMade =
                  why instanceof RefusedException refused
                      && refused.code() == ErrorCode.NAME_TAKEN;
              var next = isMade ? coming.withPassword() : coming;
              var pause = new CompletableFuture<Void>();
              loops.after(AGAIN_AFTER, loops.of(loopNumber), () -> pause.complete(null));
              return pause.thenCompose(over -> openInTheEnd(next, loopNumber));
            });
  }

  /** Whether it was refused for now, or the connection did not last. */
  private static boolean isForNow(Throwable why) {
    return why instanceof RefusedException refused
        ? FOR_NOW.contains(refused.code())
        : why instanceof LoadException;
  }

  CompletableFuture<Line> open(Coming coming, int loopNumber) {
    var loop = loops.of(loopNumber);
    var line =
        Line.open(
            dialer, loop, coming.member, coming.first, coming.ear, acknowledgeAfter);
    return line.thenApply(
        ready -> {
          loop.execute(() -> online.get(loopNumber % loops.size()).add(ready));
          return ready;
        });
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

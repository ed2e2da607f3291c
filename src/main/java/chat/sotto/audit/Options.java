package chat.sotto.audit;

import chat.sotto.model.Bytes;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How an audit is made.
 *
 * @param signatures whether they are verified, which costs most of the time
 * @param threads that work at once
 * @param serverKey the server's public sign key, if it is known from elsewhere
 * @param entities those that are audited, by name. Of some alone neither the file's structure is
 *     judged nor what depends on all others: whether a group's bodies were dropped too early
 * @param watchers gives somebody to see what happened in the entity of that name
 * @param progress is told now and then how many events of how many are done
 */
public record Options(
    boolean signatures,
    int threads,
    Optional<Bytes> serverKey,
    Clock clock,
    Predicate<String> entities,
    Function<String, Watcher> watchers,
    Progress progress) {
  private static final Predicate<String> ALL = entity -> true;
  private static final Watcher NOBODY = new Watcher() {};

  /** Told by one thread at a time. */
  @FunctionalInterface
  public interface Progress {
    void done(long events, long ofEvents);
  }

  public Options {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1");
    }
  }

  /** Everything is checked, as fast as this machine can. */
  public static Options standard() {
    return new Options(
        true,
        Runtime.getRuntime().availableProcessors(),
        Optional.empty(),
        Clock.systemUTC(),
        ALL,
        entity -> NOBODY,
        (events, ofEvents) -> {});
  }

  public Options withSignatures(boolean verified) {
    return new Options(verified, threads, serverKey, clock, entities, watchers, progress);
  }

  public Options withThreads(int number) {
    return new Options(signatures, number, serverKey, clock, entities, watchers, progress);
  }

  public Options withServerKey(Bytes key) {
    return new Options(signatures, threads, Optional.of(key), clock, entities, watchers, progress);
  }

  public Options withClock(Clock other) {
    return new Options(signatures, threads, serverKey, other, entities, watchers, progress);
  }

  public Options withEntities(Predicate<String> audited) {
    return new Options(
        signatures, threads, serverKey, clock, audited, watchers, progress);
  }

  boolean isOfAll() {
    return entities == ALL;
  }

  public Options withWatchers(Function<String, Watcher> others) {
    return new Options(signatures, threads, serverKey, clock, entities, others, progress);
  }

  public Options withProgress(Progress listener) {
    return new Options(signatures, threads, serverKey, clock, entities, watchers, listener);
  }
}

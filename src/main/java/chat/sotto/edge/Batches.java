package chat.sotto.edge;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/**
 * Asks entities on behalf of all connections of a node: each is asked about one batch at a time, and
 * what comes for it meanwhile is the next, so that a busy inbox or group costs one question and one
 * write for many messages, and a quiet one waits for nothing.
 *
 * <p><b>Invariant</b>: what is for one entity reaches it in the order of {@link #ask}.
 *
 * @param <K> names an entity
 * @param <Q> what it is asked about
 * @param <A> what it answers to one
 */
final class Batches<K, Q, A> {
  /** So that a batch, with the copies for eight devices, stays far below what nodes may send. */
  static final int MAX = 32;

  private final BiFunction<K, List<Q>, CompletionStage<List<A>>> entity;
  /** What waits, of each entity that is asked just now. */
  private final Map<K, Queue<Waiting<Q, A>>> lanes = new ConcurrentHashMap<>();

  private record Waiting<Q, A>(Q question, CompletableFuture<A> answer) {}

  /** Nobody was asked, and nobody is going to be: nothing came of the question. */
  static final class NotAskedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotAskedException(Throwable why) {
      super("not asked, because of what failed before", why);
    }
  }

  /**
   * @param entity asks one about a batch, answers in its order; a batch that fails is given up with
   *     all that waits behind it, which fails with a {@link NotAskedException}
   */
  Batches(BiFunction<K, List<Q>, CompletionStage<List<A>>> entity) {
    this.entity = entity;
  }

  CompletionStage<A> ask(K to, Q question) {
    var waiting = new Waiting<Q, A>(question, new CompletableFuture<>());
    var batch = new ArrayList<Waiting<Q, A>>();
    lanes.compute(
        to,
        (key, lane) -> {
          if (lane == null) {
            batch.add(waiting);
            return new ArrayDeque<>();
          }
          lane.add(waiting);
          return lane;
        });
    ask(to, batch);
    return waiting.answer();
  }

  private void ask(K to, List<Waiting<Q, A>> batch) {
    if (batch.isEmpty()) {
      return;
    }
    List<Q> questions = batch.stream().map(Waiting::question).toList();
    Stages.run(() -> entity.apply(to, questions))
        .whenComplete(
            (answers, failure) -> {
              if (failure != null) {
                giveUp(to, batch, failure);
                return;
              }
              ask(to, next(to));
              for (int i = 0; i < batch.size(); i++) {
                batch.get(i).answer().complete(answers.get(i));
              }
            });
  }

  /** What waits behind a batch without an answer would hold its askers' turns for as long again. */
  private void giveUp(K to, List<Waiting<Q, A>> batch, Throwable failure) {
    var behind = new ArrayList<Waiting<Q, A>>();
    lanes.computeIfPresent(
        to,
        (key, lane) -> {
          behind.addAll(lane);
          return null;
        });
    batch.forEach(one -> one.answer().completeExceptionally(failure));
    if (!behind.isEmpty()) {
      var notAsked = new NotAskedException(Stages.cause(failure));
      behind.forEach(one -> one.answer().completeExceptionally(notAsked));
    }
  }

  /** What came meanwhile; if nothing did, the lane is at rest. */
  private List<Waiting<Q, A>> next(K to) {
    var batch = new ArrayList<Waiting<Q, A>>();
    lanes.compute(
        to,
        (key, lane) -> {
          while (!lane.isEmpty() && batch.size() < MAX) {
            batch.add(lane.remove());
          }
          return batch.isEmpty() ? null : lane;
        });
    return batch;
  }
}

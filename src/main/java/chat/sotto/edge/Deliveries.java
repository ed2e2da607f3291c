package chat.sotto.edge;

import akka.actor.typed.ActorSystem;
import chat.sotto.model.UserName;
import chat.sotto.user.Sent;
import chat.sotto.user.User;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes messages of all connections of a node to their recipients' entities: each is asked about one
 * batch at a time, and what comes for it meanwhile is the next, so that a busy inbox costs one
 * question and one write for many messages, and a quiet one waits for nothing.
 *
 * <p><b>Invariant</b>: messages for one user reach its entity in the order of {@link #accept}.
 */
final class Deliveries {
  /** So that a batch, with the copies for eight devices, stays far below what nodes may send. */
  static final int BATCH_MAX = 32;

  private final ActorSystem<?> system;
  private final Duration timeout;
  /** What waits, of everybody whose entity is asked just now. */
  private final Map<UserName, Queue<Waiting>> lanes = new ConcurrentHashMap<>();

  private record Waiting(Sent message, CompletableFuture<User.AcceptReply> reply) {}

  /** @param timeout until a batch that has no answer is given up, with all that waits behind it */
  Deliveries(ActorSystem<?> system, Duration timeout) {
    this.system = system;
    this.timeout = timeout;
  }

  CompletionStage<User.AcceptReply> accept(UserName to, Sent message) {
    var waiting = new Waiting(message, new CompletableFuture<>());
    var batch = new ArrayList<Waiting>();
    lanes.compute(
        to,
        (user, lane) -> {
          if (lane == null) {
            batch.add(waiting);
            return new ArrayDeque<>();
          }
          lane.add(waiting);
          return lane;
        });
    ask(to, batch);
    return waiting.reply();
  }

  private void ask(UserName to, List<Waiting> batch) {
    if (batch.isEmpty()) {
      return;
    }
    List<Sent> messages = batch.stream().map(Waiting::message).toList();
    Stages.run(
            () ->
                new Entity<>(User.ref(system, to))
                    .<User.AcceptReplies>ask(
                        replyTo -> new User.Accept(messages, replyTo), timeout))
        .whenComplete(
            (replies, failure) -> {
              if (failure != null) {
                giveUp(to, batch, failure);
                return;
              }
              ask(to, next(to));
              for (int i = 0; i < batch.size(); i++) {
                batch.get(i).reply().complete(replies.each().get(i));
              }
            });
  }

  /** What waits behind a batch without an answer would hold its senders' turns for as long again. */
  private void giveUp(UserName to, List<Waiting> batch, Throwable failure) {
    var all = new ArrayList<>(batch);
    lanes.computeIfPresent(
        to,
        (user, lane) -> {
          all.addAll(lane);
          return null;
        });
    all.forEach(one -> one.reply().completeExceptionally(failure));
  }

  /** What came meanwhile; if nothing did, the lane is at rest. */
  private List<Waiting> next(UserName to) {
    var batch = new ArrayList<Waiting>();
    lanes.compute(
        to,
        (user, lane) -> {
          while (!lane.isEmpty() && batch.size() < BATCH_MAX) {
            batch.add(lane.remove());
          }
          return batch.isEmpty() ? null : lane;
        });
    return batch;
  }
}

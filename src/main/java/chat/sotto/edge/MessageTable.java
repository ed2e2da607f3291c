package chat.sotto.edge;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.Signal;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * What each message has an actor do. All actors of a kind share one, which Akka's own builder makes
 * anew for each, and goes through row by row for every message.
 *
 * @param <A> actors
 * @param <M> messages, each a final class
 */
final class MessageTable<A, M> {
  private final Map<Class<?>, BiFunction<A, Object, Behavior<M>>> rows = new HashMap<>();
  private final Consumer<A> atEnd;

  /** @param atEnd once, when the actor has stopped */
  MessageTable(Consumer<A> atEnd) {
    this.atEnd = atEnd;
  }

  <D extends M> MessageTable<A, M> on(
      Class<D> message, BiFunction<A, D, Behavior<M>> handler) {
    rows.put(message, (actor, given) -> handler.apply(actor, message.cast(given)));
    return this;
  }

  /** @return leaves unhandled what no row is for */
  Receive<M> of(A actor) {
    return new Receive<>() {
      @Override
      public Behavior<M> receiveMessage(M message) {
        BiFunction<A, Object, Behavior<M>> row = rows.get(message.getClass());
        return row == null ? Behaviors.unhandled() : row.apply(actor, message);
      }

      @Override
      public Behavior<M> receiveSignal(Signal signal) {
        if (signal instanceof PostStop) {
          atEnd.accept(actor);
          return Behaviors.same();
        }
        return Behaviors.unhandled();
      }
    };
  }
}

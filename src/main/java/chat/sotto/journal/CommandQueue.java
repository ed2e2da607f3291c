package chat.sotto.journal;

import akka.actor.typed.Behavior;
import akka.actor.typed.ExtensibleBehavior;
import akka.actor.typed.Signal;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.ActorContext;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/**
 * What an entity is asked while it recovers or writes waits here, in its order, and not in Akka's
 * own stash. That one takes commands out by recursion for as long as they lead to no event: about a
 * thousand of them overflow the thread's stack, and such an error ends the server (akka/akka-core
 * issue 29933, open in Akka 2.8.5).
 *
 * @param <C> commands
 */
final class CommandQueue<C> extends ExtensibleBehavior<C> {
  /** What comes when so many wait is dropped: to whoever asked it is as if no answer came. */
  static final int CAPACITY = 4096;

  private final Class<C> commands;
  private final BooleanSupplier isReady;
  private final Queue<C> waiting = new ArrayDeque<>();
  private Behavior<C> entity;

  /**
   * @param isReady whether the entity takes a command at once, so that Akka puts none away
   */
  CommandQueue(
      ActorContext<C> context, Class<C> commands, Behavior<C> entity, BooleanSupplier isReady) {
    this.commands = commands;
    this.isReady = isReady;
    this.entity = Behavior.start(entity, context);
  }

  /** A command, or what Akka's persistence tells itself, which never waits. */
  @Override
  public Behavior<C> receive(TypedActorContext<C> context, C message) {
    if (!commands.isInstance(message) || isReady.getAsBoolean()) {
      handle(context, message);
    } else if (waiting.size() < CAPACITY) {
      waiting.add(message);
    } else {
      context.asJava().getSystem().deadLetters().tell(message);
    }
    while (!waiting.isEmpty() && isReady.getAsBoolean() && Behavior.isAlive(entity)) {
      handle(context, waiting.remove());
    }
    return next();
  }

  private void handle(TypedActorContext<C> context, C message) {
    entity =
        Behavior.canonicalize(
            Behavior.interpretMessage(entity, context, message), entity, context);
  }

  @Override
  public Behavior<C> receiveSignal(TypedActorContext<C> context, Signal signal) {
    entity =
        Behavior.canonicalize(Behavior.interpretSignal(entity, context, signal), entity, context);
    return next();
  }

  private Behavior<C> next() {
    return Behavior.isAlive(entity) ? this : entity;
  }
}

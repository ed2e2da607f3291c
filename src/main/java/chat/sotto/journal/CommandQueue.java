package chat.sotto.journal;

import akka.actor.typed.Behavior;
import akka.actor.typed.ExtensibleBehavior;
import akka.actor.typed.Signal;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.ActorContext;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an entity is asked while it recovers or writes waits here, in its order, and not in Akka's
 * own stash. That one takes commands out by recursion for as long as they lead to no event: about a
 * thousand of them overflow the thread's stack, and such an error ends the server (akka/akka-core
 * issue 29933, open in Akka 2.8.5).
 *
 * <p><b>Invariant</b>: at most one command is with Akka and not yet with the entity, whatever Akka
 * does meanwhile.
 *
 * @param <C> commands
 */
final class CommandQueue<C> extends ExtensibleBehavior<C> {
  private static final Logger LOG = LoggerFactory.getLogger(CommandQueue.class);

  /** What comes when so many wait is dropped: to whoever asked it is as if no answer came. */
  static final int CAPACITY = 4096;

  private final Class<C> commands;
  private final Predicate<C> isLast;
  private final Gate gate;
  private final Queue<C> waiting = new ArrayDeque<>(0);
  private boolean isFull;
  private Behavior<C> entity;

  /** Between the queue and its entity, which alone knows when it may have the next command. */
  static final class Gate {
    private boolean isOpen = true;

    /** A command has come to the entity, or what it led to is on disk. */
    void open() {
      isOpen = true;
    }

    /** A command is on its way to the entity, or what it leads to is being written. */
    void close() {
      isOpen = false;
    }
  }

  /** @param isLast whether it is the shard's word to end: without it nobody starts it again */
  CommandQueue(
      ActorContext<C> context,
      Class<C> commands,
      Predicate<C> isLast,
      Behavior<C> entity,
      Gate gate) {
    this.commands = commands;
    this.isLast = isLast;
    this.gate = gate;
    this.entity = Behavior.start(entity, context);
  }

  /** A command, or what Akka's persistence tells itself, which never waits. */
  @Override
  public Behavior<C> receive(TypedActorContext<C> context, C message) {
    Behavior<C> next = entity;
    if (commands.isInstance(message)) {
      add(context, message);
    } else {
      next = handle(context, message);
    }
    while (gate.isOpen && !waiting.isEmpty() && Behavior.isAlive(next)) {
      gate.close();
      next = handle(context, waiting.remove());
    }
    return Behavior.isAlive(next) ? this : next;
  }

  private void add(TypedActorContext<C> context, C command) {
    if (waiting.size() < CAPACITY || isLast.test(command)) {
      waiting.add(command);
      isFull = false;
    } else {
      if (!isFull) {
        LOG.warn("{} is asked faster than it writes.", context.asJava().getSelf().path().name());
        isFull = true;
      }
      context.asJava().getSystem().deadLetters().tell(command);
    }
  }

  private Behavior<C> handle(TypedActorContext<C> context, C message) {
    return kept(context, Behavior.interpretMessage(entity, context, message));
  }

  @Override
  public Behavior<C> receiveSignal(TypedActorContext<C> context, Signal signal) {
    Behavior<C> next = kept(context, Behavior.interpretSignal(entity, context, signal));
    return Behavior.isAlive(next) ? this : next;
  }

  /** When it ends, the last living one is still to hear of that. */
  private Behavior<C> kept(TypedActorContext<C> context, Behavior<C> result) {
    Behavior<C> next = Behavior.canonicalize(result, entity, context);
    if (Behavior.isAlive(next)) {
      entity = next;
    }
    return next;
  }
}

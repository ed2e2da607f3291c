package chat.sotto.edge;

import akka.Done;
import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Parent of all connections of this node. */
public final class Connections extends AbstractBehavior<Connections.Command> {
  private final Map<ActorRef<Connection.Command>, Places<?>.Place> places = new HashMap<>();
  private final List<ActorRef<Done>> waitForEnd = new ArrayList<>();
  private boolean stopping;

  /** Stays on this node. */
  public sealed interface Command extends NoSerializationVerificationNeeded {}

  /**
   * Makes the actor of a new socket.
   *
   * @param place given back when it has stopped
   */
  record Open(
      Behavior<Connection.Command> connection,
      Places<?>.Place place,
      ActorRef<ActorRef<Connection.Command>> replyTo)
      implements Command {}

  /**
   * Ends all connections (1001) after what they are doing, and those that still come: a request may
   * have been read before the port was closed. Answered when the last has stopped.
   */
  record StopAll(ActorRef<Done> replyTo) implements Command {}

  public static Behavior<Command> create() {
    return Behaviors.setup(Connections::new);
  }

  private Connections(ActorContext<Command> context) {
    super(context);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Open.class, this::onOpen)
        .onMessage(StopAll.class, this::onStopAll)
        .onSignal(Terminated.class, this::onEnded)
        .build();
  }

  private Behavior<Command> onOpen(Open open) {
    ActorRef<Connection.Command> connection = getContext().spawnAnonymous(open.connection());
    getContext().watch(connection);
    places.put(connection, open.place());
    open.replyTo().tell(connection);
    if (stopping) {
      connection.tell(new Connection.Stop());
    }
    return this;
  }

  private Behavior<Command> onStopAll(StopAll stop) {
    stopping = true;
    waitForEnd.add(stop.replyTo());
    places.keySet().forEach(connection -> connection.tell(new Connection.Stop()));
    return answerIfEmpty();
  }

  private Behavior<Command> onEnded(Terminated ended) {
    places.remove(ended.getRef()).close();
    return answerIfEmpty();
  }

  private Behavior<Command> answerIfEmpty() {
    if (places.isEmpty()) {
      waitForEnd.forEach(waiting -> waiting.tell(Done.getInstance()));
      waitForEnd.clear();
    }
    return this;
  }
}

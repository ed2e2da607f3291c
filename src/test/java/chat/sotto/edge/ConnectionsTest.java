package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
  private static ActorTestKit kit;

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void whoComesWhileTheNodeStopsIsToldToGo() {
    ActorRef<Connections.Command> connections = kit.spawn(Connections.create());
    TestProbe<Connection.Command> told = kit.createTestProbe();
    TestProbe<Done> ended = kit.createTestProbe();
    var places = new Places<String>(2, 2);
    ActorRef<Connection.Command> early = open(connections, places, told);

    connections.tell(new Connections.StopAll(ended.ref()));
    told.expectMessageClass(Connection.Stop.class);
    ActorRef<Connection.Command> late = open(connections, places, told);

    told.expectMessageClass(Connection.Stop.class);
    early.tell(new Connection.SocketGone());
    ended.expectNoMessage();
    late.tell(new Connection.SocketGone());
    assertEquals(Done.getInstance(), ended.receiveMessage());
  }

  /** One that ends when its socket does. */
  private static ActorRef<Connection.Command> open(
      ActorRef<Connections.Command> connections,
      Places<String> places,
      TestProbe<Connection.Command> told) {
    Behavior<Connection.Command> connection =
        Behaviors.receive(Connection.Command.class)
            .onMessage(Connection.SocketGone.class, gone -> Behaviors.stopped())
            .onMessage(
                Connection.Command.class,
                command -> {
                  told.ref().tell(command);
                  return Behaviors.same();
                })
            .build();
    TestProbe<ActorRef<Connection.Command>> opened = kit.createTestProbe();
    connections.tell(
        new Connections.Open(connection, places.take("here").orElseThrow(), opened.ref()));
    return opened.receiveMessage();
  }
}

package chat.sotto.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.Behaviors;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CommandQueueTest {
  private final List<Object> handled = new CopyOnWriteArrayList<>();
  private final CommandQueue.Gate gate = new CommandQueue.Gate();
  private final BehaviorTestKit<Object> queue =
      BehaviorTestKit.create(queued(handling("begun")));

  private Behavior<Object> queued(Behavior<Object> entity) {
    return Behaviors.<String>setup(
            context ->
                new CommandQueue<>(
                    context, String.class, "stop"::equals, entity.unsafeCast(), gate))
        .unsafeCast();
  }

  /**
   * An entity as a behaviour that is another one after each message. A number is what persistence
   * tells it: what was written is on disk.
   */
  private Behavior<Object> handling(Object last) {
    return Behaviors.receive(Object.class)
        .onMessage(Integer.class, this::taken)
        .onMessageEquals("write", this::write)
        .onMessageEquals("stop", Behaviors::stopped)
        .onMessage(Object.class, message -> take(last, message))
        .onSignal(PostStop.class, signal -> take(last, "ended"))
        .build();
  }

  private Behavior<Object> taken(int number) {
    gate.open();
    return handling(number);
  }

  private Behavior<Object> write() {
    gate.close();
    return handling("written");
  }

  private Behavior<Object> take(Object last, Object message) {
    gate.open();
    handled.add(last + "-" + message);
    return handling(message);
  }

  @Test
  void whatComesWhileSomethingIsWrittenWaitsInItsOrder() {
    queue.run("a");
    queue.run("write");
    queue.run("b");
    queue.run("write");
    queue.run("c");
    assertEquals(List.of("begun-a"), handled);

    queue.run(1);
    assertEquals(List.of("begun-a", "1-b"), handled);

    queue.run(2);
    queue.run("d");
    assertEquals(List.of("begun-a", "1-b", "2-c", "c-d"), handled);
  }

  /** As when Akka puts it away because it recovers, or stores a snapshot. */
  @Test
  void behindACommandThatDidNotComeToTheEntityAllOthersWait() {
    Behavior<Object> away =
        Behaviors.receive(Object.class)
            .onMessage(Integer.class, this::taken)
            .onMessage(Object.class, message -> Behaviors.same())
            .build();
    BehaviorTestKit<Object> queue = BehaviorTestKit.create(queued(away));
    queue.run("a");
    queue.run("b");
    queue.run("c");
    assertEquals(List.of(), handled);

    queue.run(1);
    assertEquals(List.of("1-b", "b-c"), handled);
  }

  @Test
  void whatIsTooMuchIsDroppedAndNothingElse() {
    queue.run("write");
    Stream<String> many = IntStream.range(0, CommandQueue.CAPACITY + 10).mapToObj(at -> "" + at);
    many.forEach(queue::run);
    queue.run(1);
    assertEquals(CommandQueue.CAPACITY, handled.size());
    assertEquals(
        "%d-%d".formatted(CommandQueue.CAPACITY - 2, CommandQueue.CAPACITY - 1),
        handled.get(CommandQueue.CAPACITY - 1));
  }

  @Test
  void theWordToStopIsNeverTooMuch() {
    queue.run("write");
    IntStream.range(0, CommandQueue.CAPACITY).forEach(at -> queue.run("" + at));
    queue.run("stop");
    queue.run(1);
    assertFalse(queue.isAlive());
  }

  @Test
  void whoStoppedTakesNothingMore() {
    queue.run("write");
    queue.run("a");
    queue.run("stop");
    queue.run("b");
    assertTrue(queue.isAlive());

    queue.run(1);

    assertFalse(queue.isAlive());
    assertEquals(List.of("1-a"), handled);
  }

  @Test
  void whoStoppedHearsOfIt() {
    ActorTestKit testKit = ActorTestKit.create();
    try {
      ActorRef<Object> entity = testKit.spawn(queued(handling("begun")));
      entity.tell("a");
      entity.tell("stop");
      testKit.createTestProbe().expectTerminated(entity);
      assertEquals(List.of("begun-a", "a-ended"), handled);
    } finally {
      testKit.shutdownTestKit();
    }
  }
}

package chat.sotto.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CommandQueueTest {
  private final List<Object> handled = new ArrayList<>();
  private boolean isReady;
  private final BehaviorTestKit<Object> queue = BehaviorTestKit.create(queued());

  private Behavior<Object> queued() {
    Behavior<Object> entity = handling("begun");
    return Behaviors.<String>setup(
            context ->
                new CommandQueue<>(context, String.class, entity.unsafeCast(), () -> isReady))
        .unsafeCast();
  }

  /**
   * An entity as a behaviour that is another one after each message. A number is what persistence
   * tells it: from then on it is ready if that is not zero.
   */
  private Behavior<Object> handling(Object last) {
    return Behaviors.receive(Object.class)
        .onMessage(Integer.class, this::turn)
        .onMessageEquals("write", () -> this.turn(0))
        .onMessageEquals("stop", Behaviors::stopped)
        .onMessage(Object.class, message -> this.take(last, message))
        .onSignal(PostStop.class, signal -> this.take(last, "stopped"))
        .build();
  }

  private Behavior<Object> turn(int ready) {
    isReady = ready != 0;
    return handling("turned");
  }

  private Behavior<Object> take(Object last, Object message) {
    handled.add(last + "-" + message);
    return handling(message);
  }

  @Test
  void whatCannotBeTakenAtOnceWaitsInItsOrder() {
    queue.run("a");
    queue.run("write");
    queue.run("b");
    assertEquals(List.of(), handled);

    queue.run(1);
    assertEquals(List.of("turned-a"), handled);

    queue.run("c");
    queue.run(1);
    assertEquals(List.of("turned-a", "turned-b", "b-c"), handled);
    queue.run("d");
    assertEquals("c-d", handled.get(3));
  }

  @Test
  void whatIsTooMuchIsDroppedAndNothingElse() {
    Stream<String> many = IntStream.range(0, CommandQueue.CAPACITY + 10).mapToObj(at -> "" + at);
    many.forEach(queue::run);
    queue.run(1);
    assertEquals(CommandQueue.CAPACITY, handled.size());
    assertEquals(
        "%d-%d".formatted(CommandQueue.CAPACITY - 2, CommandQueue.CAPACITY - 1),
        handled.get(CommandQueue.CAPACITY - 1));
  }

  @Test
  void whoStoppedTakesNothingMore() {
    queue.run("a");
    queue.run("stop");
    queue.run("b");
    assertTrue(queue.isAlive());

    queue.run(1);

    assertFalse(queue.isAlive());
    assertEquals(List.of("turned-a"), handled.subList(0, 1));
    assertFalse(handled.toString().contains("b"), handled.toString());
  }
}

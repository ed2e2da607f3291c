package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import chat.sotto.TestServer;
import chat.sotto.journal.Bodies;
import chat.sotto.journal.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where what follows an answer runs, and what is asked once bodies are put. */
class StagesTest {
  private static final int MORE_THAN_MAY_WAIT = 64 * 1024 * 1024 + 1;

  private record Question(CountDownLatch mayAnswer, ActorRef<String> replyTo) {}

  @Test
  void ofBodiesThatTheWriterHasNoRoomForNobodyHearsAndTheyAreUndone(@TempDir Path data)
      throws Exception {
    try (var server = TestServer.start(data)) {
      Bodies bodies = Store.get(server.system()).bodies();
      List<CompletionStage<Void>> puts =
          List.of(
              bodies.put("one", new byte[1], Long.MAX_VALUE),
              bodies.put("too-much", new byte[MORE_THAN_MAY_WAIT], Long.MAX_VALUE));
      CompletionStage<String> answer =
          Stages.orElseUndo(
              Stages.afterPut(puts, () -> Stages.now("asked")),
              () -> bodies.delete(List.of("one")));

      var failure =
          assertThrows(ExecutionException.class, () -> answer.toCompletableFuture().get());
      assertInstanceOf(Batches.NotAskedException.class, failure.getCause());
      assertEquals(0, server.bodies());
    }
  }

  @Test
  void whatFollowsAnAnswerRunsInTheThreadThatAnswersIt() throws Exception {
    ActorTestKit kit = ActorTestKit.create();
    try {
      ActorRef<Question> answering =
          kit.spawn(
              Behaviors.receiveMessage(
                  question -> {
                    question.mayAnswer().await();
                    question.replyTo().tell(Thread.currentThread().getName());
                    return Behaviors.same();
                  }));
      var mayAnswer = new CountDownLatch(1);
      CompletionStage<String> answer =
          AskPattern.ask(
              answering,
              replyTo -> new Question(mayAnswer, replyTo),
              Duration.ofSeconds(10),
              kit.scheduler());
      CompletionStage<Boolean> isSame =
          Stages.here(answer)
              .thenApply(thread -> thread.equals(Thread.currentThread().getName()));
      // Only now, so that the answer comes to stages that are there.
      mayAnswer.countDown();
      assertTrue(isSame.toCompletableFuture().get(10, TimeUnit.SECONDS));
    } finally {
      kit.shutdownTestKit();
    }
  }
}

package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Where what follows an answer runs. */
class StagesTest {
  private record Question(CountDownLatch mayAnswer, ActorRef<String> replyTo) {}

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

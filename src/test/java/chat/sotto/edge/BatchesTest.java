package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What waits for an entity that answers when the test says so. */
class BatchesTest {
  private final Queue<Asked> asked = new ArrayDeque<>();
  private final Batches<String, Integer, String> batches = new Batches<>(this::ask);

  private record Asked(
      String entity, List<Integer> questions, CompletableFuture<List<String>> answers) {
    void answer() {
      answers.complete(questions.stream().map(one -> "to " + one).toList());
    }
  }

  private CompletionStage<List<String>> ask(String entity, List<Integer> questions) {
    var answers = new CompletableFuture<List<String>>();
    asked.add(new Asked(entity, questions, answers));
    return answers;
  }

  private CompletableFuture<String> ask(int question) {
    return batches.ask("bob", question).toCompletableFuture();
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void oneBatchIsUnderWayAndWhatComesMeanwhileIsTheNext() {
    int full = 1 + Batches.MAX;
    int count = full + 4;
    var answers = new ArrayList<CompletableFuture<String>>();
    range(1, count).forEach(n -> answers.add(ask(n)));

    Asked first = asked.remove();
    assertEquals(List.of(1), first.questions());
    assertTrue(asked.isEmpty());
    first.answer();
    Asked second = asked.remove();
    assertEquals(range(2, full), second.questions());
    assertFalse(answers.get(1).isDone());
    second.answer();
    Asked third = asked.remove();
    assertEquals(range(full + 1, count), third.questions());
    third.answer();

    range(1, count).forEach(n -> assertEquals("to " + n, answers.get(n - 1).join()));
    // The lane is at rest: the next is asked about at once.
    ask(99);
    assertEquals(List.of(99), asked.remove().questions());
  }

  @Test
  void oneEntityDoesNotWaitForAnother() {
    ask(1);
    batches.ask("carol", 2);

    assertEquals("bob", asked.remove().entity());
    assertEquals("carol", asked.remove().entity());
  }

  @Test
  void whatWaitsBehindABatchWithoutAnswerIsGivenUpWithIt() {
    var first = ask(1);
    var waiting = ask(2);
    var failure = new TimeoutException();
    asked.remove().answers().completeExceptionally(failure);

    assertSame(failure, assertThrows(CompletionException.class, first::join).getCause());
    Throwable why = assertThrows(CompletionException.class, waiting::join).getCause();
    assertInstanceOf(Batches.NotAskedException.class, why);
    assertSame(failure, why.getCause());
    var later = ask(3);
    Asked next = asked.remove();
    assertEquals(List.of(3), next.questions());
    next.answer();
    assertEquals("to 3", later.join());
  }

  @Test
  void anEntityThatCannotEvenBeAskedHoldsNobodyUp() {
    var failing =
        new Batches<String, Integer, String>(
            (entity, questions) -> {
              throw new IllegalStateException("gone");
            });

    for (int n = 1; n <= 2; n++) {
      var answer = failing.ask("bob", n).toCompletableFuture();
      assertTrue(answer.isCompletedExceptionally());
    }
  }
}

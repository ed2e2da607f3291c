package chat.sotto.edge;

import chat.sotto.journal.StoreBusyException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** How answers that come later are put together. */
final class Stages {
  private Stages() {}

  static <T> CompletionStage<T> now(T value) {
    return CompletableFuture.completedFuture(value);
  }

  /**
   * An answer of Akka's, with what follows it run by the thread that gives it. Stages that Akka
   * makes of Scala's futures hand each following step to the common pool, and where that has one
   * thread, as on two cores, the JDK starts a thread for every step.
   */
  static <T> CompletionStage<T> here(CompletionStage<T> ofAkka) {
    return ofAkka.thenApplyAsync(Function.identity(), Runnable::run);
  }

  /** What a step leads to; one that throws at once fails like one that fails later. */
  static <T> CompletionStage<T> run(Supplier<CompletionStage<T>> step) {
    return now(step).thenCompose(Supplier::get);
  }

  /**
   * Asks an entity about bodies that were just put. They went to the writer first, so they are on
   * disk no later than the event that names them; if the writer had no room for one, nobody
   * hears of any, and the answer fails with a {@link Batches.NotAskedException}.
   */
  static <T> CompletionStage<T> afterPut(
      List<CompletionStage<Void>> puts, Supplier<CompletionStage<T>> ask) {
    for (CompletionStage<Void> put : puts) {
      if (put.toCompletableFuture().isCompletedExceptionally()) {
        return put.handle((never, failure) -> cause(failure))
            .thenCompose(
                why ->
                    CompletableFuture.failedFuture(
                        why instanceof StoreBusyException
                            ? new Batches.NotAskedException(why)
                            : why));
      }
    }
    CompletionStage<T> answer = ask.get();
    for (CompletionStage<Void> put : puts) {
      answer = answer.thenCombine(put, (kept, done) -> kept);
    }
    return answer;
  }

  /** @param undo what was done for a question, if nobody was asked it */
  static <T> CompletionStage<T> orElseUndo(CompletionStage<T> answer, Runnable undo) {
    return answer.whenComplete(
        (value, failure) -> {
          if (cause(failure) instanceof Batches.NotAskedException) {
            undo.run();
          }
        });
  }

  /** What failed, without what stages wrap it in. */
  static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException ? failure.getCause() : failure;
  }

  /** @param step a reply, or none if the next step is to be taken */
  static <T> CompletionStage<T> unlessAnswered(
      CompletionStage<Optional<T>> step, Supplier<CompletionStage<T>> next) {
    return step.thenCompose(reply -> reply.map(Stages::now).orElseGet(next));
  }

  /** The values in order, when the last is there. */
  static <T> CompletionStage<List<T>> all(List<CompletionStage<T>> stages) {
    CompletableFuture<?>[] futures =
        stages.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(futures)
        .thenApply(
            done -> stages.stream().map(stage -> stage.toCompletableFuture().join()).toList());
  }

  /** As {@link #all}, of what each item leads to, so many at a time. */
  static <A, T> CompletionStage<List<T>> each(
      List<A> items, int atATime, Function<A, CompletionStage<T>> stage) {
    CompletionStage<List<T>> values = now(List.of());
    for (int from = 0; from < items.size(); from += atATime) {
      List<A> some = items.subList(from, Math.min(from + atATime, items.size()));
      values =
          values.thenCompose(
              before ->
                  all(some.stream().map(stage).toList())
                      .thenApply(next -> concat(before, next)));
    }
    return values;
  }

  private static <T> List<T> concat(List<T> one, List<T> other) {
    return Stream.concat(one.stream(), other.stream()).toList();
  }
}

package chat.sotto.edge;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** How answers that come later are put together. */
final class Stages {
  private Stages() {}

  static <T> CompletionStage<T> now(T value) {
    return CompletableFuture.completedFuture(value);
  }

  /**
   * Asks an entity about bodies that were just put. They went to the writer first, so they are on
   * disk no later than the event that names them; ones that the writer would not take are named to
   * nobody.
   */
  static <T> CompletionStage<T> afterPut(
      List<CompletionStage<Void>> puts, Supplier<CompletionStage<T>> ask) {
    for (CompletionStage<Void> put : puts) {
      if (put.toCompletableFuture().isCompletedExceptionally()) {
        return put.thenCompose(never -> ask.get());
      }
    }
    CompletionStage<T> answer = ask.get();
    for (CompletionStage<Void> put : puts) {
      answer = answer.thenCombine(put, (kept, done) -> kept);
    }
    return answer;
  }

  /** The values in order, when the last is there. */
  static <T> CompletionStage<List<T>> all(List<CompletionStage<T>> stages) {
    CompletableFuture<?>[] futures =
        stages.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(futures)
        .thenApply(
            done -> stages.stream().map(stage -> stage.toCompletableFuture().join()).toList());
  }
}

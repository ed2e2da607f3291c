package chat.sotto.client;

import java.nio.file.Path;
import java.util.function.Function;

/**
 * A store whose next transaction can be made to fail after its work was done, as a full disk does.
 */
public final class FailingStore extends FileStore {
  private final Path file;
  private volatile int failures;

  public FailingStore(Path file) {
    super(file);
    this.file = file;
  }

  public Path file() {
    return file;
  }

  public void failNext(int transactions) {
    failures = transactions;
  }

  @Override
  public synchronized <T> T transaction(Function<Rows, T> work) {
    return super.transaction(
        rows -> {
          T result = work.apply(rows);
          if (failures > 0) {
            failures--;
            throw new StoreException("the test lets this transaction fail");
          }
          return result;
        });
  }
}

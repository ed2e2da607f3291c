package chat.sotto.client;

import java.util.function.Function;

/**
 * What a client keeps of one account. Nothing of it is cached outside, so what a failed transaction
 * leaves behind is exactly what was there before it.
 */
public interface ClientStore extends AutoCloseable {
  /**
   * Runs the work. When this returns, all that it wrote is durable; when it throws, none of it
   * happened.
   *
   * @throws StoreException if the rows could not be read or made durable
   */
  <T> T transaction(Function<Rows, T> work);

  @Override
  void close();
}

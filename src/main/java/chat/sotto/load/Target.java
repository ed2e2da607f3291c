package chat.sotto.load;

import java.net.URI;
import java.util.Optional;

/** The server that is measured. */
public interface Target extends AutoCloseable {
  URI url();

  /** Empty if its CPU and memory cannot be read. */
  Optional<ProcessHandle> process();

  @Override
  void close();

  /** Somebody else started it. */
  record Running(URI url, Optional<ProcessHandle> process) implements Target {
    @Override
    public void close() {
      // It goes on.
    }
  }
}

package chat.sotto;

import chat.sotto.audit.Options;
import java.io.PrintWriter;

/** Shows on a terminal how far a long run is. Says nothing to anything else, and of a short run. */
final class ProgressBar implements Options.Progress, AutoCloseable {
  private static final long SILENT_NANOS = 1_000_000_000L;
  private static final int WIDTH = 40;

  private final PrintWriter out;
  private final long begunAt = System.nanoTime();
  private boolean isShown;

  ProgressBar(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void done(long events, long ofEvents) {
    if (System.console() == null || System.nanoTime() - begunAt < SILENT_NANOS || ofEvents == 0) {
      return;
    }
    isShown = true;
    int filled = (int) Math.min(WIDTH, WIDTH * events / ofEvents);
    out.printf(
        "\r[%s%s] %,d of %,d events",
        "#".repeat(filled), "-".repeat(WIDTH - filled), events, ofEvents);
    out.flush();
  }

  /** Leaves an empty line for what comes next. */
  @Override
  public void close() {
    if (isShown) {
      isShown = false;
      out.print("\r\u001b[K");
      out.flush();
    }
  }
}

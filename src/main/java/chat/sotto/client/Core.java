package chat.sotto.client;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The one thread on which everything of a client happens, and the one place where faults end. */
final class Core implements Executor {
  private final ScheduledExecutorService thread;
  private final Consumer<RuntimeException> faults;

  Core(String name, Consumer<RuntimeException> faults) {
    this.faults = faults;
    thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              var daemon = new Thread(task, name);
              daemon.setDaemon(true);
              return daemon;
            });
  }

  /** After {@link #stop} nothing happens any more. */
  @Override
  public void execute(Runnable task) {
    try {
      thread.execute(() -> run(task));
    } catch (RejectedExecutionException e) {
      if (!thread.isShutdown()) {
        throw e;
      }
    }
  }

  void after(Duration delay, Runnable task) {
    thread.schedule(() -> run(task), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  void every(Duration period, Runnable task) {
    long millis = period.toMillis();
    thread.scheduleWithFixedDelay(() -> run(task), millis, millis, TimeUnit.MILLISECONDS);
  }

  /** Runs a part of a task, for callbacks that would swallow what it throws. */
  void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      faults.accept(e);
    }
  }

  void stop() {
    thread.shutdown();
  }
}

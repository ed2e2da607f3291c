package chat.sotto.client;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The one thread on which everything of a client happens, and the one place where faults end. */
final class Core implements Executor {
  private static final Duration STOP_TIME_MAX = Duration.ofSeconds(10);

  private final ScheduledThreadPoolExecutor executor;
  private volatile Thread thread;
  private final Consumer<RuntimeException> faults;

  Core(String name, Consumer<RuntimeException> faults) {
    this.faults = faults;
    executor = new ScheduledThreadPoolExecutor(1, task -> daemon(task, name));
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private Thread daemon(Runnable task, String name) {
    thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** After {@link #stop} nothing happens any more. */
  @Override
  public void execute(Runnable task) {
    try {
      executor.execute(() -> run(task));
    } catch (RejectedExecutionException e) {
      if (!executor.isShutdown()) {
        throw e;
      }
    }
  }

  void after(Duration delay, Runnable task) {
    executor.schedule(() -> run(task), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  void every(Duration period, Runnable task) {
    long millis = period.toMillis();
    executor.scheduleWithFixedDelay(() -> run(task), millis, millis, TimeUnit.MILLISECONDS);
  }

  /** Runs a part of a task, for callbacks that would swallow what it throws. */
  void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      faults.accept(e);
    }
  }

  /** Does one last thing and then nothing any more; waits for it unless called on this thread. */
  void stop(Runnable last) {
    execute(
        () -> {
          last.run();
          executor.shutdown();
        });
    if (Thread.currentThread() != thread) {
      awaitEnd();
    }
  }

  private void awaitEnd() {
    try {
      executor.awaitTermination(STOP_TIME_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

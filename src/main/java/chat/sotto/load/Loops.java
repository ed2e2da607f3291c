package chat.sotto.load;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * The few threads on which everything happens. Each connection belongs to one of them, so that
 * nothing of it needs a lock. The first fault ends the run.
 */
final class Loops implements AutoCloseable {
  private final List<SocketLoop> loops = new ArrayList<>();
  private final ScheduledExecutorService clock;
  private final AtomicReference<RuntimeException> fault = new AtomicReference<>();

  Loops(int count) {
    for (int i = 0; i < count; i++) {
      loops.add(new SocketLoop(this::fail));
    }
    clock = Executors.newSingleThreadScheduledExecutor(Loops::daemon);
  }

  static Thread daemon(Runnable task) {
    var thread = new Thread(task, "sotto-load");
    thread.setDaemon(true);
    return thread;
  }

  int size() {
    return loops.size();
  }

  /** The thread of that number, counted round and round. */
  SocketLoop of(int number) {
    return loops.get(number % loops.size());
  }

  void every(Duration period, Executor loop, Runnable task) {
    long nanos = period.toNanos();
    clock.scheduleWithFixedDelay(
        () -> loop.execute(task), nanos, nanos, TimeUnit.NANOSECONDS);
  }

  void after(Duration delay, Executor loop, Runnable task) {
    clock.schedule(() -> loop.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** What each thread of this process has used of the processor, by its id; of the sockets, too. */
  static Map<Long, Long> cpuNanos() {
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    return Arrays.stream(clock.getAllThreadIds())
        .boxed()
        .collect(Collectors.toMap(id -> id, clock::getThreadCpuTime));
  }

  void fail(RuntimeException why) {
    fault.compareAndSet(null, why);
  }

  /** @throws LoadException if something happened that must not */
  void requireNoFault() {
    RuntimeException found = fault.get();
    if (found instanceof LoadException known) {
      throw known;
    } else if (found != null) {
      throw new LoadException("the load generator failed: " + found, found);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    loops.forEach(SocketLoop::close);
  }
}

package chat.sotto.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A thread that runs tasks and looks after sockets. What a socket has to say goes when no task is
 * left, all of it together: most of what a message costs a generator is the system call for it.
 */
final class SocketLoop implements Executor, AutoCloseable {
  private final Consumer<RuntimeException> onFault;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  /** Whether the thread is going to look at the tasks before it waits. */
  private final AtomicBoolean isAwake = new AtomicBoolean(true);

  private final Set<LoopSocket> unsent = new LinkedHashSet<>();
  private final Selector selector;
  private final Thread thread;
  private volatile boolean isClosed;

  /** @param onFault told of what a task threw, on the thread */
  SocketLoop(Consumer<RuntimeException> onFault) {
    this.onFault = onFault;
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread = Loops.daemon(this::run);
    thread.start();
  }

  /** From any thread. After the end nothing is run any more. */
  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (isAwake.compareAndSet(false, true)) {
      selector.wakeup();
    }
  }

  private void run() {
    try (selector) {
      while (!isClosed) {
        runTasks();
        unsent.forEach(socket -> guarded(socket::flush));
        unsent.clear();
        isAwake.set(false);
        if (tasks.isEmpty()) {
          selector.select(this::ready);
        } else {
          selector.selectNow(this::ready);
        }
        isAwake.set(true);
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
    } catch (IOException | RuntimeException | Error e) {
      // Whatever it is, the thread ends with it: nobody is to wait for what it would have done.
      onFault.accept(new LoadException("a thread of the load generator ended: " + e, e));
    }
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      guarded(task);
    }
  }

  private void ready(SelectionKey key) {
    // The tasks that this leads to are looked at next.
    isAwake.set(true);
    guarded(((LoopSocket) key.attachment())::ready);
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      onFault.accept(e);
    }
  }

  // Of this thread

  SelectionKey register(SocketChannel channel, int operations, LoopSocket socket)
      throws IOException {
    return channel.register(selector, operations, socket);
  }

  /** It is told to {@link LoopSocket#flush} when no task is left. */
  void sendSoon(LoopSocket socket) {
    unsent.add(socket);
  }

  /** Ends the thread, and with it the sockets. */
  @Override
  public void close() {
    isClosed = true;
    selector.wakeup();
  }
}

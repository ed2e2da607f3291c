package chat.sotto.load.others;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;

/** A thread to which connections belong: nothing of them needs a lock. */
final class Loop implements AutoCloseable {
  private final Selector selector;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Set<Line> unsent = new LinkedHashSet<>();
  private final AtomicReference<Exception> fault = new AtomicReference<>();
  private final Thread thread;
  private volatile boolean isClosed;
  private volatile boolean isEndExpected;

  /** A connection of the loop. */
  interface Line {
    /** Its channel may be read, or written. */
    void ready() throws IOException;

    /** Sends as much of what waits as the socket takes. */
    void flush() throws IOException;

    /** Ends the connection. */
    void leave() throws IOException;
  }

  Loop() throws IOException {
    selector = Selector.open();
    thread = new Thread(this::run, "other-load");
    thread.setDaemon(true);
    thread.start();
  }

  void execute(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  /** Of the loop's thread: what this line has to send goes once everything else was looked at. */
  void sendSoon(Line line) {
    unsent.add(line);
  }

  /** Of the loop's thread. */
  SelectionKey register(SocketChannel channel, Line line) {
    try {
      return channel.register(selector, SelectionKey.OP_READ, line);
    } catch (ClosedChannelException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run() {
    try {
      while (!isClosed) {
        selector.select();
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
        for (SelectionKey key : selector.selectedKeys()) {
          ready((Line) key.attachment());
        }
        selector.selectedKeys().clear();
        for (Line line : unsent) {
          line.flush();
        }
        unsent.clear();
      }
    } catch (IOException | RuntimeException e) {
      fault.set(e);
    }
  }

  private void ready(Line line) throws IOException {
    try {
      line.ready();
    } catch (IOException e) {
      if (!isEndExpected) {
        throw e;
      }
      line.leave();
    }
  }

  /** The server is to end, and with it the connections that there are. */
  void expectTheEnd() {
    isEndExpected = true;
  }

  /** @throws IllegalStateException if something happened that must not */
  void requireNoFault() {
    Exception found = fault.get();
    if (found != null) {
      throw new IllegalStateException("the load generator failed", found);
    }
  }

  @Override
  public void close() {
    isClosed = true;
    selector.wakeup();
    try {
      thread.join();
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

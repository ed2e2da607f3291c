package chat.sotto.endtoend;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A line to a server that breaks after a random number of bytes, in whatever direction they go. */
final class CuttingProxy implements AutoCloseable {
  private static final int BYTES_MIN = 200;

  private final ServerSocket listener;
  private final int serverPort;
  private final Random random;
  private final int bytesMax;
  private final AtomicInteger cutsLeft;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /**
   * @param bytesMax the most that goes through before a cut
   * @param cuts how many lines break; later ones hold
   */
  CuttingProxy(int serverPort, Random random, int bytesMax, int cuts) throws IOException {
    this.serverPort = serverPort;
    this.random = random;
    this.bytesMax = bytesMax;
    cutsLeft = new AtomicInteger(cuts);
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  URI url() {
    return URI.create("http://localhost:" + listener.getLocalPort());
  }

  int cutsLeft() {
    return cutsLeft.get();
  }

  private static void start(Runnable task) {
    var thread = new Thread(task, "cutting-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        open.add(client);
        open.add(server);
        var left = new AtomicInteger(Integer.MAX_VALUE);
        if (cutsLeft.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
          left.set(BYTES_MIN + random.nextInt(bytesMax - BYTES_MIN));
        }
        start(() -> pass(client, server, left));
        start(() -> pass(server, client, left));
      }
    } catch (IOException e) {
      close();
    }
  }

  private void pass(Socket from, Socket to, AtomicInteger left) {
    byte[] buffer = new byte[4096];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
        int before = left.getAndAdd(-count);
        if (before <= count) {
          out.write(buffer, 0, Math.max(0, before));
          return;
        }
        out.write(buffer, 0, count);
      }
    } catch (IOException e) {
      // The line broke, on purpose or because the other direction did.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}

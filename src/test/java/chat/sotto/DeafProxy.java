package chat.sotto;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way to a server on which nothing comes back any more, for one who is connected, once told. */
final class DeafProxy implements AutoCloseable {
  private static final int BACKLOG = 50;

  private final ServerSocket listener;
  private final int serverPort;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean isDeaf;

  DeafProxy(int serverPort) throws IOException {
    this.serverPort = serverPort;
    listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  URI url() {
    return URI.create("http://localhost:" + listener.getLocalPort());
  }

  /** From now on the first who connected hears nothing. */
  void deafen() {
    isDeaf = true;
  }

  private static void start(Runnable task) {
    var thread = new Thread(task, "deaf-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        boolean isFirst = open.isEmpty();
        open.add(client);
        open.add(server);
        start(() -> pass(client, server, false));
        start(() -> pass(server, client, isFirst));
      }
    } catch (IOException e) {
      close();
    }
  }

  private void pass(Socket from, Socket to, boolean canBeDeaf) {
    byte[] buffer = new byte[4096];
    try (from;
        to) {
      var in = from.getInputStream();
      var out = to.getOutputStream();
      for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
        if (!(canBeDeaf && isDeaf)) {
          out.write(buffer, 0, count);
        }
      }
    } catch (IOException e) {
      // One of the two has gone.
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

package chat.sotto.edge;

import akka.actor.typed.ActorSystem;
import chat.sotto.model.UserName;
import chat.sotto.protocol.JsonRefused;
import chat.sotto.protocol.StrictJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the operator's commands reach a running server: a socket in its data folder, which only the
 * folder's owner can open. One request and one reply for each connection, in turn.
 */
public final class AdminSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminSocket.class);
  private static final String FILE = "admin.sock";
  private static final int LINE_BYTES_MAX = 8 * 1024;
  private static final int REQUEST_SECONDS = 10;

  private final ServerSocketChannel channel;
  private final Path file;
  private final ActorSystem<?> system;

  private AdminSocket(ServerSocketChannel channel, Path file, ActorSystem<?> system) {
    this.channel = channel;
    this.file = file;
    this.system = system;
  }

  /** Empty if the system has no such sockets, or not at so long a path: commands wait then. */
  public static Optional<AdminSocket> open(Path folder, ActorSystem<?> system) {
    Path file = folder.resolve(FILE);
    try {
      // We hold the folder: what is there is left of a server that was killed.
      Files.deleteIfExists(file);
      ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      channel.bind(UnixDomainSocketAddress.of(file));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      var socket = new AdminSocket(channel, file, system);
      var thread = new Thread(socket::serve, "sotto-admin");
      thread.setDaemon(true);
      thread.start();
      return Optional.of(socket);
    } catch (IOException | UnsupportedOperationException e) {
      LOG.warn("Commands of the operator need a stopped server: {}.", e.toString());
      return Optional.empty();
    }
  }

  private void serve() {
    while (channel.isOpen()) {
      try (SocketChannel client = channel.accept()) {
        CompletableFuture.delayedExecutor(REQUEST_SECONDS, TimeUnit.SECONDS)
            .execute(() -> endReading(client));
        write(client, StrictJson.encode(reply(readLine(client)), AdminFrame.Reply.class));
      } catch (IOException e) {
        LOG.debug("A command of the operator was not answered.", e);
      }
    }
  }

  /** Whoever says nothing keeps the next one waiting no longer. */
  private static void endReading(SocketChannel client) {
    try {
      if (client.isOpen()) {
        client.shutdownInput();
      }
    } catch (IOException e) {
      LOG.debug("A command of the operator went away.", e);
    }
  }

  private AdminFrame.Reply reply(byte[] line) {
    try {
      return carryOut(system, StrictJson.decode(line, AdminFrame.Request.class))
          .toCompletableFuture()
          .join();
    } catch (JsonRefused e) {
      return new AdminFrame.Refused("The server does not understand the command.");
    } catch (RuntimeException e) {
      LOG.error("A command of the operator failed.", e);
      return new AdminFrame.Refused("The server could not do it: its log says why.");
    }
  }

  /** What a command does, in a server that runs or one that was started for it alone. */
  public static CompletionStage<AdminFrame.Reply> carryOut(
      ActorSystem<?> system, AdminFrame.Request request) {
    if (request instanceof AdminFrame.Reopen reopen) {
      return UserName.isValid(reopen.user())
          ? new Reopening(system)
              .reopen(new UserName(reopen.user()), reopen.reason())
              .thenApply(AdminFrame.Reopened::new)
          : Stages.now(new AdminFrame.Reopened(Reopening.Outcome.UNKNOWN_USER));
    }
    var erase = (AdminFrame.Erase) request;
    return UserName.isValid(erase.user())
        ? new Erasure(system)
            .erase(new UserName(erase.user()), erase.reason())
            .thenApply(AdminFrame.Erased::new)
        : Stages.now(new AdminFrame.Erased(Erasure.Outcome.UNKNOWN_USER));
  }

  /**
   * Asks the server that uses a folder.
   *
   * @return empty if none listens there
   * @throws IOException if it does not answer
   */
  public static Optional<AdminFrame.Reply> ask(Path folder, AdminFrame.Request request)
      throws IOException {
    Optional<SocketChannel> server = connect(folder.resolve(FILE));
    if (server.isEmpty()) {
      return Optional.empty();
    }
    try (SocketChannel channel = server.get()) {
      write(channel, StrictJson.encode(request, AdminFrame.Request.class));
      return Optional.of(StrictJson.decode(readLine(channel), AdminFrame.Reply.class));
    } catch (JsonRefused e) {
      throw new IOException("the server does not answer", e);
    }
  }

  private static Optional<SocketChannel> connect(Path file) {
    try {
      return Files.exists(file)
          ? Optional.of(SocketChannel.open(UnixDomainSocketAddress.of(file)))
          : Optional.empty();
    } catch (IOException nobodyListens) {
      return Optional.empty();
    }
  }

  private static void write(SocketChannel channel, byte[] line) throws IOException {
    ByteBuffer rest = ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
    while (rest.hasRemaining()) {
      channel.write(rest);
    }
  }

  /** Up to its end, which may be missing if the other side says no more. */
  private static byte[] readLine(SocketChannel channel) throws IOException {
    var line = new ByteArrayOutputStream();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (line.size() < LINE_BYTES_MAX && channel.read(one.clear()) == 1 && one.get(0) != '\n') {
      line.write(one.get(0));
    }
    return line.toByteArray();
  }

  @Override
  public void close() {
    try {
      channel.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("The socket for the operator's commands was not closed: {}.", e.toString());
    }
  }
}

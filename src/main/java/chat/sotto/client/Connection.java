package chat.sotto.client;

import chat.sotto.crypto.RefusedException;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.CloseCode;
import chat.sotto.protocol.FrameException;
import chat.sotto.protocol.ServerFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongFunction;

/**
 * One connection to the server, from the hello to the close: envelopes, one reply for each request,
 * pushes, liveness (docs/protocol.md §2). All of it runs on one executor, the owner's.
 */
public final class Connection {
  /** A close code of our own: the line broke or went silent. */
  public static final int LOST = 1006;

  /** The nonce of an error about a frame without a nonce that can be read. */
  private static final long UNREADABLE = 1;

  private static final String SUBPROTOCOL = "sotto.v1";
  private static final int RECEIVED_BYTES_MAX = 1 << 20;
  private static final Duration CONNECT_TIME_MAX = Duration.ofSeconds(10);
  private static final Duration HELLO_TIME_MAX = Duration.ofSeconds(4);
  private static final Duration RESUME_TIME_MAX = Duration.ofSeconds(10);

  /** A password may have to wait for its turn to be hashed. */
  private static final Duration PASSWORD_TIME_MAX = Duration.ofSeconds(30);

  private static final Duration SILENCE_MAX = Duration.ofSeconds(20);
  private static final Duration UNANSWERED_MAX = Duration.ofSeconds(2);
  private static final Duration PONG_TIME_MAX = Duration.ofSeconds(3);

  /** What a connection needs of its owner, in the order in which it asks. */
  public interface Owner {
    /** @throws Breach if the hello is refused */
    Channel greeted(byte[] hello);

    /** The first frame, which signs in. */
    ClientFrame.First firstFrame(long nonce, Bytes connectionKey);

    /** The reply to the first frame, or to what {@link #link} sent: signed in, or not. */
    void answered(ServerFrame.Reply reply);

    void pushed(ServerFrame.Push push);

    /** @param code a close code of docs/protocol.md §2.5, or {@link #LOST} */
    void closed(int code);
  }

  /** Opens WebSockets. */
  public interface Opener {
    /** @return fails with any exception if there is no WebSocket in time */
    CompletableFuture<WebSocket> open(URI uri, String subprotocol, WebSocket.Listener listener);

    /** Those of the JDK. */
    static Opener of(HttpClient http) {
      return (uri, subprotocol, listener) ->
          http.newWebSocketBuilder()
              .subprotocols(subprotocol)
              .connectTimeout(CONNECT_TIME_MAX)
              .buildAsync(uri, listener);
    }
  }

  /** Completes a request that has no reply any more. */
  public static final class LostException extends IOException {
    private static final long serialVersionUID = 1;

    LostException() {
      super("the connection was lost");
    }
  }

  private record Pending(CompletableFuture<ServerFrame.Reply> reply, long sentAtNanos) {}

  private final Executor executor;
  private final Owner owner;
  private final Map<Long, Pending> pending = new TreeMap<>();
  private WebSocket socket;
  private Channel channel;
  private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);
  private Duration patience = CONNECT_TIME_MAX;
  private boolean ended;
  private boolean signedIn;
  private long nextNonce = 2;
  private long lastPushNonce;
  private long heardAtNanos = System.nanoTime();
  private long pingAtNanos;
  private boolean pinging;

  private Connection(Executor executor, Owner owner) {
    this.executor = executor;
    this.owner = owner;
  }

  /** Begins at once; the owner hears what comes of it, on the executor. */
  public static Connection dial(Opener opener, URI uri, Executor executor, Owner owner) {
    var connection = new Connection(executor, owner);
    opener
        .open(uri, SUBPROTOCOL, connection.new Ears())
        .whenCompleteAsync(connection::dialled, executor);
    return connection;
  }

  private void dialled(WebSocket opened, Throwable failure) {
    if (failure != null) {
      end(LOST);
    } else if (ended) {
      opened.abort();
    } else if (!SUBPROTOCOL.equals(opened.getSubprotocol())) {
      opened.abort();
      end(LOST);
    } else {
      socket = opened;
      heardAtNanos = System.nanoTime();
      patience = HELLO_TIME_MAX;
      socket.request(1);
    }
  }

  /** Sends a request; its nonce is given to the maker of the frame. */
  public CompletableFuture<ServerFrame.Reply> request(LongFunction<ClientFrame.Later> frame) {
    var reply = new CompletableFuture<ServerFrame.Reply>();
    if (ended) {
      reply.completeExceptionally(new LostException());
      return reply;
    }
    long nonce = takeNonce();
    pending.put(nonce + 1, new Pending(reply, System.nanoTime()));
    send(channel.seal(frame.apply(nonce)));
    return reply;
  }

  /** Goes on with a sign-in that was answered by an offer; the owner hears what it comes to. */
  void link(LongFunction<ClientFrame.Link> frame) {
    if (!ended) {
      send(channel.seal(frame.apply(takeNonce())));
    }
  }

  /** Sends an acknowledgement of everything pushed so far; it has no reply. */
  public void acknowledge(LongFunction<ClientFrame.Later> frame) {
    if (!ended) {
      send(channel.seal(frame.apply(lastPushNonce + 1)));
    }
  }

  private long takeNonce() {
    long nonce = nextNonce;
    nextNonce += 2;
    return nonce;
  }

  private void send(byte[] envelope) {
    sending = sending.thenCompose(done -> socket.sendBinary(ByteBuffer.wrap(envelope), true));
    sending.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            executor.execute(() -> end(LOST));
          }
        });
  }

  /** Looks after the line; called several times a second, with the link once there is one. */
  void tick(Optional<Link> link) {
    long now = System.nanoTime();
    if (ended) {
      return;
    }
    if (link.isEmpty()) {
      // The JDK's socket may say nothing of a line that breaks soon after it was made.
      if (now - heardAtNanos > patience.toNanos()) {
        end(LOST);
      }
    } else if (pinging) {
      if (now - pingAtNanos > PONG_TIME_MAX.toNanos()) {
        end(LOST);
      }
    } else if (now - heardAtNanos > SILENCE_MAX.toNanos() || isUnanswered(now)) {
      pinging = true;
      pingAtNanos = now;
      link.get().request(ClientFrame.Ping::new).whenComplete((pong, lost) -> pinging = false);
    }
  }

  private boolean isUnanswered(long now) {
    return pending.values().stream()
        .anyMatch(request -> now - request.sentAtNanos > UNANSWERED_MAX.toNanos());
  }

  private void received(byte[] message) {
    if (ended) {
      return;
    }
    heardAtNanos = System.nanoTime();
    try {
      if (channel == null) {
        channel = owner.greeted(message);
        ClientFrame.First first = owner.firstFrame(takeNonce(), channel.connectionKey());
        patience = first instanceof ClientFrame.Resume ? RESUME_TIME_MAX : PASSWORD_TIME_MAX;
        send(channel.sealFirst(first));
      } else {
        take(channel.open(message));
      }
      socket.request(1);
    } catch (RefusedException | FrameException e) {
      close(CloseCode.BAD_ENVELOPE.code());
    }
  }

  private void take(ServerFrame frame) {
    if (!signedIn) {
      answered(frame);
    } else if (frame instanceof ServerFrame.Push push) {
      if (push.nonce() % 2 != 0 || push.nonce() <= lastPushNonce) {
        close(CloseCode.BAD_ENVELOPE.code());
        return;
      }
      lastPushNonce = push.nonce();
      owner.pushed(push);
    } else if (frame instanceof ServerFrame.Failed failed && failed.nonce() == UNREADABLE) {
      // Says that it could not read a frame of ours.
      close(CloseCode.NORMAL.code());
    } else if (frame instanceof ServerFrame.Reply reply) {
      Pending request = pending.remove(reply.nonce());
      if (request != null) {
        request.reply.complete(reply);
      }
    }
  }

  private void answered(ServerFrame frame) {
    if (!(frame instanceof ServerFrame.Reply reply) || reply.nonce() != nextNonce - 1) {
      close(CloseCode.BAD_ENVELOPE.code());
      return;
    }
    signedIn = reply instanceof ServerFrame.SignedIn;
    owner.answered(reply);
  }

  /** Says goodbye and ends the connection. */
  public void close(int code) {
    if (socket != null && !ended) {
      WebSocket leaving = socket;
      sending.thenCompose(done -> leaving.sendClose(code, "")).thenRun(leaving::abort);
    }
    end(code);
  }

  /** Ends the connection at once and without a word; the owner is not told. */
  public void abort() {
    ended = true;
    if (socket != null) {
      socket.abort();
    }
    failPending();
  }

  private void end(int code) {
    if (!ended) {
      ended = true;
      if (socket != null && code == LOST) {
        socket.abort();
      }
      failPending();
      owner.closed(code);
    }
  }

  private void failPending() {
    var unanswered = List.copyOf(pending.values());
    pending.clear();
    unanswered.forEach(request -> request.reply.completeExceptionally(new LostException()));
  }

  /** Assembles messages on the socket's own threads; everything else happens on the executor. */
  private final class Ears implements WebSocket.Listener {
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    @Override
    public void onOpen(WebSocket webSocket) {
      // Nothing is asked for until the socket is known here: the executor asks.
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
      if (message.size() + data.remaining() > RECEIVED_BYTES_MAX) {
        webSocket.abort();
        executor.execute(() -> end(LOST));
        return null;
      }
      byte[] part = new byte[data.remaining()];
      data.get(part);
      message.writeBytes(part);
      if (last) {
        byte[] whole = message.toByteArray();
        message.reset();
        executor.execute(() -> received(whole));
      } else {
        webSocket.request(1);
      }
      return null;
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      executor.execute(() -> close(CloseCode.BAD_ENVELOPE.code()));
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
      executor.execute(() -> end(statusCode));
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      executor.execute(() -> end(LOST));
    }
  }
}

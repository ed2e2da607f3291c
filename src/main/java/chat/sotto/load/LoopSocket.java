package chat.sotto.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A client's WebSocket without TLS (RFC 6455) that lives on one loop, whose thread alone uses it.
 * The JDK's own writes each message by a call of its own, and passes each from thread to thread,
 * which took the generator more of the processor than all else that it does.
 */
final class LoopSocket implements WebSocket {
  private static final Duration OPEN_TIME_MAX = Duration.ofSeconds(10);
  private static final int DEFAULT_PORT = 80;
  private static final int IN_BYTES = 8 * 1024;
  private static final int FRAME_BYTES_MAX = 2 << 20;
  private static final int KEY_BYTES = 16;

  private static final int FIN = 0x80;
  private static final int RESERVED = 0x70;
  private static final int MASKED = 0x80;
  private static final int CONTINUATION = 0x0;
  private static final int TEXT = 0x1;
  private static final int BINARY = 0x2;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;
  private static final int PONG = 0xA;
  private static final int NO_CODE = 1005;

  private static final String HEAD_END = "\r\n\r\n";
  private static final Pattern PROTOCOL =
      Pattern.compile("\r\nSec-WebSocket-Protocol: *([^\r]*)", Pattern.CASE_INSENSITIVE);

  private final SocketLoop loop;
  private final URI uri;
  private final String wanted;
  private final Listener listener;
  private final CompletableFuture<WebSocket> opened = new CompletableFuture<>();
  private final Deque<ByteBuffer> out = new ArrayDeque<>();

  /** What came and was not given on, from its position to its limit. */
  private ByteBuffer in = ByteBuffer.allocate(IN_BYTES).limit(0);

  private SocketChannel channel;
  private SelectionKey key;
  private String subprotocol = "";

  /** How many messages the listener asked for and has not heard. */
  private long demand;

  private boolean isGiving;
  private boolean isOpen;
  private boolean isInputClosed;
  private boolean isOutputClosed;

  private LoopSocket(SocketLoop loop, URI uri, String wanted, Listener listener) {
    this.loop = loop;
    this.uri = uri;
    this.wanted = wanted;
    this.listener = listener;
  }

  /**
   * Connects; whether it is a WebSocket to which it did is shown by the first message, which is
   * signed, and not by the answer's hash of a number.
   *
   * @param listener called on the loop
   */
  static CompletableFuture<WebSocket> open(
      SocketLoop loop, URI uri, String subprotocol, Listener listener) {
    var socket = new LoopSocket(loop, uri, subprotocol, listener);
    loop.execute(socket::connect);
    return socket
        .opened
        .orTimeout(OPEN_TIME_MAX.toSeconds(), TimeUnit.SECONDS)
        .whenComplete(
            (open, failure) -> {
              if (failure != null) {
                loop.execute(socket::abort);
              }
            });
  }

  private void connect() {
    try {
      channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
      boolean isConnected = channel.connect(new InetSocketAddress(uri.getHost(), port));
      key = loop.register(channel, isConnected ? 0 : SelectionKey.OP_CONNECT, this);
      if (isConnected) {
        ask();
      }
    } catch (IOException | UnresolvedAddressException e) {
      fail(e);
    }
  }

  /** Its channel is connected, or may be read or written. */
  void ready() {
    if (!key.isValid()) {
      return;
    }
    try {
      if (key.isConnectable()) {
        channel.finishConnect();
        ask();
      }
      if (key.isReadable()) {
        read();
      }
      if (key.isValid() && key.isWritable()) {
        loop.sendSoon(this);
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  private void ask() {
    byte[] nonce = new byte[KEY_BYTES];
    ThreadLocalRandom.current().nextBytes(nonce);
    String request =
        String.join(
            "\r\n",
            "GET " + uri.getPath() + " HTTP/1.1",
            "Host: " + uri.getAuthority(),
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: " + Base64.getEncoder().encodeToString(nonce),
            "Sec-WebSocket-Protocol: " + wanted + HEAD_END);
    say(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
  }

  private void read() throws IOException {
    in.compact();
    int count = channel.read(in);
    in.flip();
    if (count < 0) {
      throw new EOFException("the connection ended");
    }
    if (isInputClosed) {
      in.limit(0);
    } else if (!isOpen) {
      readAnswer();
    }
    give();
  }

  private void readAnswer() throws IOException {
    var answer = new String(in.array(), 0, in.limit(), StandardCharsets.ISO_8859_1);
    int end = answer.indexOf(HEAD_END);
    if (end < 0 && in.limit() < in.capacity()) {
      return;
    }
    if (end < 0 || !answer.startsWith("HTTP/1.1 101 ")) {
      throw new IOException("no WebSocket: " + answer.lines().findFirst().orElse(""));
    }
    in.position(end + HEAD_END.length());
    PROTOCOL.matcher(answer).results().findFirst().ifPresent(found -> subprotocol = found.group(1));
    isOpen = true;
    listener.onOpen(this);
    opened.complete(this);
  }

  /** As much as is asked for and there; what the listener asks for meanwhile comes next. */
  private void give() throws IOException {
    if (isGiving) {
      return;
    }
    isGiving = true;
    try {
      boolean isMore = isOpen;
      while (isMore && demand > 0 && !isInputClosed) {
        isMore = giveNext();
      }
    } finally {
      isGiving = false;
    }
    watch();
  }

  /** @return whether a whole frame was there */
  private boolean giveNext() throws IOException {
    int at = in.position();
    if (in.remaining() < 2) {
      return false;
    }
    int first = in.get(at) & 0xff;
    long length = in.get(at + 1) & 0xff;
    int head = length == 127 ? 10 : length == 126 ? 4 : 2;
    if (in.remaining() < head) {
      return false;
    }
    if (head > 2) {
      length = head == 4 ? in.getShort(at + 2) & 0xffff : in.getLong(at + 2);
    }
    boolean isMasked = (in.get(at + 1) & MASKED) != 0;
    if (isMasked || (first & RESERVED) != 0 || length < 0 || length > FRAME_BYTES_MAX) {
      throw new IOException("no frame of a server");
    }
    int end = head + (int) length;
    if (in.remaining() < end) {
      makeRoomFor(end);
      return false;
    }
    ByteBuffer payload = in.slice(at + head, (int) length);
    in.position(at + end);
    take(first, payload);
    return true;
  }

  private void makeRoomFor(int bytes) {
    if (in.capacity() < bytes) {
      in = ByteBuffer.allocate(bytes).put(in).flip();
    }
  }

  private void take(int first, ByteBuffer payload) throws IOException {
    boolean isLast = (first & FIN) != 0;
    switch (first & ~FIN) {
      case BINARY, CONTINUATION -> {
        demand--;
        listener.onBinary(this, payload, isLast);
      }
      case TEXT -> {
        demand--;
        listener.onText(this, StandardCharsets.UTF_8.decode(payload), isLast);
      }
      case PING -> {
        if (!isOutputClosed) {
          say(MaskedFrame.of(PONG, payload));
        }
      }
      case PONG -> {}
      case CLOSE -> takeClose(payload);
      default -> throw new IOException("no frame of RFC 6455");
    }
  }

  private void takeClose(ByteBuffer payload) {
    int code = payload.remaining() < 2 ? NO_CODE : payload.getShort(0) & 0xffff;
    isInputClosed = true;
    if (!isOutputClosed) {
      say(MaskedFrame.of(CLOSE, payload));
      isOutputClosed = true;
    }
    listener.onClose(this, code, "");
  }

  private void say(ByteBuffer bytes) {
    out.add(bytes);
    loop.sendSoon(this);
  }

  /** Sends as much of what waits as the network takes. */
  void flush() {
    if (!channel.isOpen()) {
      return;
    }
    try {
      if (!out.isEmpty()) {
        channel.write(out.toArray(ByteBuffer[]::new));
        while (!out.isEmpty() && !out.peek().hasRemaining()) {
          out.remove();
        }
      }
      watch();
    } catch (IOException e) {
      fail(e);
    }
  }

  /** Reads only for whoever asks, but after a close frame, when nothing but the end comes. */
  private void watch() {
    if (key.isValid()) {
      boolean reads = demand > 0 || isInputClosed || !isOpen;
      key.interestOps(
          (reads ? SelectionKey.OP_READ : 0) | (out.isEmpty() ? 0 : SelectionKey.OP_WRITE));
    }
  }

  private void fail(Exception why) {
    boolean isExpected = isInputClosed || isOpen && !channel.isOpen();
    abort();
    if (!isOpen) {
      opened.completeExceptionally(why);
    } else if (!isExpected) {
      listener.onError(this, why);
    }
  }

  // WebSocket

  @Override
  public CompletableFuture<WebSocket> sendBinary(ByteBuffer data, boolean last) {
    return send(BINARY, data);
  }

  @Override
  public CompletableFuture<WebSocket> sendText(CharSequence data, boolean last) {
    return send(TEXT, StandardCharsets.UTF_8.encode(data.toString()));
  }

  @Override
  public CompletableFuture<WebSocket> sendPing(ByteBuffer message) {
    return send(PING, message);
  }

  @Override
  public CompletableFuture<WebSocket> sendPong(ByteBuffer message) {
    return send(PONG, message);
  }

  /** Goes at once: whoever says goodbye may leave next. */
  @Override
  public CompletableFuture<WebSocket> sendClose(int statusCode, String reason) {
    ByteBuffer body = ByteBuffer.allocate(2).putShort((short) statusCode).flip();
    CompletableFuture<WebSocket> sent = send(CLOSE, body);
    isOutputClosed = true;
    flush();
    return sent;
  }

  /** Of whole messages. @return when it waits for its turn */
  private CompletableFuture<WebSocket> send(int opcode, ByteBuffer payload) {
    if (isOutputClosed || !channel.isOpen()) {
      return CompletableFuture.failedFuture(new IOException("the connection has ended"));
    }
    say(MaskedFrame.of(opcode, payload));
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void request(long count) {
    demand += count;
    try {
      give();
    } catch (IOException e) {
      fail(e);
    }
  }

  @Override
  public String getSubprotocol() {
    return subprotocol;
  }

  @Override
  public boolean isOutputClosed() {
    return isOutputClosed;
  }

  @Override
  public boolean isInputClosed() {
    return isInputClosed;
  }

  @Override
  public void abort() {
    isInputClosed = true;
    isOutputClosed = true;
    out.clear();
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // It is gone all the same.
    }
  }
}

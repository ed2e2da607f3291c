package chat.sotto.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The load tool's WebSocket against a server that the test plays byte by byte. */
class LoopSocketTest {
  private static final int WAIT_SECONDS = 20;
  private static final int FIN = 0x80;
  private static final int CONTINUATION = 0;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private final AtomicReference<RuntimeException> fault = new AtomicReference<>();
  private final SocketLoop loop = new SocketLoop(fault::set);
  private final Ear ear = new Ear();
  private ServerSocket server;
  private Socket peer;
  private DataOutputStream out;
  private DataInputStream in;

  private record Closed(int code) {}

  /** Keeps whole messages, how it ended, and what failed. */
  private static final class Ear implements WebSocket.Listener {
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private boolean asksForMore = true;

    @Override
    public void onOpen(WebSocket socket) {
      // The test asks.
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] part = new byte[data.remaining()];
      data.get(part);
      message.writeBytes(part);
      if (last) {
        heard.add(message.toByteArray());
        message.reset();
      }
      if (asksForMore || !last) {
        socket.request(1);
      }
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      heard.add(new Closed(code));
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      heard.add(error);
    }

    Object next() throws InterruptedException {
      return heard.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    }
  }

  private record Frame(int first, byte[] payload) {}

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void end() throws IOException {
    loop.close();
    server.close();
    if (peer != null) {
      peer.close();
    }
    assertNull(fault.get());
  }

  private CompletableFuture<WebSocket> dial() {
    var uri = URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/ws");
    return LoopSocket.open(loop, uri, "sotto.v1", ear);
  }

  /** @param answer to the request, and what comes with it */
  private CompletableFuture<WebSocket> dial(String answer) throws IOException {
    CompletableFuture<WebSocket> opened = dial();
    peer = server.accept();
    peer.setSoTimeout(WAIT_SECONDS * 1_000);
    out = new DataOutputStream(peer.getOutputStream());
    in = new DataInputStream(peer.getInputStream());
    var request = new StringBuilder();
    while (request.indexOf("\r\n\r\n") < 0) {
      request.append((char) in.readUnsignedByte());
    }
    assertTrue(request.toString().startsWith("GET /ws HTTP/1.1\r\n"), request.toString());
    assertTrue(request.toString().contains("Sec-WebSocket-Protocol: sotto.v1\r\n"));
    out.write(answer.getBytes(StandardCharsets.US_ASCII));
    return opened;
  }

  private WebSocket open() throws Exception {
    String answer =
        "HTTP/1.1 101 Switching Protocols\r\nsec-websocket-protocol: sotto.v1\r\n\r\n";
    return dial(answer).get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (i * 7 + count);
    }
    return bytes;
  }

  private static byte[] frame(int first, byte[] payload) {
    var frame = ByteBuffer.allocate(10 + payload.length).put((byte) first);
    if (payload.length < 126) {
      frame.put((byte) payload.length);
    } else if (payload.length < 65_536) {
      frame.put((byte) 126).putShort((short) payload.length);
    } else {
      frame.put((byte) 127).putLong(payload.length);
    }
    frame.put(payload).flip();
    byte[] whole = new byte[frame.remaining()];
    frame.get(whole);
    return whole;
  }

  private Frame readFrame() throws IOException {
    int first = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    assertTrue(length >= 0x80, "a client masks");
    length -= 0x80;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = (int) in.readLong();
    }
    byte[] mask = in.readNBytes(4);
    byte[] payload = in.readNBytes(length);
    for (int i = 0; i < length; i++) {
      payload[i] ^= mask[i % 4];
    }
    return new Frame(first, payload);
  }

  @Test
  void messagesComeInOrderHoweverLongAndHoweverTheNetworkCutsThem() throws Exception {
    WebSocket socket = open();
    assertEquals("sotto.v1", socket.getSubprotocol());
    loop.execute(() -> socket.request(1));
    List<Integer> lengths = List.of(0, 1, 125, 126, 300, 65_535, 65_536, 200_000, 5);
    for (int length : lengths) {
      out.write(frame(FIN | BINARY, bytes(length)));
    }
    for (byte one : frame(FIN | BINARY, bytes(130))) {
      out.write(one);
      out.flush();
    }
    for (int length : lengths) {
      assertArrayEquals(bytes(length), (byte[]) ear.next());
    }
    assertArrayEquals(bytes(130), (byte[]) ear.next());
  }

  @Test
  void messageInManyPartsIsOneAndAPingBetweenThemIsAnswered() throws Exception {
    WebSocket socket = open();
    loop.execute(() -> socket.request(1));
    var sent = new ByteArrayOutputStream();
    sent.writeBytes(frame(BINARY, bytes(3)));
    sent.writeBytes(frame(FIN | PING, bytes(9)));
    for (int i = 0; i < 20_000; i++) {
      sent.writeBytes(frame(CONTINUATION, new byte[0]));
    }
    sent.writeBytes(frame(FIN | CONTINUATION, bytes(4)));
    out.write(sent.toByteArray());
    var whole = new ByteArrayOutputStream();
    whole.writeBytes(bytes(3));
    whole.writeBytes(bytes(4));
    assertArrayEquals(whole.toByteArray(), (byte[]) ear.next());
    Frame pong = readFrame();
    assertEquals(FIN | PONG, pong.first());
    assertArrayEquals(bytes(9), pong.payload());
  }

  @Test
  void nothingComesThatNobodyAskedFor() throws Exception {
    ear.asksForMore = false;
    WebSocket socket = open();
    out.write(frame(FIN | BINARY, bytes(1)));
    out.write(frame(FIN | BINARY, bytes(2)));
    loop.execute(() -> socket.request(1));
    assertArrayEquals(bytes(1), (byte[]) ear.next());
    var looked = new CompletableFuture<Boolean>();
    loop.execute(() -> looked.complete(ear.heard.isEmpty()));
    assertTrue(looked.get(WAIT_SECONDS, TimeUnit.SECONDS));
    loop.execute(() -> socket.request(1));
    assertArrayEquals(bytes(2), (byte[]) ear.next());
  }

  @Test
  void whatWasSaidBeforeAGoodbyeGoesBeforeIt() throws Exception {
    WebSocket socket = open();
    loop.execute(
        () -> {
          for (int length : List.of(0, 3, 125, 126, 65_536)) {
            socket.sendBinary(ByteBuffer.wrap(bytes(length)), true);
          }
          socket.sendClose(4400, "");
        });
    for (int length : List.of(0, 3, 125, 126, 65_536)) {
      Frame frame = readFrame();
      assertEquals(FIN | BINARY, frame.first());
      assertArrayEquals(bytes(length), frame.payload());
    }
    Frame close = readFrame();
    assertEquals(FIN | CLOSE, close.first());
    assertEquals(4400, ByteBuffer.wrap(close.payload()).getShort() & 0xffff);
  }

  @Test
  void closeOfTheServerIsToldAfterWhatCameBeforeAndAnswered() throws Exception {
    WebSocket socket = open();
    loop.execute(() -> socket.request(1));
    out.write(frame(FIN | BINARY, bytes(2)));
    out.write(frame(FIN | CLOSE, new byte[] {0x11, 0x30}));
    assertArrayEquals(bytes(2), (byte[]) ear.next());
    assertEquals(new Closed(0x1130), ear.next());
    assertEquals(FIN | CLOSE, readFrame().first());
    peer.close();
    var sent = new CompletableFuture<WebSocket>();
    loop.execute(
        () ->
            socket
                .sendBinary(ByteBuffer.allocate(1), true)
                .whenComplete((done, failure) -> sent.completeExceptionally(failure)));
    assertThrows(ExecutionException.class, () -> sent.get(WAIT_SECONDS, TimeUnit.SECONDS));
    assertTrue(ear.heard.isEmpty());
  }

  @Test
  void endWithoutAWordAndWhatIsNoFrameAreErrors() throws Exception {
    List<byte[]> wrong =
        List.of(
            new byte[0],
            new byte[] {(byte) (FIN | BINARY), (byte) 0x81, 0, 0, 0, 0, 1},
            new byte[] {(byte) (FIN | 0x40 | BINARY), 0},
            new byte[] {(byte) (FIN | 3), 0},
            new byte[] {(byte) (FIN | BINARY), 127, -1, 0, 0, 0, 0, 0, 0, 0});
    var errors = new ArrayList<Object>();
    for (byte[] bytes : wrong) {
      WebSocket socket = open();
      loop.execute(() -> socket.request(1));
      out.write(bytes);
      peer.shutdownOutput();
      errors.add(ear.next());
      peer.close();
    }
    assertEquals(wrong.size(), errors.size());
    errors.forEach(error -> assertInstanceOf(IOException.class, error));
  }

  @Test
  void whatIsNoWebSocketIsRefusedWithTheFirstLineOfTheAnswer() throws Exception {
    var opened = dial("HTTP/1.1 403 Forbidden\r\n\r\n");
    var failure =
        assertThrows(ExecutionException.class, () -> opened.get(WAIT_SECONDS, TimeUnit.SECONDS));
    assertEquals("no WebSocket: HTTP/1.1 403 Forbidden", failure.getCause().getMessage());
    server.close();
    assertThrows(ExecutionException.class, () -> dial().get(WAIT_SECONDS, TimeUnit.SECONDS));
  }
}

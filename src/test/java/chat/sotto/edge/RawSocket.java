package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.Server;
import chat.sotto.protocol.CloseCode;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A TCP connection on which the test writes HTTP and WebSocket frames byte by byte. */
final class RawSocket implements AutoCloseable {
  static final int CONTINUATION = 0x0;
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;
  static final int FIN = 0x80;
  private static final int MASKED = 0x80;
  private static final byte[] MASK = {1, 2, 3, 4};
  private static final int WAIT_MS = 15_000;

  private final Socket socket;
  private final DataInputStream in;

  record Frame(int opcode, byte[] payload) {}

  private RawSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  static RawSocket open(Server server) throws IOException {
    return open(server, "127.0.0.1");
  }

  /** @param from the client's own address */
  static RawSocket open(Server server, String from) throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
    socket.connect(new InetSocketAddress("127.0.0.1", server.address().getPort()), WAIT_MS);
    socket.setSoTimeout(WAIT_MS);
    return new RawSocket(socket);
  }

  /** A WebSocket that was greeted. */
  static RawSocket greeted(Server server) throws IOException {
    RawSocket socket = open(server);
    assertTrue(socket.upgrade("").startsWith("HTTP/1.1 101 "));
    assertEquals(FIN | BINARY, socket.frame().opcode());
    return socket;
  }

  /** @return status line and headers */
  String upgrade(String headers) throws IOException {
    return upgrade("Sec-WebSocket-Protocol: sotto.v1\r\n", headers);
  }

  String upgrade(String protocol, String headers) throws IOException {
    write(
        "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            + protocol
            + headers
            + "\r\n");
    return head();
  }

  void write(String text) throws IOException {
    write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Up to and with the empty line. */
  String head() throws IOException {
    var text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      text.append((char) next);
    }
    return text.toString();
  }

  byte[] read(int length) throws IOException {
    return in.readNBytes(length);
  }

  static byte[] header(int first, long length) {
    var bytes = ByteBuffer.allocate(14);
    bytes.put((byte) first);
    if (length <= 125) {
      bytes.put((byte) (MASKED | length));
    } else if (length <= 0xFFFF) {
      bytes.put((byte) (MASKED | 126)).putShort((short) length);
    } else {
      bytes.put((byte) (MASKED | 127)).putLong(length);
    }
    bytes.put(MASK);
    return java.util.Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** Writes one masked frame. */
  void frame(int first, byte[] payload) throws IOException {
    var frame = new ByteArrayOutputStream();
    frame.writeBytes(header(first, payload.length));
    for (int i = 0; i < payload.length; i++) {
      frame.write(payload[i] ^ MASK[i % MASK.length]);
    }
    write(frame.toByteArray());
  }

  /** Reads one frame; its opcode has the FIN bit. */
  Frame frame() throws IOException {
    int first = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = (int) in.readLong();
    }
    return new Frame(first, in.readNBytes(length));
  }

  void assertClosed(CloseCode code) throws IOException {
    assertClosed(code.code());
  }

  /** A close frame with this code comes next, and the connection ends when it was answered. */
  void assertClosed(int code) throws IOException {
    Frame frame = frame();
    assertEquals(FIN | CLOSE, frame.opcode());
    assertEquals(code, ByteBuffer.wrap(frame.payload()).getShort() & 0xFFFF);
    frame(FIN | CLOSE, frame.payload());
    assertEnded();
  }

  /** Whatever is said before, the connection ends or is reset. */
  void assertDropped() throws IOException {
    try {
      in.readAllBytes();
    } catch (SocketTimeoutException stillOpen) {
      throw stillOpen;
    } catch (IOException reset) {
      assertTrue(reset instanceof SocketException, reset.toString());
    }
  }

  void assertEnded() throws IOException {
    assertEquals(-1, in.read());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

package chat.sotto.edge;

import static chat.sotto.edge.RawSocket.BINARY;
import static chat.sotto.edge.RawSocket.CLOSE;
import static chat.sotto.edge.RawSocket.CONTINUATION;
import static chat.sotto.edge.RawSocket.FIN;
import static chat.sotto.edge.RawSocket.PING;
import static chat.sotto.edge.RawSocket.PONG;
import static chat.sotto.edge.RawSocket.TEXT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.TestServer;
import chat.sotto.protocol.CloseCode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * RFC 6455 on a real socket, before anybody signed in. A message that came whole and is no envelope
 * ends with 4400.
 */
class WebSocketFramesTest {
  private static final int PROTOCOL_ERROR = 1002;
  private static final int BYTES_MAX = 128 * 1024;

  @TempDir static Path data;
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start(data);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static RawSocket greeted() throws Exception {
    return RawSocket.greeted(server.server());
  }

  private static void assertFirstFrameIsProtocolError(int first, byte[] payload)
      throws Exception {
    try (var socket = greeted()) {
      socket.frame(first, payload);
      socket.assertClosed(PROTOCOL_ERROR);
    }
  }

  @Test
  void textIsRefused() throws Exception {
    try (var socket = greeted()) {
      socket.frame(FIN | TEXT, new byte[] {'h', 'i'});
      socket.assertClosed(CloseCode.BAD_ENVELOPE);
    }
  }

  @Test
  void aHeaderThatAnnouncesOneTebibyteIsRefusedAtOnce() throws Exception {
    try (var socket = greeted()) {
      socket.write(RawSocket.header(FIN | BINARY, 1L << 40));
      var frame = socket.frame();
      assertEquals(FIN | CLOSE, frame.opcode());
      assertArrayEquals(new byte[] {0x03, (byte) 0xF1}, frame.payload());
    }
  }

  @Test
  void aMessageOfTheLargestSizeIsReadAndOneByteMoreIsNot() throws Exception {
    try (var socket = greeted()) {
      socket.frame(FIN | BINARY, new byte[BYTES_MAX]);
      socket.assertClosed(CloseCode.BAD_ENVELOPE);
    }
    try (var socket = greeted()) {
      socket.write(RawSocket.header(FIN | BINARY, BYTES_MAX + 1));
      assertEquals(FIN | CLOSE, socket.frame().opcode());
    }
  }

  @Test
  void fragmentsAreOneMessageAndAreCountedTogether() throws Exception {
    try (var socket = greeted()) {
      socket.frame(BINARY, new byte[100]);
      socket.frame(CONTINUATION, new byte[0]);
      socket.frame(FIN | CONTINUATION, new byte[100]);
      socket.assertClosed(CloseCode.BAD_ENVELOPE);
    }
    try (var socket = greeted()) {
      socket.frame(BINARY, new byte[BYTES_MAX - 1]);
      socket.frame(CONTINUATION, new byte[1]);
      socket.frame(FIN | PING, new byte[] {7});
      assertEquals(FIN | PONG, socket.frame().opcode());
      socket.write(RawSocket.header(CONTINUATION, 1));
      socket.write(new byte[1]);
      socket.assertClosed(CloseCode.TOO_LARGE);
    }
  }

  @Test
  void pingsAreAnsweredWithTheirContent() throws Exception {
    try (var socket = greeted()) {
      byte[] content = TestUser.random(125);
      socket.frame(FIN | PING, content);
      var pong = socket.frame();
      assertEquals(FIN | PONG, pong.opcode());
      assertArrayEquals(content, pong.payload());
      socket.frame(FIN | PONG, new byte[0]);
      socket.frame(FIN | PING, new byte[0]);
      assertEquals(FIN | PONG, socket.frame().opcode());
    }
  }

  @Test
  void whatBreaksTheProtocolIsRefused() throws Exception {
    assertFirstFrameIsProtocolError(FIN | CONTINUATION, new byte[1]);
    assertFirstFrameIsProtocolError(FIN | 0x3, new byte[1]);
    assertFirstFrameIsProtocolError(FIN | 0xB, new byte[1]);
    assertFirstFrameIsProtocolError(FIN | 0x40 | BINARY, new byte[1]);
    assertFirstFrameIsProtocolError(FIN | 0x20 | BINARY, new byte[1]);
    assertFirstFrameIsProtocolError(FIN | 0x10 | BINARY, new byte[1]);
    assertFirstFrameIsProtocolError(FIN | PING, new byte[126]);
    assertFirstFrameIsProtocolError(PING, new byte[1]);
    assertFirstFrameIsProtocolError(CLOSE, new byte[0]);
    try (var socket = greeted()) {
      socket.write(new byte[] {(byte) (FIN | BINARY), 1, 0});
      socket.assertClosed(PROTOCOL_ERROR);
    }
    try (var socket = greeted()) {
      socket.frame(BINARY, new byte[1]);
      socket.frame(FIN | BINARY, new byte[1]);
      socket.assertClosed(PROTOCOL_ERROR);
    }
    try (var socket = greeted()) {
      socket.write(RawSocket.header(FIN | BINARY, Long.MIN_VALUE));
      assertEquals(FIN | CLOSE, socket.frame().opcode());
    }
  }

  @Test
  void aCloseIsAnsweredWithItsCode() throws Exception {
    for (int code : new int[] {1000, 1001, 3000, 4999}) {
      try (var socket = greeted()) {
        byte[] payload = {(byte) (code >> 8), (byte) code, 'b', 'y', 'e'};
        socket.frame(FIN | CLOSE, payload);
        assertArrayEquals(
            new byte[] {(byte) (code >> 8), (byte) code}, socket.frame().payload());
        socket.assertEnded();
      }
    }
    try (var socket = greeted()) {
      socket.frame(FIN | CLOSE, new byte[0]);
      assertEquals(0, socket.frame().payload().length);
      socket.assertEnded();
    }
  }

  @Test
  void aCloseWithACodeThatMayNotBeSentIsAProtocolError() throws Exception {
    byte[] protocolError = {0x03, (byte) 0xEA};
    for (byte[] bad : new byte[][] {{3}, {0, 0}, {0x03, (byte) 0xED}, {0x0B, (byte) 0xB7}}) {
      try (var socket = greeted()) {
        socket.frame(FIN | CLOSE, bad);
        assertArrayEquals(protocolError, socket.frame().payload());
        socket.assertEnded();
      }
    }
  }

  @Test
  void byteByByteIsReadLikeAtOnce() throws Exception {
    try (var socket = greeted()) {
      for (byte one : RawSocket.header(FIN | BINARY, 3)) {
        socket.write(new byte[] {one});
      }
      for (int i = 0; i < 3; i++) {
        socket.write(new byte[] {9});
      }
      socket.assertClosed(CloseCode.BAD_ENVELOPE);
    }
  }
}

package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestServer;
import chat.sotto.protocol.CloseCode;
import chat.sotto.protocol.ServerFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may open sockets, how many, and how long they may say nothing. */
class SocketLimitsTest {
  @TempDir Path data;

  private TestServer start(Map<String, Object> settings) {
    return TestServer.start(data, settings);
  }

  @Test
  void onlyOurOwnPageOrNoPageMayConnect() throws Exception {
    try (var server = start(Map.of())) {
      String own = server.server().url().origin();
      assertUpgrade(101, server, "Origin: " + own + "\r\n");
      assertUpgrade(101, server, "");
      for (String foreign :
          List.of("https://evil.example", "null", own + ".evil.example", "http://localhost")) {
        assertUpgrade(403, server, "Origin: " + foreign + "\r\n");
      }
      assertUpgrade(403, server, "Origin: " + own + "\r\nOrigin: https://evil.example\r\n");
      try (var socket = RawSocket.open(server.server())) {
        assertTrue(socket.upgrade("", "").startsWith("HTTP/1.1 400 "));
      }
      try (var socket = RawSocket.open(server.server())) {
        String other = "Sec-WebSocket-Protocol: chat, sotto.v2\r\n";
        assertTrue(socket.upgrade(other, "").startsWith("HTTP/1.1 400 "));
      }
      try (var socket = RawSocket.open(server.server())) {
        String among = "Sec-WebSocket-Protocol: chat, sotto.v1\r\n";
        String answer = socket.upgrade(among, "");
        assertTrue(answer.startsWith("HTTP/1.1 101 "));
        assertTrue(answer.contains("Sec-WebSocket-Protocol: sotto.v1\r\n"));
      }
    }
  }

  private static void assertUpgrade(int status, TestServer server, String headers)
      throws Exception {
    try (var socket = RawSocket.open(server.server())) {
      String answer = socket.upgrade(headers);
      assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
    }
  }

  @Test
  void oneAddressMayOpenSoManySocketsAndAnotherStillMay() throws Exception {
    try (var server =
        start(
            Map.of(
                "sotto.limits.connections-per-address", 2,
                "sotto.limits.connections-total", 3))) {
      try (var one = RawSocket.greeted(server.server());
          var two = RawSocket.greeted(server.server())) {
        assertTurnedAway(server, "127.0.0.1");
        try (var other = RawSocket.open(server.server(), "127.0.0.2")) {
          assertTrue(other.upgrade("").startsWith("HTTP/1.1 101 "));
          assertEquals(RawSocket.FIN | RawSocket.BINARY, other.frame().opcode());
          assertTurnedAway(server, "127.0.0.3");
        }
      }
      // A place is free again once its socket has gone.
      boolean free = false;
      while (!free) {
        try (var next = RawSocket.open(server.server())) {
          free =
              next.upgrade("").startsWith("HTTP/1.1 101 ")
                  && next.frame().opcode() == (RawSocket.FIN | RawSocket.BINARY);
        } catch (IOException refusedBeforeHttp) {
          free = false;
        }
      }
    }
  }

  private static void assertTurnedAway(TestServer server, String from) throws Exception {
    try (var socket = RawSocket.open(server.server(), from)) {
      assertTrue(socket.upgrade("").startsWith("HTTP/1.1 101 "));
      socket.assertClosed(CloseCode.TOO_MANY);
    }
  }

  @Test
  void oneUserMayHaveSoManyConnections() throws Exception {
    try (var server = start(Map.of("sotto.limits.connections-per-user", 1));
        var one = RawClient.connect(server.server());
        var two = RawClient.connect(server.server())) {
      var user = new TestUser("alice");
      var other = new TestDevice(user);
      one.register(user);
      two.send(two.sealFirst(other.login(two.connectionKey()), other.key));
      two.assertClosed(CloseCode.TOO_MANY);
    }
  }

  @Test
  void theAddressThatATrustedProxyNamesIsCounted() throws Exception {
    try (var server =
        start(
            Map.of(
                "sotto.limits.connections-per-address", 1,
                "sotto.trusted-proxies", List.of("127.0.0.1")))) {
      try (var one = RawSocket.open(server.server())) {
        one.upgrade("X-Forwarded-For: 192.0.2.1, 198.51.100.7\r\n");
        one.frame();
        try (var same = RawSocket.open(server.server())) {
          // What stands left of the proxy's own word is the client's invention.
          same.upgrade("X-Forwarded-For: 192.0.2.2, 198.51.100.7\r\n");
          same.assertClosed(CloseCode.TOO_MANY);
        }
        try (var other = RawSocket.open(server.server())) {
          other.upgrade("X-Forwarded-For: 198.51.100.8\r\n");
          assertEquals(RawSocket.FIN | RawSocket.BINARY, other.frame().opcode());
        }
      }
    }
  }

  /** Nobody is late whose first frame came in time and takes long to be answered. */
  @Test
  void aSlowAnswerIsNoSlowFirstFrame() throws Exception {
    var nobody = new TestDevice(new TestUser("nobody"));
    try (var server = start(Map.of("sotto.limits.first-frame-within", "900 ms"));
        var client = RawClient.connect(server.server())) {
      // Such a sign-in is answered after a second.
      client.send(client.sealFirst(nobody.login(client.connectionKey()), nobody.key));
      assertInstanceOf(ServerFrame.Failed.class, client.firstReply());
      client.assertClosed(CloseCode.NORMAL);
    }
  }

  @Test
  void aSlowFirstFrameAndLaterSilenceEndTheConnection() throws Exception {
    try (var server =
        start(
            Map.of(
                "sotto.limits.first-frame-within", "3 s",
                "sotto.limits.silence-max", "4 s"))) {
      var alice = new TestUser("alice");
      try (var slow = RawSocket.greeted(server.server())) {
        slow.write(RawSocket.header(RawSocket.FIN | RawSocket.BINARY, 100));
        slow.write(new byte[50]);
        slow.assertClosed(CloseCode.TIMEOUT);
      }
      try (var silent = RawClient.connect(server.server())) {
        silent.register(alice);
        silent.hear(ServerFrame.CaughtUp.class);
        silent.assertClosed(CloseCode.TIMEOUT);
      }
      try (var header = RawSocket.open(server.server())) {
        header.write("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
        assertEquals("", header.head());
      }
    }
  }

  @Test
  void idleHttpConnectionsAreBoundedToo() throws Exception {
    try (var server = start(Map.of("sotto.limits.connections-per-address", 3))) {
      List<RawSocket> idle = new ArrayList<>();
      try {
        for (int i = 0; i < 3; i++) {
          var socket = RawSocket.open(server.server());
          socket.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
          assertTrue(socket.head().startsWith("HTTP/1.1 200 "));
          idle.add(socket);
        }
        try (var more = RawSocket.open(server.server())) {
          more.assertEnded();
        }
      } finally {
        for (RawSocket socket : idle) {
          socket.close();
        }
      }
    }
  }

  @Test
  void oneAddressConnectsOnlySoOftenAndAnotherStillMay() throws Exception {
    var rate = Map.of("burst", 2, "every", "1 h");
    try (var server = start(Map.of("sotto.limits.connects-per-address", rate))) {
      for (int i = 0; i < 2; i++) {
        assertUpgrade(101, server, "");
      }
      try (var more = RawSocket.open(server.server())) {
        more.assertEnded();
      }
      try (var other = RawSocket.open(server.server(), "127.0.0.2")) {
        assertTrue(other.upgrade("").startsWith("HTTP/1.1 101 "));
      }
    }
  }

  @Test
  void aFloodOfSlowRequestsFromOneAddressLeavesOthersAlone() throws Exception {
    try (var server = start(Map.of())) {
      List<RawSocket> flood = new ArrayList<>();
      try {
        for (int i = 0; i < 500; i++) {
          var slow = RawSocket.open(server.server(), "127.0.0.66");
          slow.write("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
          flood.add(slow);
        }
        try (var client = RawClient.connect(server.server())) {
          client.register(new TestUser("alice"));
          client.assertAlive();
        }
      } finally {
        for (RawSocket socket : flood) {
          socket.close();
        }
      }
    }
  }

  @Test
  void whoIsConnectedIsToldThatTheServerStops() throws Exception {
    var server = start(Map.of());
    try (var client = RawClient.connect(server.server());
        var early = RawClient.connect(server.server())) {
      client.register(new TestUser("alice"));
      client.hear(ServerFrame.CaughtUp.class);
      server.close();
      client.assertClosed(CloseCode.GOING_AWAY);
      early.assertClosed(CloseCode.GOING_AWAY);
    }
  }
}

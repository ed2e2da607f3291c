package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestServer;
import chat.sotto.model.Bytes;
import chat.sotto.model.Prekey;
import chat.sotto.model.Visibility;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.CloseCode;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.FrameCodec;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Frames after the sign-in: order, numbers, tokens and forms. */
class LaterFramesTest {
  @TempDir static Path data;
  private static final int SOCKET_BYTES = 65_536;
  private static final MovableClock CLOCK = new MovableClock();
  private static TestServer server;

  private TestUser user;
  private RawClient client;

  @BeforeAll
  static void start() {
    server =
        TestServer.start(
            data,
            Map.of(
                "akka.http.server.socket-options.so-send-buffer-size", SOCKET_BYTES,
                "akka.http.server.socket-options.so-receive-buffer-size", SOCKET_BYTES),
            CLOCK);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void register(TestInfo test) throws Exception {
    user = new TestUser("user-" + Integer.toHexString(test.getDisplayName().hashCode()));
    client = RawClient.connect(server.server());
    client.register(user);
    client.hear(ServerFrame.CaughtUp.class);
  }

  @AfterEach
  void leave() {
    client.close();
  }

  private ClientFrame.Ping ping(long nonce) {
    return new ClientFrame.Ping(nonce, client.token());
  }

  private void assertAnswer(ErrorCode code, long nonce) throws Exception {
    var refused = client.hear(ServerFrame.Failed.class);
    assertEquals(code, refused.code());
    assertEquals(nonce, refused.nonce());
  }

  private void say(String frame) {
    client.send(client.seal(frame.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void envelopesOutOfOrderEndTheConnection() throws Exception {
    client.seal(FrameCodec.encode(ping(2)));
    byte[] second = client.seal(FrameCodec.encode(ping(4)));
    client.send(second);
    client.assertClosed(CloseCode.BAD_ENVELOPE);
  }

  @Test
  void aRepeatedEnvelopeEndsTheConnection() throws Exception {
    byte[] envelope = client.seal(FrameCodec.encode(ping(2)));
    client.send(envelope);
    client.hear(ServerFrame.Pong.class);
    client.send(envelope);
    client.assertClosed(CloseCode.BAD_ENVELOPE);
  }

  @Test
  void anEmptyEnvelopeEndsTheConnection() throws Exception {
    client.send(new byte[0]);
    client.assertClosed(CloseCode.BAD_ENVELOPE);
  }

  @Test
  void requestNumbersAreEvenAndRise() throws Exception {
    // The first frame had this number.
    client.say(ping(0));
    assertAnswer(ErrorCode.BAD_NONCE, 1);
    client.say(ping(6));
    assertEquals(7, client.hear(ServerFrame.Pong.class).nonce());
    for (long bad : new long[] {6, 4, 0, 9}) {
      client.say(ping(bad));
      assertAnswer(ErrorCode.BAD_NONCE, bad + 1);
    }
    client.say(ping(8));
    client.hear(ServerFrame.Pong.class);
  }

  @Test
  void whatIsNoFrameIsAnsweredAndTheConnectionGoesOn() throws Exception {
    String token = Bytes.of(client.token().toArray()).toString();
    String good = "{\"type\":\"ping\",\"nonce\":20,\"token\":\"" + token + "\"}";
    say("");
    assertAnswer(ErrorCode.BAD_FRAME, 1);
    say("[]");
    assertAnswer(ErrorCode.BAD_FRAME, 1);
    say(good.replace("ping", "hail"));
    assertAnswer(ErrorCode.UNKNOWN_TYPE, 21);
    say(good.replace(",\"nonce\":20", ""));
    assertAnswer(ErrorCode.BAD_FRAME, 1);
    say(good.replace("}", ",\"extra\":true}"));
    assertAnswer(ErrorCode.BAD_FRAME, 21);
    say(good.replace("}", ",\"type\":\"ping\"}"));
    assertAnswer(ErrorCode.BAD_FRAME, 1);
    say(good.replace("20", "20.5"));
    assertAnswer(ErrorCode.BAD_FRAME, 1);
    say(good.replace("}", ",\"deep\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"));
    assertAnswer(ErrorCode.BAD_FRAME, 1);
    say(good + "{}");
    assertAnswer(ErrorCode.BAD_FRAME, 1);
    say(good);
    client.hear(ServerFrame.Pong.class);
  }

  @Test
  void whoAsksAndDoesNotReadIsNotReadFromAndLosesNothing() throws Exception {
    // In each direction 4 MB or more, and sockets of a bounded size: pom.xml bounds the client's.
    int count = 30_000;
    Unread.say(client, ping(0), count);
  }

  @Test
  void aSecondSignInIsNotAllowed() throws Exception {
    client.say(user.login(client.connectionKey()));
    assertAnswer(ErrorCode.UNKNOWN_TYPE, 1);
    client.assertAlive();
  }

  @Test
  void anotherDevicesTokenIsRefusedForEveryRequest() throws Exception {
    var other = new TestUser("other-" + user.name.value().hashCode() % 100_000);
    Secret foreign;
    try (var next = RawClient.connect(server.server())) {
      foreign = next.register(other).token();
    }
    var visibility = new ClientFrame.SetVisibility(2, foreign, Visibility.NOBODY);
    for (ClientFrame frame :
        new ClientFrame[] {
          new ClientFrame.Ping(2, foreign),
          new ClientFrame.SignOut(2, foreign),
          visibility,
          new ClientFrame.Keys(2, foreign, other.name),
          new ClientFrame.PutPrekeys(2, foreign, true, user.prekeys(0))
        }) {
      client.say(frame);
      assertAnswer(ErrorCode.TOKEN_REFUSED, 3);
    }
    client.assertAlive();
    try (var next = RawClient.connect(server.server())) {
      var refused = next.first(key -> user.resume(key, foreign), user);
      assertEquals(ErrorCode.TOKEN_REFUSED, ((ServerFrame.Failed) refused).code());
      next.assertClosed(CloseCode.NORMAL);
    }
  }

  @Test
  void aTokenEndsThirtyDaysAfterItsLastUse() throws Exception {
    Secret token = client.token();
    for (int use = 1; use <= 2; use++) {
      CLOCK.advance(Duration.ofDays(29));
      // This frame tells the entity that the token was used; the next is answered after that.
      client.assertAlive();
      client.ask(
          ServerFrame.Done.class,
          nonce -> new ClientFrame.SetVisibility(nonce, token, Visibility.ALL));
    }
    CLOCK.advance(Duration.ofDays(31));
    client.assertRefused(ErrorCode.TOKEN_EXPIRED, nonce -> new ClientFrame.Ping(nonce, token));
    client.assertClosed(CloseCode.DEVICE_REMOVED);
    try (var next = RawClient.connect(server.server())) {
      var refused = next.first(key -> user.resume(key, token), user);
      assertEquals(ErrorCode.TOKEN_EXPIRED, ((ServerFrame.Failed) refused).code());
      next.assertClosed(CloseCode.NORMAL);
    }
    try (var next = RawClient.connect(server.server())) {
      next.login(user);
      next.assertAlive();
    }
  }

  @Test
  void aConnectionThatSaysNothingEndsWithItsTokenToo(@TempDir Path folder) throws Exception {
    var settings = Map.<String, Object>of("sotto.limits.token-idle-max", "1 s");
    try (var own = TestServer.start(folder, settings);
        var silent = RawClient.connect(own.server())) {
      silent.register(user);
      silent.hear(ServerFrame.CaughtUp.class);
      silent.assertClosed(CloseCode.DEVICE_REMOVED);
    }
  }

  @Test
  void signingOutEndsTheTokenAndTheConnection() throws Exception {
    Secret token = client.token();
    client.ask(ServerFrame.Done.class, nonce -> new ClientFrame.SignOut(nonce, token));
    client.assertClosed(CloseCode.NORMAL);
    try (var next = RawClient.connect(server.server())) {
      var refused = next.first(key -> user.resume(key, token), user);
      assertEquals(ErrorCode.TOKEN_REFUSED, ((ServerFrame.Failed) refused).code());
    }
  }

  @Test
  void keysComeWithEachOneTimePrekeyOnceAndUnknownNamesAreSaid() throws Exception {
    var other = new TestUser("target-" + user.name.value().hashCode() % 100_000);
    try (var next = RawClient.connect(server.server())) {
      next.register(other);
    }
    var bundle =
        client.ask(
            ServerFrame.KeyBundle.class,
            nonce -> new ClientFrame.Keys(nonce, client.token(), other.name));
    assertEquals(other.deviceList, bundle.deviceList());
    assertTrue(bundle.keys().get(0).oneTimePrekey().isPresent());
    var same =
        client.ask(
            ServerFrame.KeyBundle.class,
            nonce -> new ClientFrame.Keys(nonce, client.token(), other.name));
    assertEquals(bundle.keys(), same.keys());
    var nobody = new TestUser("nobody-here");
    client.assertRefused(
        ErrorCode.UNKNOWN_USER,
        nonce -> new ClientFrame.Keys(nonce, client.token(), nobody.name));
    client.assertRefused(
        ErrorCode.UNKNOWN_USER,
        nonce -> new ClientFrame.Devices(nonce, client.token(), nobody.name));
    var list =
        client.ask(
            ServerFrame.DeviceListReply.class,
            nonce -> new ClientFrame.Devices(nonce, client.token(), other.name));
    assertEquals(other.deviceList, list.deviceList());
  }

  @Test
  void prekeysOfAnotherDeviceAreRefused() throws Exception {
    var stranger = new TestUser(user.name.value());
    client.assertRefused(
        ErrorCode.PREKEY_REFUSED,
        nonce -> new ClientFrame.PutPrekeys(nonce, client.token(), false, stranger.prekeys(1)));
    client.ask(
        ServerFrame.Done.class,
        nonce ->
            new ClientFrame.PutPrekeys(
                nonce,
                client.token(),
                true,
                List.of(user.prekey(50, Prekey.Kind.ONE_TIME))));
    try (var next = RawClient.connect(server.server())) {
      assertEquals(List.of(50L), next.resume(user, client.token()).oneTimePrekeyIds());
    }
  }
}

package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import chat.sotto.TestServer;
import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Suite;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.CloseCode;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.FrameCodec;
import chat.sotto.protocol.Handshake;
import chat.sotto.protocol.ServerFrame;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a connection may begin with. Whatever is refused makes no account. */
class FirstEnvelopeTest {
  @TempDir static Path data;
  @TempDir static Path otherData;
  private static TestServer server;
  private final TestUser alice = new TestUser("alice");

  @BeforeAll
  static void start() {
    server = TestServer.start(data);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static RawClient connect() throws Exception {
    return RawClient.connect(server.server());
  }

  @AfterEach
  void madeNobodysAccount() throws Exception {
    try (var next = connect()) {
      var login = (ServerFrame.Failed) next.first(alice::login, alice);
      assertEquals(ErrorCode.SIGN_IN_FAILED, login.code());
    }
  }

  private byte[] registerFrame(RawClient client) {
    return FrameCodec.encode(alice.register(client.connectionKey()));
  }

  private byte[] sealed(RawClient client, String frame) {
    return client.sealFirst(
        frame.getBytes(StandardCharsets.UTF_8), client.connectionKey(), alice.deviceKey, 1);
  }

  @Test
  void helloNamesTheServerAndADifferentChallengeEachTime() throws Exception {
    try (var one = connect();
        var two = connect()) {
      assertEquals("localhost", one.hello.serverHost());
      assertEquals(one.hello.signKey(), two.hello.signKey());
      assertNotEquals(one.hello.challenge(), two.hello.challenge());
      var sealKey = one.hello.sealKeys().get(0);
      assertEquals(
          true,
          Handshake.verifySealKey(one.hello.signKey().toArray(), "localhost", sealKey));
    }
  }

  @Test
  void anotherDevicesSignatureIsRefused() throws Exception {
    try (var client = connect()) {
      var frame = alice.register(client.connectionKey());
      client.send(client.sealFirst(frame, Ed25519.generate(TestUser.RANDOM)));
      client.assertClosed(CloseCode.BAD_SIGNATURE);
    }
  }

  @Test
  void aSignatureForAnotherConnectionKeyIsRefused() throws Exception {
    try (var client = connect()) {
      byte[] frame = registerFrame(client);
      client.send(
          client.sealFirst(frame, Bytes.of(TestUser.random(32)), alice.deviceKey, 1));
      client.assertClosed(CloseCode.BAD_SIGNATURE);
    }
  }

  @Test
  void anUnknownSuiteIsRefused() throws Exception {
    for (int suite : new int[] {0, 2, 255}) {
      try (var client = connect()) {
        byte[] frame = registerFrame(client);
        client.send(
            client.sealFirst(frame, client.connectionKey(), alice.deviceKey, suite));
        client.assertClosed(CloseCode.BAD_ENVELOPE);
      }
    }
  }

  @Test
  void whatIsTooShortOrRandomIsRefused() throws Exception {
    for (int length : new int[] {0, 1, 32, 33, 48, 49, 200}) {
      try (var client = connect()) {
        byte[] message = TestUser.random(length);
        if (length > 0) {
          message[0] = 1;
        }
        client.send(message);
        client.assertClosed(CloseCode.BAD_ENVELOPE);
      }
    }
  }

  @Test
  void aLowOrderConnectionKeyIsRefused() throws Exception {
    try (var client = connect()) {
      Bytes zero = Bytes.of(new byte[32]);
      client.send(client.sealFirst(alice.register(zero), alice.deviceKey));
      client.assertClosed(CloseCode.BAD_ENVELOPE);
    }
  }

  @Test
  void whatIsNoFirstFrameIsRefused() throws Exception {
    var frames =
        new String[] {
          "", "null", "[]", "{}", "{\"type\":\"register\"}", "{\"type\":\"hail\",\"nonce\":0}",
          "{\"type\":\"ping\",\"nonce\":0,\"token\":\""
              + Bytes.of(TestUser.random(32)) + "\"}"
        };
    for (String frame : frames) {
      try (var client = connect()) {
        client.send(sealed(client, frame));
        client.assertClosed(CloseCode.BAD_ENVELOPE);
      }
    }
  }

  @Test
  void aFirstFrameWithExtraMissingOrDoubleFieldsIsRefused() throws Exception {
    try (var client = connect()) {
      String good = new String(registerFrame(client), StandardCharsets.UTF_8);
      for (String bad :
          new String[] {
            good.replaceFirst("\\{", "{\"extra\":1,"),
            good.replaceFirst("\"nonce\":0,", ""),
            good.replaceFirst("\"nonce\":0", "\"nonce\":0,\"nonce\":0"),
            good.replaceFirst("\"nonce\":0", "\"nonce\":\"0\""),
            good.replaceFirst("\"nonce\":0", "\"nonce\":" + "[".repeat(20) + "]".repeat(20)),
            good + " x"
          }) {
        try (var other = connect()) {
          other.send(sealed(other, bad));
          other.assertClosed(CloseCode.BAD_ENVELOPE);
        }
      }
    }
  }

  @Test
  void recordedConnectionCannotBeReplayed() throws Exception {
    var user = new TestUser("recorded");
    byte[] envelope;
    try (var client = connect()) {
      envelope = client.sealFirst(user.register(client.connectionKey()), user.deviceKey);
      client.send(envelope);
      client.firstReply();
      client.send(envelope);
      while (client.next() instanceof byte[] push) {
        assertNotEquals(0, push.length);
      }
    }
    try (var replay = connect()) {
      replay.send(envelope);
      replay.assertClosed(CloseCode.BAD_ENVELOPE);
    }
    server.restart();
    try (var replay = connect()) {
      replay.send(envelope);
      replay.assertClosed(CloseCode.BAD_ENVELOPE);
    }
  }

  @Test
  void relayedFirstFrameIsRefused() throws Exception {
    try (var evil = TestServer.start(otherData);
        var victim = RawClient.connect(evil.server());
        var relay = connect()) {
      // The evil server knows what the victim sealed to it: signature and frame.
      ClientFrame.Register frame = alice.register(victim.connectionKey());
      byte[] bytes = FrameCodec.encode(frame);
      byte[] enc = TestUser.random(Suite.X25519.encBytes());
      byte[] signature =
          new Handshake.First(
                  Suite.X25519,
                  Handshake.helloHash(victim.helloBytes),
                  victim.hello.signKey().toArray(),
                  victim.hello.sealKeys().get(0).key().toArray(),
                  enc,
                  frame.connectionKey().toArray(),
                  bytes)
              .sign(alice.deviceKey);
      relay.send(relay.sealSigned(RawClient.concat(signature, bytes)));
      relay.assertClosed(CloseCode.BAD_SIGNATURE);
      try (var unopened = connect()) {
        unopened.send(victim.sealFirst(frame, alice.deviceKey));
        unopened.assertClosed(CloseCode.BAD_ENVELOPE);
      }
    }
  }

  @Test
  void helloWithSuiteStrippedFails() throws Exception {
    try (var client = connect()) {
      String hello = new String(client.helloBytes, StandardCharsets.UTF_8);
      String changed = hello.replace("\"suites\":[1]", "\"suites\":[]");
      assertNotEquals(hello, changed);
      client.helloBytes = changed.getBytes(StandardCharsets.UTF_8);
      client.send(client.sealFirst(alice.register(client.connectionKey()), alice.deviceKey));
      client.assertClosed(CloseCode.BAD_ENVELOPE);
    }
  }
}

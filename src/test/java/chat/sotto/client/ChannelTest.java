package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.RefusedException;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.FrameCodec;
import chat.sotto.protocol.Handshake;
import chat.sotto.protocol.Hello;
import chat.sotto.protocol.Hello.SealKey;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which servers a client talks to. */
class ChannelTest {
  private static final long DAY = Duration.ofDays(1).toMillis();

  @TempDir Path folder;
  private final TestServer server = new TestServer();
  private final Ed25519.SigningKey deviceKey = Ed25519.generate(server.random);
  private FileStore store;

  @BeforeEach
  void openStore() {
    store = new FileStore(folder.resolve("store"));
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private Channel greet(Hello hello) {
    return greet(FrameCodec.encode(hello));
  }

  private Channel greet(byte[] hello) {
    Clock clock = Clock.fixed(Instant.ofEpochMilli(TestServer.NOW), ZoneOffset.UTC);
    return store.transaction(
        rows -> {
          var expected = Channel.Expected.of(Party.HOST, new ServerPin(rows), clock);
          return Channel.greet(hello, expected, deviceKey, server.random);
        });
  }

  private void pin(Hello hello) {
    store.transaction(
        rows -> {
          new ServerPin(rows).learn(hello);
          return null;
        });
  }

  private void refuses(Alarm alarm, Hello hello) {
    assertEquals(alarm, assertThrows(Breach.class, () -> greet(hello)).alarm());
  }

  @Test
  void serverWithAnotherSignKeyIsRefused() {
    Hello hello = server.hello(server.sealKey("a", 1, TestServer.NOW));
    greet(hello);
    pin(hello);
    greet(server.hello(server.sealKey("a", 1, TestServer.NOW)));
    var other = new TestServer();
    refuses(Alarm.SERVER_KEY_CHANGED, other.hello(other.sealKey("a", 1, TestServer.NOW)));
  }

  @Test
  void helloOfAnotherHostOrWithoutAGoodSealKeyIsRefused() {
    SealKey good = server.sealKey("a", 1, TestServer.NOW);
    refuses(Alarm.SERVER_NOT_AUTHENTIC, server.hello("elsewhere", List.of(1), List.of(good)));
    var mallory = new TestServer();
    SealKey foreign = mallory.sealKey("a", 1, TestServer.NOW);
    refuses(Alarm.SERVER_NOT_AUTHENTIC, server.hello(foreign));
    refuses(Alarm.SERVER_NOT_AUTHENTIC, server.hello(good, foreign));
    refuses(Alarm.SERVER_NOT_AUTHENTIC, server.hello(Party.HOST, List.of(2), List.of(good)));
  }

  @Test
  void oldSealKeysArePassedOver() {
    long now = TestServer.NOW;
    pin(server.hello(server.sealKey("a", 5, now)));
    refuses(Alarm.SERVER_NOT_AUTHENTIC, server.hello(server.sealKey("a", 4, now)));
    refuses(Alarm.SERVER_NOT_AUTHENTIC, server.hello(server.sealKey("a", 6, now - DAY - 1)));
    greet(server.hello(server.sealKey("a", 4, now), server.sealKey("a", 5, now - DAY)));
    greet(server.hello(server.sealKey("b", 1, now)));
    pin(server.hello(server.sealKey("a", 3, now)));
    refuses(Alarm.SERVER_NOT_AUTHENTIC, server.hello(server.sealKey("a", 4, now)));
  }

  @Test
  void whatIsNoHelloOfThisVersionIsRefused() {
    for (String bytes : List.of("", "{}", "{\"type\":\"hello\",\"version\":2}")) {
      Breach breach =
          assertThrows(
              Breach.class, () -> greet(bytes.getBytes(StandardCharsets.UTF_8)), bytes);
      assertEquals(Alarm.VERSION_REFUSED, breach.alarm());
    }
  }

  private final ServerFrame answer = new ServerFrame.Pong(3);

  private static ClientFrame.Resume first(Channel channel, Ed25519.SigningKey deviceKey) {
    return new ClientFrame.Resume(
        2,
        "alice",
        Secret.of(new byte[32]),
        new DeviceId("0".repeat(32)),
        Bytes.of(deviceKey.publicKey()),
        channel.connectionKey());
  }

  @Test
  void firstReplyMustProveTheSignKey() throws Exception {
    byte[] hello = FrameCodec.encode(server.hello(server.sealKey("a", 1, TestServer.NOW)));
    Channel channel = greet(hello);
    byte[] envelope = channel.sealFirst(first(channel, deviceKey));
    byte[] forged =
        server.answer(
            hello, envelope, channel.connectionKey(), answer, Ed25519.generate(server.random));
    Breach breach = assertThrows(Breach.class, () -> channel.open(forged));
    assertEquals(Alarm.SERVER_NOT_AUTHENTIC, breach.alarm());

    Channel again = greet(hello);
    byte[] second = again.sealFirst(first(again, deviceKey));
    assertThrows(Breach.class, () -> again.open(new byte[3]), "too short for a first reply");
    byte[] good =
        server.answer(hello, second, again.connectionKey(), answer, server.signKey);
    assertEquals(answer, again.open(good));
  }

  @Test
  void replyMadeForAnotherHelloIsRefused() {
    byte[] hello = FrameCodec.encode(server.hello(server.sealKey("a", 1, TestServer.NOW)));
    Channel channel = greet(hello);
    byte[] envelope = channel.sealFirst(first(channel, deviceKey));
    byte[] recorded =
        server.answer(hello, envelope, channel.connectionKey(), answer, server.signKey);
    Channel later = greet(server.hello(server.sealKey("a", 1, TestServer.NOW)));
    later.sealFirst(first(later, deviceKey));
    assertThrows(Breach.class, () -> later.open(recorded));
  }

  @Test
  void laterEnvelopesOpenInOrderOnly() throws Exception {
    byte[] hello = FrameCodec.encode(server.hello(server.sealKey("a", 1, TestServer.NOW)));
    Channel channel = greet(hello);
    byte[] envelope = channel.sealFirst(first(channel, deviceKey));
    channel.open(
        server.answer(hello, envelope, channel.connectionKey(), answer, server.signKey));
    byte[] one = server.seal(new ServerFrame.Pong(5));
    byte[] two = server.seal(new ServerFrame.Pong(7));
    assertThrows(RefusedException.class, () -> channel.open(two));
    assertEquals(new ServerFrame.Pong(5), channel.open(one));
    assertThrows(RefusedException.class, () -> channel.open(one));
    assertEquals(new ServerFrame.Pong(7), channel.open(two));
  }

  @Test
  void fingerprintIsOfThePinnedKey() {
    Hello hello = server.hello(server.sealKey("a", 1, TestServer.NOW));
    pin(hello);
    Bytes pinned = store.transaction(rows -> new ServerPin(rows).signKey()).orElseThrow();
    assertEquals(
        Handshake.fingerprint(server.signKey.publicKey()),
        Handshake.fingerprint(pinned.toArray()));
  }
}

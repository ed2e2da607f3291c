package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.TestServer;
import chat.sotto.model.Bytes;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much may wait for a device, be under way to it, and be in one message. */
class InboxLimitsTest {
  @TempDir Path data;
  private final TestUser alice = new TestUser("alice");
  private final TestUser bob = new TestUser("bob");

  private ClientFrame.Send send(RawClient from, long nonce, long n, int size) {
    return send(from, bob, nonce, n, size);
  }

  private static ClientFrame.Send send(
      RawClient from, TestUser to, long nonce, long n, int size) {
    return new ClientFrame.Send(
        nonce,
        from.token(),
        to.name,
        n,
        1,
        Bytes.of(TestUser.random(16)),
        List.of(new ClientFrame.Copy(to.device, Bytes.of(new byte[size]))));
  }

  private void acknowledge(RawClient client, ServerFrame.EntryPush push) {
    var point =
        new LogPoint(push.kind(), push.owner(), 1, push.sequenceNr(), push.hash());
    Bytes signature =
        Statements.signAck(bob.deviceKey, "localhost", bob.name, bob.device, List.of(point));
    client.say(
        new ClientFrame.Ack(push.nonce() + 1, client.token(), List.of(point), signature));
  }

  @Test
  void aFullInboxTakesNothingUntilSomethingIsAcknowledged() throws Exception {
    var settings = Map.<String, Object>of("sotto.limits.inbox-entries-max", 2);
    try (var server = TestServer.start(data, settings);
        var a = RawClient.connect(server.server());
        var b = RawClient.connect(server.server())) {
      a.register(alice);
      b.register(bob);
      b.hear(ServerFrame.CaughtUp.class);
      a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, 1, 9));
      a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, 2, 9));
      a.assertRefused(ErrorCode.INBOX_FULL, nonce -> send(a, nonce, 3, 9));
      acknowledge(b, b.hear(ServerFrame.EntryPush.class));
      b.hear(ServerFrame.EntryPush.class);
      b.assertAlive();
      ServerFrame.Reply reply =
          a.ask(ServerFrame.Reply.class, nonce -> send(a, nonce, 3, 9));
      while (reply instanceof ServerFrame.Failed failed) {
        assertEquals(ErrorCode.INBOX_FULL, failed.code());
        reply = a.ask(ServerFrame.Reply.class, nonce -> send(a, nonce, 3, 9));
      }
    }
  }

  @Test
  void whoeverGotNoAnswerSendsOnlySoMuchAndMoreRightAfterIt() throws Exception {
    var settings = Map.<String, Object>of("sotto.limits.unanswered-max", 2);
    try (var server = TestServer.start(data, settings);
        var a = RawClient.connect(server.server());
        var b = RawClient.connect(server.server())) {
      a.register(alice);
      b.register(bob);
      a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, 1, 9));
      a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, 2, 9));
      var refused = a.ask(ServerFrame.Failed.class, nonce -> send(a, nonce, 3, 9));
      assertEquals(ErrorCode.UNANSWERED, refused.code());
      assertEquals(Optional.of(2L), refused.max());
      b.ask(ServerFrame.Accepted.class, nonce -> send(b, alice, nonce, 1, 9));
      for (long n = 3; n <= 5; n++) {
        long number = n;
        a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, number, 9));
      }
      b.ask(ServerFrame.Accepted.class, nonce -> send(b, alice, nonce, 2, 9));
    }
  }

  @Test
  void onlySoManyEntriesAreUnderWay() throws Exception {
    var settings = Map.<String, Object>of("sotto.limits.entries-in-flight-max", 3);
    try (var server = TestServer.start(data, settings);
        var a = RawClient.connect(server.server());
        var b = RawClient.connect(server.server())) {
      assertEquals(3, a.hello.limits().entriesInFlightMax());
      a.register(alice);
      b.register(bob);
      b.hear(ServerFrame.CaughtUp.class);
      for (long n = 1; n <= 5; n++) {
        long number = n;
        a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, number, 9));
      }
      b.hear(ServerFrame.EntryPush.class);
      var second = b.hear(ServerFrame.EntryPush.class);
      assertEquals(3, b.hear(ServerFrame.EntryPush.class).sequenceNr());
      // The next to come is an answer, not the fourth entry.
      b.say(new ClientFrame.Ping(b.nextNonce(), b.token()));
      b.hear(ServerFrame.Pong.class);
      acknowledge(b, second);
      assertEquals(4, b.hear(ServerFrame.EntryPush.class).sequenceNr());
      assertEquals(5, b.hear(ServerFrame.EntryPush.class).sequenceNr());
    }
  }

  @Test
  void whatTheNodeCannotWorkOnNowIsToldToComeAgain() throws Exception {
    var settings = Map.<String, Object>of("sotto.limits.asks-per-node", 1);
    try (var server = TestServer.start(data, settings);
        var a = RawClient.connect(server.server())) {
      a.register(alice);
      a.hear(ServerFrame.CaughtUp.class);
      // Each of these wakes an entity, so the second finds the first still being worked on.
      for (int i = 0; i < 20; i++) {
        var nobody = new UserName("nobody-" + i);
        a.say(new ClientFrame.Devices(a.nextNonce(), a.token(), nobody));
      }
      Map<ErrorCode, Integer> answers = new EnumMap<>(ErrorCode.class);
      for (int i = 0; i < 20; i++) {
        var refused = a.hear(ServerFrame.Failed.class);
        answers.merge(refused.code(), 1, Integer::sum);
        assertEquals(refused.code() == ErrorCode.BUSY, refused.retryAfter().isPresent());
      }
      assertEquals(Set.of(ErrorCode.UNKNOWN_USER, ErrorCode.BUSY), answers.keySet());
      a.assertAlive();
      a.assertRefused(
          ErrorCode.UNKNOWN_USER, nonce -> new ClientFrame.Devices(nonce, a.token(), bob.name));
    }
  }

  @Test
  void aCiphertextIsTakenOnlyIfItCanBePushed() throws Exception {
    try (var server = TestServer.start(data);
        var a = RawClient.connect(server.server());
        var b = RawClient.connect(server.server())) {
      int envelopeMax = a.hello.limits().envelopeBytesMax();
      int largest = Sends.ciphertextBytesMax(envelopeMax);
      a.register(alice);
      b.register(bob);
      b.hear(ServerFrame.CaughtUp.class);
      a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, 1, largest));
      a.assertRefused(ErrorCode.BAD_FRAME, nonce -> send(a, nonce, 2, largest + 1));
      assertEquals(
          largest, b.hear(ServerFrame.EntryPush.class).ciphertext().orElseThrow().size());
      assertEquals(true, b.lastMessageBytes() <= envelopeMax);
    }
  }
}

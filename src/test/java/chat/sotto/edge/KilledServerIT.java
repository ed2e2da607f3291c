package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import chat.sotto.model.Bytes;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Statements;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ServerFrame;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of the finished jar in the middle of sends, again and again. */
class KilledServerIT {
  private static final int ROUNDS = 4;
  private static final int IN_FLIGHT = 16;
  private static final int CIPHERTEXT_BYTES = 200;

  @TempDir Path folder;
  private final TestUser alice = new TestUser("alice");
  private final TestUser bob = new TestUser("bob");
  private final Map<Long, Bytes> sent = new HashMap<>();
  private final Map<Long, ServerFrame.Accepted> accepted = new HashMap<>();
  private final List<ServerFrame.EntryPush> received = new ArrayList<>();
  private JarServer server;

  @Test
  void everyMessageWhoseSenderWasToldArrivesOnceAndInOrder() throws Exception {
    var random = new Random(7);
    try (var started = new JarServer(folder)) {
      server = started;
      try (var a = RawClient.connect(server.uri());
          var b = RawClient.connect(server.uri())) {
        a.register(alice);
        b.register(bob);
        b.say(greeting(b));
        assertInstanceOf(ServerFrame.Accepted.class, b.reply());
      }
      for (int round = 0; round < ROUNDS; round++) {
        try (var a = RawClient.connect(server.uri())) {
          a.login(alice);
          sendUntilKilled(a, 20 + random.nextInt(300));
        }
        server.kill();
        server.start();
        receiveSome(random);
      }
      try (var a = RawClient.connect(server.uri())) {
        a.login(alice);
        sendWhatIsNotAccepted(a);
      }
      receiveAll();
      assertEverythingOnceAndInOrder();
      server.assertQuietLog();
    }
  }

  /** Who never got an answer may send few. */
  private ClientFrame.Send greeting(RawClient client) {
    Bytes ciphertext = Bytes.of(TestUser.random(CIPHERTEXT_BYTES));
    return new ClientFrame.Send(
        client.nextNonce(),
        client.token(),
        alice.name,
        1,
        1,
        Bytes.of(TestUser.random(16)),
        List.of(new ClientFrame.Copy(alice.device, ciphertext)));
  }

  private ClientFrame.Send send(RawClient client, long n) {
    Bytes ciphertext =
        sent.computeIfAbsent(
            n,
            number ->
                Bytes.of(
                    ByteBuffer.wrap(TestUser.random(CIPHERTEXT_BYTES)).putLong(0, n).array()));
    return new ClientFrame.Send(
        client.nextNonce(),
        client.token(),
        bob.name,
        n,
        1,
        Bytes.of(ByteBuffer.allocate(16).putLong(0, n).array()),
        List.of(new ClientFrame.Copy(bob.device, ciphertext)));
  }

  /** Keeps several unanswered, so that the kill meets some in every state. */
  private void sendUntilKilled(RawClient client, int killAfter) throws Exception {
    long first = accepted.size() + 1;
    long next = first;
    for (int answered = 0; answered < killAfter; answered++) {
      while (next < first + answered + IN_FLIGHT) {
        client.say(send(client, next));
        next++;
      }
      remember(client.reply());
    }
  }

  private void remember(ServerFrame.Reply reply) {
    if (!(reply instanceof ServerFrame.Accepted yes)) {
      throw new AssertionError("refused: " + reply);
    }
    accepted.put(yes.n(), yes);
  }

  private void sendWhatIsNotAccepted(RawClient client) throws Exception {
    for (long n = accepted.size() + 1; n <= sent.size(); n++) {
      client.say(send(client, n));
      remember(client.reply());
    }
  }

  /** Takes some entries and acknowledges a part of them, so that some come twice. */
  private void receiveSome(Random random) throws Exception {
    try (var b = RawClient.connect(server.uri())) {
      b.login(bob);
      for (int left = random.nextInt(200); left > 0; left--) {
        if (!(b.hear() instanceof ServerFrame.EntryPush push)) {
          return;
        }
        take(push);
        if (random.nextInt(20) == 0) {
          acknowledge(b, push);
        }
      }
    }
  }

  private void receiveAll() throws Exception {
    try (var b = RawClient.connect(server.uri())) {
      b.login(bob);
      ServerFrame frame = b.hear();
      while (frame instanceof ServerFrame.EntryPush push) {
        take(push);
        acknowledge(b, push);
        frame = b.hear();
      }
      assertEquals(ServerFrame.CaughtUp.class, frame.getClass());
    }
  }

  private void take(ServerFrame.EntryPush push) {
    if (push.sequenceNr() <= received.size()) {
      assertEquals(received.get((int) push.sequenceNr() - 1).hash(), push.hash());
    } else {
      assertEquals(received.size() + 1, push.sequenceNr());
      received.add(push);
    }
  }

  private void acknowledge(RawClient client, ServerFrame.EntryPush push) {
    var point = new LogPoint(push.kind(), push.owner(), 1, push.sequenceNr(), push.hash());
    Bytes signature =
        Statements.signAck(bob.deviceKey, "localhost", bob.name, bob.device, List.of(point));
    client.say(
        new ClientFrame.Ack(push.nonce() + 1, client.token(), List.of(point), signature));
  }

  private void assertEverythingOnceAndInOrder() {
    assertEquals(sent.size(), accepted.size());
    assertEquals(sent.size(), received.size());
    for (ServerFrame.EntryPush push : received) {
      long n = push.sequenceNr();
      assertEquals(Optional.of(sent.get(n)), push.ciphertext());
      ServerFrame.Accepted yes = accepted.get(n);
      assertEquals(List.of(n, n), List.of(yes.n(), yes.sequenceNr()));
      assertEquals(push.hash(), yes.hash());
      assertEquals(Statements.bodyDigest(push.bodies()), yes.digest());
    }
  }
}

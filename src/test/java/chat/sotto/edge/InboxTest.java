package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestServer;
import chat.sotto.crypto.Hash;
import chat.sotto.model.BodyDigest;
import chat.sotto.model.Bytes;
import chat.sotto.model.Entry;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Statements;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.CloseCode;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.protocol.TypingPush;
import chat.sotto.protocol.TypingRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** From one device's send to another's acknowledgement, and what is refused on the way. */
class InboxTest {
  @TempDir static Path data;
  private static TestServer server;

  private TestUser alice;
  private TestUser bob;

  @BeforeAll
  static void start() {
    server = TestServer.start(data);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void names(TestInfo test) {
    String own = Integer.toHexString(test.getDisplayName().hashCode());
    alice = new TestUser("alice-" + own);
    bob = new TestUser("bob-" + own);
  }

  private static RawClient connect() throws Exception {
    return RawClient.connect(server.server());
  }

  private static ClientFrame.Send send(
      RawClient from, long nonce, TestUser to, long n, Bytes ciphertext) {
    return new ClientFrame.Send(
        nonce,
        from.token(),
        to.name,
        n,
        1,
        Bytes.of(TestUser.random(16)),
        List.of(new ClientFrame.Copy(to.device, ciphertext)));
  }

  private static Bytes text() {
    return Bytes.of(TestUser.random(300));
  }

  private static ClientFrame.Ack ack(RawClient client, TestUser user, long nonce, LogPoint point) {
    List<LogPoint> items = List.of(point);
    Bytes signature =
        Statements.signAck(user.deviceKey, user.serverHost, user.name, user.device, items);
    return new ClientFrame.Ack(nonce, client.token(), items, signature);
  }

  private static LogPoint point(ServerFrame.EntryPush entry) {
    return new LogPoint(
        entry.kind(), entry.owner(), entry.generation(), entry.sequenceNr(), entry.hash());
  }

  private static Entry entry(ServerFrame.EntryPush push) {
    return new Entry(
        push.sequenceNr(),
        push.time(),
        push.entryKind(),
        push.fromUser(),
        push.fromDevice(),
        push.messageId(),
        push.bodies(),
        push.hash());
  }

  @Test
  void deliversWhatWasSentBeforeAndAfterTheRecipientCame() throws Exception {
    try (var a = connect();
        var b = connect()) {
      a.register(alice);
      b.register(bob);
      assertEquals(0, b.hear(ServerFrame.CaughtUp.class).sequenceNr());
      b.close();
      Bytes first = text();
      Bytes second = text();
      a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, bob, 1, first));
      ServerFrame.Accepted accepted =
          a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, bob, 2, second));
      assertEquals(2, accepted.sequenceNr());
      try (var again = connect()) {
        again.login(bob);
        Bytes chain = Statements.inboxStart(bob.name, 1);
        for (Bytes sent : List.of(first, second)) {
          var push = again.hear(ServerFrame.EntryPush.class);
          assertEquals(Optional.of(sent), push.ciphertext());
          assertEquals(
              List.of(new BodyDigest(bob.device, Bytes.of(Hash.sha256(sent.toArray())))),
              push.bodies());
          chain = Statements.entryHash(chain, bob.name, entry(push));
          assertEquals(chain, push.hash());
        }
        assertEquals(accepted.hash(), again.hear(ServerFrame.CaughtUp.class).hash());
        Bytes third = text();
        a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, bob, 3, third));
        assertEquals(
            Optional.of(third), again.hear(ServerFrame.EntryPush.class).ciphertext());
      }
    }
  }

  /** More than one batch of {@link Batches} for one inbox, from two people at once. */
  @Test
  void whatIsSentWithoutWaitingIsAcceptedInItsOrderAndEachRefusalIsItsOwn() throws Exception {
    int count = Batches.MAX;
    var carol = new TestUser(alice.name.value() + "-2");
    try (var a = RawClient.registered(server.server(), alice);
        var c = RawClient.registered(server.server(), carol);
        var b = RawClient.registered(server.server(), bob)) {
      for (int n = 1; n <= count; n++) {
        // The last one is sent under a number that is used.
        a.say(send(a, a.nextNonce(), bob, n == count ? 1 : n, text()));
        c.say(send(c, c.nextNonce(), bob, n, text()));
      }
      Map<Long, ServerFrame.Reply> ofAlice = replies(a, count);
      Map<Long, ServerFrame.Reply> ofCarol = replies(c, count);
      var first = (ServerFrame.Accepted) List.copyOf(ofAlice.values()).get(0);
      var repeat = (ServerFrame.Accepted) List.copyOf(ofAlice.values()).get(count - 1);
      assertEquals(first.hash(), repeat.hash());
      assertInOrder(List.copyOf(ofAlice.values()).subList(0, count - 1));
      assertInOrder(List.copyOf(ofCarol.values()));

      Bytes chain = Statements.inboxStart(bob.name, 1);
      for (int i = 0; i < 2 * count - 1; i++) {
        var push = b.hear(ServerFrame.EntryPush.class);
        chain = Statements.entryHash(chain, bob.name, entry(push));
        assertEquals(chain, push.hash());
        assertTrue(push.ciphertext().isPresent());
      }
    }
  }

  /** More than is read from the store together: 64 entries. */
  @Test
  void everyEntryOfALongBacklogComesWithItsOwnCiphertext() throws Exception {
    int each = 40;
    var carol = new TestUser(alice.name.value() + "-2");
    RawClient.registered(server.server(), bob).close();
    try (var a = RawClient.registered(server.server(), alice);
        var c = RawClient.registered(server.server(), carol)) {
      for (int n = 1; n <= each; n++) {
        a.say(send(a, a.nextNonce(), bob, n, text()));
        c.say(send(c, c.nextNonce(), bob, n, text()));
      }
      assertInOrder(List.copyOf(replies(a, each).values()));
      assertInOrder(List.copyOf(replies(c, each).values()));
    }
    try (var b = connect()) {
      b.login(bob);
      for (int i = 0; i < 2 * each; i++) {
        var push = b.hear(ServerFrame.EntryPush.class);
        byte[] ciphertext = push.ciphertext().orElseThrow().toArray();
        assertEquals(
            List.of(new BodyDigest(bob.device, Bytes.of(Hash.sha256(ciphertext)))), push.bodies());
      }
    }
  }

  /** By the numbers of what they answer. */
  private static Map<Long, ServerFrame.Reply> replies(RawClient client, int count)
      throws Exception {
    var replies = new TreeMap<Long, ServerFrame.Reply>();
    while (replies.size() < count) {
      ServerFrame.Reply reply = client.reply();
      replies.put(reply.nonce(), reply);
    }
    return replies;
  }

  private static void assertInOrder(List<ServerFrame.Reply> replies) {
    long last = 0;
    for (ServerFrame.Reply reply : replies) {
      var accepted = (ServerFrame.Accepted) reply;
      assertTrue(accepted.sequenceNr() > last);
      last = accepted.sequenceNr();
    }
  }

  @Test
  void manySendsToNobodyAreRefusedOneByOne() throws Exception {
    try (var a = RawClient.registered(server.server(), alice)) {
      for (int n = 1; n <= 5; n++) {
        a.say(send(a, a.nextNonce(), bob, n, text()));
      }
      for (ServerFrame.Reply reply : replies(a, 5).values()) {
        assertEquals(ErrorCode.UNKNOWN_USER, ((ServerFrame.Failed) reply).code());
      }
    }
  }

  @Test
  void pushesAgainWhatWasNotAcknowledgedAndNothingElse() throws Exception {
    try (var a = connect()) {
      a.register(alice);
      try (var b = connect()) {
        b.register(bob);
        b.hear(ServerFrame.CaughtUp.class);
        for (long n = 1; n <= 3; n++) {
          long number = n;
          a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, bob, number, text()));
        }
        b.hear(ServerFrame.EntryPush.class);
        var second = b.hear(ServerFrame.EntryPush.class);
        b.hear(ServerFrame.EntryPush.class);
        b.say(ack(b, bob, second.nonce() + 1, point(second)));
        b.assertAlive();
      }
      try (var b = connect()) {
        ServerFrame.SignedIn signedIn = b.login(bob);
        assertEquals(2, signedIn.inbox().cursor().sequenceNr());
        assertEquals(3, signedIn.inbox().head().sequenceNr());
        assertEquals(3, b.hear(ServerFrame.EntryPush.class).sequenceNr());
        b.hear(ServerFrame.CaughtUp.class);
      }
    }
  }

  @Test
  void takesARepeatedSendOnceAndSaysWhichNumberComesNext() throws Exception {
    try (var a = connect();
        var b = connect()) {
      a.register(alice);
      b.register(bob);
      b.hear(ServerFrame.CaughtUp.class);
      var frame = send(a, a.nextNonce(), bob, 1, text());
      a.say(frame);
      var first = (ServerFrame.Accepted) a.reply();
      var other =
          a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, bob, 1, text()));
      assertEquals(first.digest(), other.digest());
      assertEquals(first.sequenceNr(), other.sequenceNr());
      var refused = a.ask(ServerFrame.Failed.class, nonce -> send(a, nonce, bob, 3, text()));
      assertEquals(ErrorCode.OUT_OF_ORDER, refused.code());
      assertEquals(Optional.of(2L), refused.expected());
      a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, bob, 2, text()));
      assertEquals(1, b.hear(ServerFrame.EntryPush.class).sequenceNr());
      assertEquals(2, b.hear(ServerFrame.EntryPush.class).sequenceNr());
    }
  }

  @Test
  void refusesSendsToNobodyAndForAnotherDeviceList() throws Exception {
    try (var a = connect();
        var b = connect()) {
      a.register(alice);
      b.register(bob);
      var nobody = new TestUser("nobody-at-all");
      a.assertRefused(ErrorCode.UNKNOWN_USER, nonce -> send(a, nonce, nobody, 1, text()));
      var wrongDevice =
          a.ask(
              ServerFrame.Failed.class,
              nonce ->
                  new ClientFrame.Send(
                      nonce,
                      a.token(),
                      bob.name,
                      1,
                      1,
                      Bytes.of(TestUser.random(16)),
                      List.of(new ClientFrame.Copy(alice.device, text()))));
      assertEquals(ErrorCode.DEVICES_CHANGED, wrongDevice.code());
      assertEquals(Optional.of(bob.deviceList), wrongDevice.deviceList());
    }
  }

  @Test
  void refusesAcknowledgementsOfWhatWasNotPushedHere() throws Exception {
    try (var a = connect();
        var b = connect()) {
      a.register(alice);
      b.register(bob);
      b.hear(ServerFrame.CaughtUp.class);
      a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, bob, 1, text()));
      var push = b.hear(ServerFrame.EntryPush.class);
      LogPoint good = point(push);
      long nonce = push.nonce() + 1;
      var beyond = new LogPoint(good.kind(), good.owner(), 1, 2, good.hash());
      var foreignHash =
          new LogPoint(good.kind(), good.owner(), 1, 1, Bytes.of(TestUser.random(32)));
      var otherInbox = new LogPoint(good.kind(), alice.name.value(), 1, 1, good.hash());
      var otherGeneration = new LogPoint(good.kind(), good.owner(), 2, 1, good.hash());
      for (LogPoint bad : List.of(beyond, foreignHash, otherInbox, otherGeneration)) {
        b.say(ack(b, bob, nonce, bad));
        assertRefusedAck(b, nonce);
      }
      var signedByAnother =
          new ClientFrame.Ack(
              nonce,
              b.token(),
              List.of(good),
              ack(b, alice, nonce, good).signature());
      b.say(signedByAnother);
      assertRefusedAck(b, nonce);
      b.say(ack(b, bob, nonce, good));
      b.assertAlive();
      assertTrue(b.heardNothingMore());
    }
  }

  private static void assertRefusedAck(RawClient client, long nonce) throws Exception {
    var refused = client.hear(ServerFrame.Failed.class);
    assertEquals(ErrorCode.ACK_REFUSED, refused.code());
    assertEquals(nonce + 1, refused.nonce());
  }

  @Test
  void ciphertextsAreKeptUntilTheyAreAcknowledgedAndRefusedOnesNotAtAll() throws Exception {
    try (var a = connect();
        var b = connect()) {
      a.register(alice);
      b.register(bob);
      b.hear(ServerFrame.CaughtUp.class);
      long before = server.bodies();
      a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, bob, 1, text()));
      a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, bob, 2, text()));
      a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, bob, 2, text()));
      a.assertRefused(ErrorCode.OUT_OF_ORDER, nonce -> send(a, nonce, bob, 9, text()));
      b.hear(ServerFrame.EntryPush.class);
      var second = b.hear(ServerFrame.EntryPush.class);
      // A deletion is in the queue when its answer is given; what is asked next waits for it.
      a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, bob, 3, text()));
      assertEquals(before + 3, server.bodies());
      b.say(ack(b, bob, second.nonce() + 1, point(second)));
      b.assertAlive();
      while (server.bodies() != before + 1) {
        b.assertAlive();
      }
    }
  }

  @Test
  void typingIsPushedOnceEntriesWentBothWaysAndNeverKept() throws Exception {
    try (var a = RawClient.registered(server.server(), alice);
        var b = RawClient.registered(server.server(), bob)) {
      Bytes early = typing(a, bob);
      a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, bob, 1, text()));
      b.hear(ServerFrame.EntryPush.class);
      typing(b, alice);
      b.askKeeping(ServerFrame.Accepted.class, nonce -> send(b, nonce, alice, 1, text()));
      a.hear(ServerFrame.EntryPush.class);
      Bytes sealed = typing(a, bob);
      var push = b.hear(TypingPush.class);
      assertEquals(
          new TypingPush(push.nonce(), alice.name, alice.device, Optional.empty(), sealed), push);
      assertNotEquals(early, sealed);
      // Nobody is told whether there is somebody to hear it.
      typing(a, new TestUser("nobody"));
      typing(a, alice);
    }
    try (var b = connect()) {
      b.login(bob);
      b.hear(ServerFrame.EntryPush.class);
      b.hear(ServerFrame.CaughtUp.class);
      b.assertAlive();
      assertTrue(b.heardNothingMore());
    }
  }

  private static Bytes typing(RawClient from, TestUser to) throws Exception {
    Bytes sealed = Bytes.of(TestUser.random(92));
    from.askKeeping(
        ServerFrame.Done.class,
        nonce ->
            new TypingRequest(
                nonce, from.token(), Optional.of(to.name), Optional.empty(), sealed));
    return sealed;
  }

  @Test
  void aNewerConnectionOfTheDeviceReplacesTheOlder() throws Exception {
    try (var older = connect();
        var newer = connect()) {
      ServerFrame.SignedIn signedIn = older.register(bob);
      older.hear(ServerFrame.CaughtUp.class);
      newer.resume(bob, signedIn.token());
      newer.hear(ServerFrame.CaughtUp.class);
      older.assertClosed(CloseCode.REPLACED);
      newer.assertAlive();
    }
  }
}

package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestCommand;
import chat.sotto.TestServer;
import chat.sotto.admin.Backup;
import chat.sotto.admin.Restore;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that was copied while it ran, went on, was lost, and comes back from the copy. */
class RestoreTest {
  @TempDir private Path folder;
  private final TestUser alice = new TestUser("alice");
  private final TestUser bob = new TestUser("bob");
  private final TestGroup group = new TestGroup();
  private TestServer server;
  private RawClient a;
  private Secret bobsToken;
  private Secret bobsLaterToken;
  private Point copiedHead;
  private Bytes serverKey;

  /** In the copy: two messages to bob, and a group in which he has accepted. Lost: one of each. */
  @BeforeEach
  void isRestored() throws Exception {
    server = TestServer.start(folder.resolve("lost"));
    a = RawClient.registered(server.server(), alice);
    try (var b = RawClient.registered(server.server(), bob)) {
      bobsToken = b.token();
      serverKey = b.hello.signKey();
      send(1);
      send(2);
      group.append(a, alice, group.commit(TestGroup.found(alice)));
      group.append(a, alice, group.commit(TestGroup.invite(bob)));
      group.append(b, bob, group.confirm(alice));
    }
    copiedHead = group.head();
    Backup.write(folder.resolve("lost"), copy(), true, Clock.systemUTC());
    group.append(a, alice, group.post(alice));
    send(3);
    try (var b = RawClient.connect(server.server())) {
      bobsLaterToken = b.login(bob).token();
    }
    Secret token = a.token();
    a.close();
    server.close();
    Restore.run(copy(), folder.resolve("restored"), Clock.systemUTC());
    server = TestServer.start(folder.resolve("restored"));
    a = connect();
    a.resume(alice, token);
  }

  @AfterEach
  void stop() throws Exception {
    a.close();
    server.close();
  }

  private Path copy() {
    return folder.resolve("copy.db");
  }

  private RawClient connect() throws Exception {
    return RawClient.connect(server.server());
  }

  private ServerFrame.Accepted send(long n) throws Exception {
    return a.askKeeping(
        ServerFrame.Accepted.class,
        nonce ->
            new ClientFrame.Send(
                nonce,
                a.token(),
                bob.name,
                n,
                1,
                TestGroup.random(16),
                List.of(new ClientFrame.Copy(bob.device, TestGroup.random(300)))));
  }

  /** Skips other pushes. */
  private static <T extends ServerFrame> T hear(RawClient client, Class<T> type)
      throws Exception {
    ServerFrame next = client.hear();
    while (!type.isInstance(next)) {
      next = client.hear();
    }
    return type.cast(next);
  }

  private static ServerFrame.RestoredPush hearRestored(RawClient client, String kind)
      throws Exception {
    ServerFrame.RestoredPush push = hear(client, ServerFrame.RestoredPush.class);
    return push.kind().equals(kind) ? push : hearRestored(client, kind);
  }

  private static LogPoint point(ServerFrame.RestoredPush push) {
    return new LogPoint(
        push.kind(), push.owner(), push.generation(), push.sequenceNr(), push.hash());
  }

  private static LogPoint point(ServerFrame.EntryPush push) {
    return new LogPoint(
        push.kind(), push.owner(), push.generation(), push.sequenceNr(), push.hash());
  }

  @Test
  void anInboxGoesOnInANewGeneration() throws Exception {
    try (var b = connect()) {
      ServerFrame.Inbox inbox = b.resume(bob, bobsToken).inbox();
      var first = hear(b, ServerFrame.EntryPush.class);
      var second = hear(b, ServerFrame.EntryPush.class);
      var restored = hearRestored(b, LogPoint.INBOX);

      assertEquals(List.of(1L, 1L), List.of(first.generation(), second.generation()));
      assertEquals(second.entry().point(), restored.previous());
      assertTrue(restored.entry().verify(serverKey, "localhost"));
      assertTrue(restored.generation() > 1_000_000_000);
      assertEquals(restored.generation(), inbox.generation());
      assertEquals(restored.entry().point(), inbox.head());
      var caughtUp = hear(b, ServerFrame.CaughtUp.class);
      assertEquals(
          List.of(restored.generation(), 3L),
          List.of(caughtUp.generation(), caughtUp.sequenceNr()));
      assertEquals(4, send(3).sequenceNr());
      var next = hear(b, ServerFrame.EntryPush.class);
      assertEquals(restored.generation(), next.generation());
    }
  }

  @Test
  void anAcknowledgementNamesTheGenerationOfItsEntry() throws Exception {
    try (var b = connect()) {
      b.resume(bob, bobsToken);
      var first = hear(b, ServerFrame.EntryPush.class);
      var restored = hearRestored(b, LogPoint.INBOX);
      LogPoint right = point(restored);
      for (long generation : List.of(1L, right.generation() - 1, right.generation() + 1)) {
        var wrong =
            new LogPoint(
                right.kind(), right.owner(), generation, right.sequenceNr(), right.hash());
        TestGroup.acknowledge(b, bob, restored.nonce(), wrong);
        assertEquals(
            ErrorCode.ACK_REFUSED,
            assertInstanceOf(ServerFrame.Failed.class, b.reply()).code());
      }
      TestGroup.acknowledge(b, bob, restored.nonce(), point(first));
      TestGroup.acknowledge(b, bob, restored.nonce(), right);
      b.assertAlive();
    }
    try (var b = connect()) {
      assertEquals(3, b.resume(bob, bobsToken).inbox().cursor().sequenceNr());
    }
  }

  @Test
  void oneTimePrekeysAndTokensFromAfterTheCopyAreGone() throws Exception {
    try (var b = connect()) {
      var refused =
          assertInstanceOf(
              ServerFrame.Failed.class,
              b.first(key -> bob.resume(key, bobsLaterToken), bob));
      assertEquals(ErrorCode.TOKEN_REFUSED, refused.code());
    }
    try (var b = connect()) {
      assertEquals(List.of(), b.login(bob).oneTimePrekeyIds());
    }
    var bundle =
        a.ask(
            ServerFrame.KeyBundle.class,
            nonce -> new ClientFrame.Keys(nonce, a.token(), bob.name));
    assertEquals(Optional.empty(), bundle.keys().get(0).oneTimePrekey());
  }

  @Test
  void aGroupTakesAResetBeforeAnythingElse() throws Exception {
    var restored = hearRestored(a, LogPoint.GROUP);
    assertEquals(copiedHead, restored.previous());
    assertTrue(restored.entry().verify(serverKey, "localhost"));
    var caughtUp = hear(a, ServerFrame.CaughtUp.class);
    assertEquals(restored.generation(), caughtUp.generation());
    group.onRestored(restored);
    a.assertRefused(
        ErrorCode.EPOCH_PENDING,
        nonce -> group.frame(a, nonce, alice, group.post(alice)));
    a.assertRefused(
        ErrorCode.EPOCH_PENDING, nonce -> group.frame(a, nonce, alice, group.commit()));

    group.append(a, alice, group.reset());

    ServerFrame.GroupEntryPush reset = group.hearHead(a);
    assertEquals(restored.generation(), reset.generation());
    group.append(a, alice, group.post(alice));
    TestGroup.acknowledge(a, alice, group.hearHead(a));
    a.assertAlive();
  }

  @Test
  void aDeviceFollowsAGroupsLogAcrossARestore() throws Exception {
    var restored = hearRestored(a, LogPoint.GROUP);
    hear(a, ServerFrame.CaughtUp.class);

    a.askKeeping(
        ServerFrame.Done.class,
        nonce ->
            new ClientFrame.Follow(
                nonce, a.token(), group.id, copiedHead.sequenceNr() - 1));

    var last = hear(a, ServerFrame.GroupEntryPush.class);
    assertEquals(List.of(1L, copiedHead), List.of(last.generation(), last.entry().point()));
    assertEquals(restored.entry(), hearRestored(a, LogPoint.GROUP).entry());
    TestGroup.acknowledge(a, alice, last.nonce(), TestGroup.point(last));
    TestGroup.acknowledge(a, alice, last.nonce(), point(restored));
    a.assertAlive();
    a.askKeeping(
        ServerFrame.Done.class,
        nonce ->
            new ClientFrame.Follow(nonce, a.token(), group.id, restored.sequenceNr()));
    a.assertAlive();
  }

  @Test
  void aNewcomerIsToldTheGenerationInWhichItsLogBegins() throws Exception {
    group.onRestored(hearRestored(a, LogPoint.GROUP));
    var carol = new TestUser("carol");
    try (var c = RawClient.registered(server.server(), carol)) {
      group.append(a, alice, group.reset());
      group.append(a, alice, group.commit(TestGroup.invite(carol)));

      var start = hear(c, ServerFrame.GroupStart.class);
      assertEquals(group.head().sequenceNr() - 1, start.sequenceNr());
      assertTrue(start.generation() > 1);
      assertEquals(start.generation(), group.hearHead(c).generation());
    }
  }

  @Test
  void proposalsAreTakenBeforeTheResetWhichMustSettleThem() throws Exception {
    group.onRestored(hearRestored(a, LogPoint.GROUP));
    try (var b = connect()) {
      b.resume(bob, bobsToken);
      group.append(b, bob, group.propose(new GroupProposal.Leave()));
    }
    a.assertRefused(
        ErrorCode.EPOCH_PENDING, nonce -> group.frame(a, nonce, alice, group.reset()));
  }

  @Test
  void theAuditHoldsOfTheCopyAndOfWhatCameOfIt() throws Exception {
    group.onRestored(hearRestored(a, LogPoint.GROUP));
    group.append(a, alice, group.reset());
    group.append(a, alice, group.post(alice));
    send(3);
    Path forAuditors = folder.resolve("auditors.db");
    Backup.write(folder.resolve("restored"), forAuditors, false, Clock.systemUTC());
    a.close();
    server.close();

    for (Path audited : List.of(copy(), folder.resolve("restored"), forAuditors)) {
      TestCommand audit = TestCommand.run("audit", audited.toString());
      assertEquals(0, audit.status(), audit.said());
    }
    server = TestServer.start(folder.resolve("restored"));
  }

  @Test
  void aCopyOfARestoredServerIsRestoredOnceMore() throws Exception {
    Secret token = a.token();
    a.close();
    server.close();
    Path second = folder.resolve("second.db");
    Backup.write(folder.resolve("restored"), second, true, Clock.systemUTC());
    Restore.run(second, folder.resolve("again"), Clock.systemUTC());
    server = TestServer.start(folder.resolve("again"));
    a = connect();
    a.resume(alice, token);

    var first = hearRestored(a, LogPoint.GROUP);
    var again = hearRestored(a, LogPoint.GROUP);
    assertEquals(first.entry().point(), again.previous());
    assertTrue(again.generation() > first.generation());
    assertTrue(again.entry().verify(serverKey, "localhost"));
  }
}

package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.ActorRef;
import akka.actor.InternalActorRef;
import akka.actor.PoisonPill;
import akka.testkit.javadsl.TestKit;
import chat.sotto.TestServer;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a connection does when an entity stops or does not answer. */
class EntityStopsTest {
  @TempDir Path data;
  private final TestUser alice = new TestUser("alice");
  private final TestUser bob = new TestUser("bob");

  /** @param path of an entity or a region, below all regions */
  private static ActorRef find(TestServer server, String path) throws Exception {
    return server
        .system()
        .classicSystem()
        .actorSelection("/system/sharding/" + path)
        .resolveOne(Duration.ofSeconds(10))
        .toCompletableFuture()
        .get();
  }

  /** @param path as of {@link #find} */
  static void stop(TestServer server, String path) throws Exception {
    var system = server.system().classicSystem();
    ActorRef entity = find(server, path);
    var watcher = new TestKit(system);
    watcher.watch(entity);
    entity.tell(PoisonPill.getInstance(), ActorRef.noSender());
    watcher.expectTerminated(Duration.ofSeconds(10), entity);
  }

  private ClientFrame.Send send(RawClient from, long nonce, long n, Bytes ciphertext) {
    return new ClientFrame.Send(
        nonce,
        from.token(),
        bob.name,
        n,
        1,
        Bytes.of(new byte[16]),
        List.of(new ClientFrame.Copy(bob.device, ciphertext)));
  }

  @Test
  void aConnectionAttachesAgainAndPushesWhatCameMeanwhile() throws Exception {
    try (var server = TestServer.start(data);
        var a = RawClient.connect(server.server());
        var b = RawClient.connect(server.server())) {
      a.register(alice);
      b.register(bob);
      b.hear(ServerFrame.CaughtUp.class);
      for (int round = 1; round <= 3; round++) {
        long n = round;
        stop(server, "User/*/bob");
        Bytes ciphertext = Bytes.of(TestUser.random(20));
        ServerFrame.Reply reply =
            a.ask(ServerFrame.Reply.class, nonce -> send(a, nonce, n, ciphertext));
        if (reply instanceof ServerFrame.Failed failed) {
          // The message met the entity while it stopped: neither yes nor no, so it is sent again.
          assertEquals(ErrorCode.UNKNOWN_OUTCOME, failed.code());
          a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, n, ciphertext));
        }
        var push = b.hear(ServerFrame.EntryPush.class);
        assertEquals(n, push.sequenceNr());
        assertEquals(Optional.of(ciphertext), push.ciphertext());
      }
      assertTrue(b.heardNothingMore());
      b.assertAlive();
    }
  }

  @Test
  void aTimeOutIsNeitherYesNorNoAndDeletesNothing() throws Exception {
    var settings = Map.<String, Object>of("sotto.limits.ask-timeout", "4 s");
    try (var server = TestServer.start(data, settings)) {
      Bytes ciphertext = Bytes.of(TestUser.random(20));
      try (var a = RawClient.connect(server.server());
          var b = RawClient.connect(server.server())) {
        a.register(alice);
        b.register(bob);
        long bodies = server.bodies();
        stop(server, "User");
        a.assertRefused(ErrorCode.UNKNOWN_OUTCOME, nonce -> send(a, nonce, 1, ciphertext));
        a.assertAlive();
        assertEquals(bodies + 1, server.bodies());
      }
      server.restart();
      try (var a = RawClient.connect(server.server());
          var b = RawClient.connect(server.server())) {
        a.login(alice);
        b.login(bob);
        b.hear(ServerFrame.CaughtUp.class);
        a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, 1, ciphertext));
        assertEquals(Optional.of(ciphertext), b.hear(ServerFrame.EntryPush.class).ciphertext());
      }
    }
  }

  @Test
  void whatWaitedBehindATimeOutReachedNobodyAndLeavesNothing() throws Exception {
    var settings = Map.<String, Object>of("sotto.limits.ask-timeout", "4 s");
    try (var server = TestServer.start(data, settings);
        var a = RawClient.connect(server.server());
        var b = RawClient.connect(server.server())) {
      a.register(alice);
      b.register(bob);
      b.hear(ServerFrame.CaughtUp.class);
      long bodies = server.bodies();
      var inbox = (InternalActorRef) find(server, "User/*/bob");
      inbox.suspend();
      Bytes first = Bytes.of(TestUser.random(20));
      Bytes second = Bytes.of(TestUser.random(20));
      a.say(send(a, a.nextNonce(), 1, first));
      a.say(send(a, a.nextNonce(), 2, second));
      assertEquals(ErrorCode.UNKNOWN_OUTCOME, ((ServerFrame.Failed) a.reply()).code());
      var notAsked = (ServerFrame.Failed) a.reply();
      assertEquals(ErrorCode.BUSY, notAsked.code());
      assertTrue(notAsked.retryAfter().isPresent());
      assertEquals(bodies + 1, server.bodies());
      inbox.resume(null);
      assertEquals(Optional.of(first), b.hear(ServerFrame.EntryPush.class).ciphertext());
      a.ask(ServerFrame.Accepted.class, nonce -> send(a, nonce, 2, second));
      assertEquals(Optional.of(second), b.hear(ServerFrame.EntryPush.class).ciphertext());
      assertTrue(b.heardNothingMore());
    }
  }
}

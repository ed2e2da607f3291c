package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestServer;
import chat.sotto.journal.Store;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupStatements;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.protocol.TypingPush;
import chat.sotto.protocol.TypingRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** From one member's entry to what the others are pushed. */
class GroupDeliveryTest {
  @TempDir static Path data;
  private static TestServer server;

  private final TestGroup group = new TestGroup();
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

  private static RawClient registered(TestUser user) throws Exception {
    return RawClient.registered(server.server(), user);
  }

  private static RawClient loggedIn(TestUser user) throws Exception {
    RawClient client = RawClient.connect(server.server());
    client.login(user);
    return client;
  }

  /** Alice's group with bob in it. */
  private void make(RawClient a, RawClient b) throws Exception {
    group.append(a, alice, group.commit(TestGroup.found(alice)));
    group.append(a, alice, group.commit(TestGroup.invite(bob)));
    group.append(b, bob, group.confirm(alice));
    group.hearHead(b);
  }

  private Bytes post(RawClient from, TestUser by) throws Exception {
    Bytes ciphertext = TestGroup.random(100);
    group.append(from, by, group.post(by), ciphertext);
    return ciphertext;
  }

  @Test
  void theInvitedHearTheRosterAndEverythingFromTheirInvitationOn() throws Exception {
    try (var a = registered(alice);
        var b = registered(bob)) {
      group.append(a, alice, group.commit(TestGroup.found(alice)));
      post(a, alice);
      var beforeInvitation = group.head();
      group.append(a, alice, group.commit(TestGroup.invite(bob)));
      var start = b.hear(ServerFrame.GroupStart.class);
      assertEquals(beforeInvitation.sequenceNr(), start.sequenceNr());
      assertEquals(beforeInvitation.hash(), start.hash());
      assertEquals(group.roster(), start.rows());
      assertFalse(start.more());
      var commit = b.hear(ServerFrame.GroupEntryPush.class);
      assertEquals(
          commit.hash(), GroupStatements.entryHash(start.hash(), group.id, commit.entry()));
      assertTrue(commit.piece().isPresent() && commit.info().isPresent());
      assertEquals(group.head(), commit.entry().point());
      var caughtUp = b.hear(ServerFrame.CaughtUp.class);
      assertEquals(group.head().hash(), caughtUp.hash());
      assertEquals(group.id.value(), caughtUp.owner());
    }
  }

  @Test
  void theFounderHearsAnEmptyStartAndTheOwnCommitWithoutAPiece() throws Exception {
    try (var a = registered(alice)) {
      group.append(a, alice, group.commit(TestGroup.found(alice)));
      a.close();
    }
    try (var a = loggedIn(alice)) {
      a.hear(ServerFrame.CaughtUp.class);
      var start = a.hear(ServerFrame.GroupStart.class);
      assertEquals(0, start.sequenceNr());
      assertEquals(List.of(), start.rows());
      assertEquals(GroupStatements.start(group.id).hash(), start.hash());
      var commit = a.hear(ServerFrame.GroupEntryPush.class);
      assertEquals(Optional.empty(), commit.piece());
      assertEquals(1, a.hear(ServerFrame.CaughtUp.class).sequenceNr());
    }
  }

  @Test
  void postsReachMembersOnlineAndOfflineInTheirOrder() throws Exception {
    try (var a = registered(alice)) {
      Bytes first;
      try (var b = registered(bob)) {
        make(a, b);
        first = post(a, alice);
        ServerFrame.GroupEntryPush heard = group.hearHead(b);
        assertEquals(Optional.of(first), heard.ciphertext());
        TestGroup.acknowledge(b, bob, heard);
        b.assertAlive();
      }
      Bytes second = post(a, alice);
      Bytes third = post(a, alice);
      try (var b = loggedIn(bob)) {
        List<ServerFrame.GroupEntryPush> heard = group.hear(b, group.head().sequenceNr());
        assertEquals(
            List.of(Optional.of(second), Optional.of(third)),
            heard.stream().map(ServerFrame.GroupEntryPush::ciphertext).toList());
        b.hear(ServerFrame.CaughtUp.class);
        Bytes fourth = post(a, alice);
        assertEquals(
            Optional.of(fourth), b.hear(ServerFrame.GroupEntryPush.class).ciphertext());
      }
    }
  }

  @Test
  void typingReachesTheOtherMembersOnlyAndOfMembersOnly() throws Exception {
    var carol = new TestUser(bob.name.value().replace("bob", "carol"));
    try (var a = registered(alice);
        var b = registered(bob);
        var c = registered(carol)) {
      make(a, b);
      group.append(a, alice, group.commit(TestGroup.invite(carol)));
      group.hearHead(b);
      group.hearHead(c);
      // Carol is only invited, and then bob is not in the group any more.
      typing(c);
      Bytes sealed = typing(a);
      var push = b.hear(TypingPush.class);
      assertEquals(
          new TypingPush(push.nonce(), alice.name, alice.device, Optional.of(group.id), sealed),
          push);
      group.append(a, alice, group.commit(new GroupOp.Remove(bob.name)));
      group.hearHead(b);
      group.hearHead(c);
      typing(b);
      typing(a);
      post(a, alice);
      group.hearHead(c);
      b.assertAlive();
      assertTrue(b.heardNothingMore());
    }
  }

  private Bytes typing(RawClient from) throws Exception {
    Bytes sealed = TestGroup.random(92);
    from.ask(
        ServerFrame.Done.class,
        nonce ->
            new TypingRequest(
                nonce, from.token(), Optional.empty(), Optional.of(group.id), sealed));
    return sealed;
  }

  @Test
  void eachDeviceIsGivenEveryNameAndItsOwnPieceOnly() throws Exception {
    try (var a = registered(alice)) {
      Bytes name = TestGroup.random(50);
      try (var b = registered(bob)) {
        make(a, b);
        group.append(a, alice, group.commit(), name);
      }
      try (var b = loggedIn(bob)) {
        List<ServerFrame.GroupEntryPush> heard = group.hear(b, group.head().sequenceNr());
        assertTrue(heard.get(0).info().filter(first -> !first.equals(name)).isPresent());
        assertEquals(Optional.of(name), heard.get(heard.size() - 1).info());
        assertTrue(heard.get(0).piece().isPresent());
        assertTrue(heard.get(heard.size() - 1).seed().isPresent());
      }
      try (var again = loggedIn(alice)) {
        for (ServerFrame.GroupEntryPush own : group.hear(again, group.head().sequenceNr())) {
          assertEquals(Optional.empty(), own.piece());
        }
      }
    }
  }

  @Test
  void aConnectionAttachesAgainWhenTheGroupStoppedAndMissesAndRepeatsNothing()
      throws Exception {
    try (var a = registered(alice);
        var b = registered(bob)) {
      make(a, b);
      for (int round = 0; round < 3; round++) {
        EntityStopsTest.stop(server, "Group/*/" + group.id);
        var content = group.post(alice);
        var frame = group.frame(a, a.nextNonce(), alice, content);
        a.say(frame);
        ServerFrame.Reply reply = a.reply();
        if (reply instanceof ServerFrame.Failed failed) {
          // It met the entity while it stopped: neither yes nor no, so it is sent again.
          assertEquals(ErrorCode.UNKNOWN_OUTCOME, failed.code());
          reply = a.ask(ServerFrame.GroupAccepted.class, nonce -> withNonce(frame, nonce));
        }
        group.onAccepted(alice, content, (ServerFrame.GroupAccepted) reply);
        assertEquals(frame.ciphertext(), group.hearHead(b).ciphertext());
      }
      assertTrue(b.heardNothingMore());
      b.assertAlive();
    }
  }

  static ClientFrame.GroupAppend withNonce(
      ClientFrame.GroupAppend frame, long nonce) {
    return new ClientFrame.GroupAppend(
        nonce,
        frame.token(),
        frame.group(),
        frame.messageId(),
        frame.content(),
        frame.info(),
        frame.pieces(),
        frame.ciphertext());
  }

  @Test
  void everythingIsThereAfterTheServerWasRestarted() throws Exception {
    Bytes text;
    try (var a = registered(alice);
        var b = registered(bob)) {
      make(a, b);
      text = post(a, alice);
    }
    server.restart();
    try (var a = loggedIn(alice);
        var b = loggedIn(bob)) {
      assertEquals(Optional.of(text), group.hearHead(b).ciphertext());
      Bytes next = post(a, alice);
      assertEquals(Optional.of(next), group.hearHead(b).ciphertext());
    }
  }

  @Test
  void aPostToManyIsOneEventAndOneBody() throws Exception {
    List<TestUser> people = new ArrayList<>();
    List<RawClient> clients = new ArrayList<>();
    try (var a = registered(alice)) {
      for (int i = 0; i < 12; i++) {
        people.add(new TestUser("member" + i + "-" + alice.name.value().substring(6)));
        clients.add(registered(people.get(i)));
      }
      group.append(a, alice, group.commit(TestGroup.found(alice)));
      group.append(
          a,
          alice,
          group.commit(
              people.stream()
                  .map(TestGroup::invite)
                  .toArray(GroupOp[]::new)));
      for (int i = 0; i < people.size(); i++) {
        group.append(clients.get(i), people.get(i), group.confirm(alice));
      }
      long bodies = server.bodies();
      long events = events();
      Bytes text = post(a, alice);
      assertEquals(bodies + 1, server.bodies());
      assertEquals(events + 1, events());
      for (RawClient client : clients) {
        assertEquals(Optional.of(text), group.hearHead(client).ciphertext());
      }
    } finally {
      clients.forEach(RawClient::close);
    }
  }

  /** In the group's journal. */
  private long events() throws Exception {
    return Store.get(server.system())
        .journal()
        .read("Group|" + group.id, 0, Long.MAX_VALUE)
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS)
        .size();
  }
}

package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestServer;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.user.User;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Which part of a group's log somebody is pushed who comes and goes. */
class GroupStretchTest {
  @TempDir static Path data;
  private static TestServer server;

  private final TestGroup group = new TestGroup();
  private TestUser alice;
  private TestUser bob;
  private RawClient a;
  private RawClient b;

  @BeforeAll
  static void start() {
    server = TestServer.start(data);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /** Alice's group, to which bob is invited. */
  @BeforeEach
  void make(TestInfo test) throws Exception {
    String own = Integer.toHexString(test.getDisplayName().hashCode());
    alice = new TestUser("alice-" + own);
    bob = new TestUser("bob-" + own);
    a = RawClient.registered(server.server(), alice);
    b = RawClient.registered(server.server(), bob);
    group.append(a, alice, group.commit(TestGroup.found(alice)));
    invite();
  }

  @AfterEach
  void leave() {
    a.close();
    b.close();
  }

  private void invite() throws Exception {
    group.append(a, alice, group.commit(TestGroup.invite(bob)));
  }

  private void remove() throws Exception {
    group.append(a, alice, group.commit(TestGroup.remove(bob)));
  }

  private Bytes post() throws Exception {
    Bytes ciphertext = TestGroup.random(100);
    group.append(a, alice, group.post(alice), ciphertext);
    return ciphertext;
  }

  private void reconnect() throws Exception {
    b.close();
    b = RawClient.connect(server.server());
    b.login(bob);
    assertEquals(bob.name.value(), b.hear(ServerFrame.CaughtUp.class).owner());
  }

  /** What was to be read from the disk for a push would have been, meanwhile. */
  private void assertNothingMore() throws Exception {
    for (int i = 0; i < 10; i++) {
      b.assertAlive();
    }
    assertTrue(b.heardNothingMore());
  }

  /** Waits until the index of bob's groups says so. */
  private void awaitInGroup(boolean isIn) throws Exception {
    while (isInGroup() != isIn) {
      b.assertAlive();
    }
  }

  private boolean isInGroup() throws Exception {
    b.close();
    b = RawClient.connect(server.server());
    b.login(bob);
    b.hear(ServerFrame.CaughtUp.class);
    var seen =
        b.ask(
            ServerFrame.Reply.class,
            nonce -> new ClientFrame.Follow(nonce, b.token(), group.id, 0));
    return seen instanceof ServerFrame.Done;
  }

  @Test
  void postsComeWithoutCiphertextUntilTheInvitedHasConfirmed() throws Exception {
    post();
    assertEquals(Optional.empty(), group.hearHead(b).ciphertext());
    group.append(b, bob, group.confirm(alice));
    Bytes text = post();
    assertEquals(Optional.of(text), group.hearHead(b).ciphertext());
    reconnect();
    List<ServerFrame.GroupEntryPush> all = group.hear(b, group.head().sequenceNr());
    assertEquals(
        List.of(false, false, false, true),
        all.stream().map(push -> push.ciphertext().isPresent()).toList());
  }

  @Test
  void theRemovedHearsTheRemovalAndNothingAfterIt() throws Exception {
    group.append(b, bob, group.confirm(alice));
    remove();
    ServerFrame.GroupEntryPush removal = group.hearHead(b);
    assertEquals(Optional.empty(), removal.piece());
    post();
    group.append(a, alice, group.commit());
    assertNothingMore();
    reconnect();
    assertEquals(removal.hash(), last(group.hear(b, removal.sequenceNr())).hash());
    assertEquals(removal.hash(), b.hear(ServerFrame.CaughtUp.class).hash());
    assertNothingMore();
  }

  private static <T> T last(List<T> all) {
    return all.get(all.size() - 1);
  }

  @Test
  void whoWasRemovedWhileAwayReadsUpToTheRemoval() throws Exception {
    group.append(b, bob, group.confirm(alice));
    b.close();
    Bytes text = post();
    remove();
    long removal = group.head().sequenceNr();
    post();
    reconnect();
    List<ServerFrame.GroupEntryPush> heard = group.hear(b, removal);
    assertEquals(Optional.of(text), heard.get(heard.size() - 2).ciphertext());
    assertEquals(removal, b.hear(ServerFrame.CaughtUp.class).sequenceNr());
    assertNothingMore();
  }

  @Test
  void theGroupLeavesTheIndexOnceTheEndIsAcknowledged() throws Exception {
    group.append(b, bob, group.confirm(alice));
    remove();
    TestGroup.acknowledge(b, bob, group.hearHead(b));
    awaitInGroup(false);
    reconnect();
    assertNothingMore();
  }

  @Test
  void afterALeaveOrADeclineNothingIsPushed() throws Exception {
    group.append(b, bob, group.propose(new GroupProposal.Decline()));
    var declined = group.head();
    assertEquals(declined, group.hearHead(b).entry().point());
    group.append(a, alice, group.commit(new GroupOp.Decline(bob.name)));
    assertNothingMore();
    invite();
    group.append(b, bob, group.confirm(alice));
    group.hearHead(b);
    group.append(b, bob, group.propose(new GroupProposal.Leave()));
    group.hearHead(b);
    group.append(a, alice, group.commit(new GroupOp.Leave(bob.name)));
    post();
    assertNothingMore();
  }

  @Test
  void whoIsInvitedAgainBeginsAnewAndNeverHearsWhatWasBetween() throws Exception {
    group.append(b, bob, group.confirm(alice));
    remove();
    TestGroup.acknowledge(b, bob, group.hearHead(b));
    post();
    long between = group.head().sequenceNr();
    invite();
    var start = hear(ServerFrame.GroupStart.class);
    assertEquals(between, start.sequenceNr());
    assertEquals(group.roster(), start.rows());
    assertEquals(group.head(), group.hearHead(b).entry().point());
    group.append(b, bob, group.confirm(alice));
    Bytes text = post();
    assertEquals(Optional.of(text), group.hearHead(b).ciphertext());
  }

  private <T extends ServerFrame> T hear(Class<T> type) throws Exception {
    ServerFrame next = b.hear();
    while (!type.isInstance(next)) {
      next = b.hear();
    }
    return type.cast(next);
  }

  @Test
  void bothStretchesComeOneAfterTheOtherToWhoWasAway() throws Exception {
    group.append(b, bob, group.confirm(alice));
    TestGroup.acknowledge(b, bob, group.hearHead(b));
    b.assertAlive();
    b.close();
    post();
    remove();
    long end = group.head().sequenceNr();
    post();
    invite();
    long again = group.head().sequenceNr();
    reconnect();
    List<String> heard = new ArrayList<>();
    ServerFrame next = b.hear();
    while (!(next instanceof ServerFrame.CaughtUp)) {
      heard.add(
          next instanceof ServerFrame.GroupStart start
              ? "start " + start.sequenceNr()
              : "entry " + ((ServerFrame.GroupEntryPush) next).sequenceNr());
      next = b.hear();
    }
    assertEquals(
        List.of(
            "entry 4",
            "entry " + end,
            "start " + (again - 1),
            "entry " + again),
        heard);
  }

  @Test
  void whoAcknowledgedNothingBeginsWithTheNewestStretch() throws Exception {
    group.append(b, bob, group.confirm(alice));
    b.close();
    remove();
    post();
    invite();
    long again = group.head().sequenceNr();
    reconnect();
    assertEquals(again - 1, b.hear(ServerFrame.GroupStart.class).sequenceNr());
    assertEquals(1, group.hear(b, again).size());
  }

  @Test
  void anInvitationThatIsSentOnceMoreBringsNobodyBackWhoHasLeft() throws Exception {
    remove();
    TestGroup.acknowledge(b, bob, group.hearHead(b));
    awaitInGroup(false);
    var content = group.commit(TestGroup.invite(bob));
    var frame = new AtomicReference<ClientFrame.GroupAppend>();
    var accepted =
        a.ask(
            ServerFrame.GroupAccepted.class,
            nonce -> {
              frame.set(group.frame(a, nonce, alice, content));
              return frame.get();
            });
    group.onAccepted(alice, content, accepted);
    remove();
    TestGroup.acknowledge(b, bob, group.hearHead(b));
    awaitInGroup(false);
    var again =
        a.ask(
            ServerFrame.GroupAccepted.class, nonce -> TestGroup.again(frame.get(), nonce));
    assertEquals(accepted.sequenceNr(), again.sequenceNr());
    a.assertAlive();
    assertFalse(isInGroup());
  }

  @Test
  void followPushesAgainFromThereButNotFromBeforeTheInvitation() throws Exception {
    group.append(b, bob, group.confirm(alice));
    Bytes text = post();
    group.hearHead(b);
    follow(3);
    var again = b.hear(ServerFrame.GroupEntryPush.class);
    assertEquals(4, again.sequenceNr());
    assertEquals(Optional.of(text), again.ciphertext());
    assertEquals(4, b.hear(ServerFrame.CaughtUp.class).sequenceNr());
    follow(0);
    assertEquals(1, b.hear(ServerFrame.GroupStart.class).sequenceNr());
    assertEquals(3, group.hear(b, 4).size());
    b.hear(ServerFrame.CaughtUp.class);
    follow(4);
    follow(9);
    assertNothingMore();
    var other = new TestGroup();
    b.assertRefused(
        ErrorCode.NOT_MEMBER,
        nonce -> new ClientFrame.Follow(nonce, b.token(), other.id, 0));
  }

  private void follow(long after) throws Exception {
    b.ask(
        ServerFrame.Done.class,
        nonce -> new ClientFrame.Follow(nonce, b.token(), group.id, after));
  }

  @Test
  void anIndexThatIsAheadOfTheGroupWaitsForIt() throws Exception {
    // As after a cut between the two steps of an invitation.
    var carol = new TestUser("carol-" + bob.name.value().substring(4));
    try (var c = RawClient.registered(server.server(), carol)) {
      User.ref(server.system(), carol.name)
          .<User.JoinReply>ask(
              replyTo -> new User.JoinGroup(group.id, replyTo), Duration.ofSeconds(10))
          .toCompletableFuture()
          .get();
      c.assertAlive();
      assertTrue(c.heardNothingMore());
      group.append(a, alice, group.commit(TestGroup.invite(carol)));
      c.hear(ServerFrame.GroupStart.class);
      group.hearHead(c);
    }
  }
}

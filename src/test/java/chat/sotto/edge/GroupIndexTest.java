package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.group.Group;
import chat.sotto.model.GroupContent;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.user.User;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How the index of a user's groups follows what happens in them. */
class GroupIndexTest extends GroupStretches {
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
  void theGroupLeavesTheIndexOnceTheEndIsAcknowledged() throws Exception {
    group.append(b, bob, group.confirm(alice));
    remove();
    TestGroup.acknowledge(b, bob, group.hearHead(b));
    awaitInGroup(false);
    reconnect();
    assertNothingMore();
  }

  @Test
  void aConnectionForgetsTheGroupUntilTheNextInvitation() throws Exception {
    group.append(b, bob, group.confirm(alice));
    remove();
    TestGroup.acknowledge(b, bob, group.hearHead(b));
    while (b.ask(ServerFrame.Reply.class, this::followAll) instanceof ServerFrame.Done) {
      b.assertAlive();
    }
    invite();
    assertEquals(group.head().sequenceNr() - 1, hear(ServerFrame.GroupStart.class).sequenceNr());
    group.hearHead(b);
  }

  private ClientFrame followAll(long nonce) {
    return new ClientFrame.Follow(nonce, b.token(), group.id, group.head().sequenceNr());
  }

  @Test
  void anInvitationOfWhichNoNewsCameIsFoundWhenTheUserIsThereAgain() throws Exception {
    group.append(b, bob, group.confirm(alice));
    remove();
    ServerFrame.GroupEntryPush removal = group.hearHead(b);
    // Not acknowledged, so the group stays in the index, and nobody is told of what follows.
    appendAtTheGroup(group.commit(TestGroup.invite(bob)));
    assertNothingMore();
    EntityStopsTest.stop(server, "User/*/" + bob.name.value());
    assertEquals(removal.sequenceNr(), hear(ServerFrame.GroupStart.class).sequenceNr());
    group.hearHead(b);
  }

  private void appendAtTheGroup(GroupContent content) throws Exception {
    ClientFrame.GroupAppend frame = group.frame(a, 2, alice, content);
    List<Group.PieceOwner> owners =
        frame.pieces().orElseThrow().stream()
            .map(piece -> new Group.PieceOwner(piece.user(), piece.device()))
            .toList();
    var bodies =
        new Group.CommitBodies(TestGroup.random(32), "attempt", owners, Long.MAX_VALUE);
    var append =
        new Group.Append(
            alice.name, alice.device, frame.messageId(), frame.content(), bodies);
    Group.AppendReply reply =
        Group.ref(server.system(), group.id)
            .<Group.AppendReplies>ask(
                replyTo -> new Group.AppendAll(List.of(append), replyTo), Duration.ofSeconds(10))
            .toCompletableFuture()
            .get()
            .each()
            .get(0);
    var accepted = assertInstanceOf(Group.Accepted.class, reply);
    group.onAccepted(
        alice,
        content,
        new ServerFrame.GroupAccepted(
            3,
            group.id,
            accepted.sequenceNr(),
            accepted.time(),
            accepted.hash(),
            accepted.digest()));
  }

  /** A crash between the entry and the index is cured by the retry. */
  @Test
  void anInvitationThatIsSentOnceMoreIsIndexedAgain() throws Exception {
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
    b.close();
    User.ref(server.system(), bob.name)
        .<User.DoneReply>ask(
            replyTo -> new User.LeaveGroup(group.id, replyTo), Duration.ofSeconds(10))
        .toCompletableFuture()
        .get();
    a.ask(ServerFrame.GroupAccepted.class, nonce -> TestGroup.again(frame.get(), nonce));
    awaitInGroup(true);
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

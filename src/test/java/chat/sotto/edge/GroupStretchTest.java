package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.model.Bytes;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which part of a group's log somebody is pushed who comes and goes. */
class GroupStretchTest extends GroupStretches {
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

  @Test
  void followLeadsThroughAnEarlierStretchThatWasNeverAcknowledged() throws Exception {
    group.append(b, bob, group.confirm(alice));
    group.hearHead(b);
    b.close();
    remove();
    invite();
    reconnect();
    assertEquals(4, hear(ServerFrame.GroupStart.class).sequenceNr());
    group.hear(b, 5);
    b.hear(ServerFrame.CaughtUp.class);
    follow(3);
    assertEquals(4, b.hear(ServerFrame.GroupEntryPush.class).sequenceNr());
    assertEquals(4, b.hear(ServerFrame.GroupStart.class).sequenceNr());
    assertEquals(5, b.hear(ServerFrame.GroupEntryPush.class).sequenceNr());
  }

  private void follow(long after) throws Exception {
    b.ask(
        ServerFrame.Done.class,
        nonce -> new ClientFrame.Follow(nonce, b.token(), group.id, after));
  }
}

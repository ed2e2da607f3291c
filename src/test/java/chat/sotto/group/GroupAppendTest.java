package chat.sotto.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import chat.sotto.journal.StoredEntry;
import chat.sotto.journal.TestClock;
import chat.sotto.journal.TestStore;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRefusal;
import chat.sotto.model.GroupRole;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.Point;
import chat.sotto.model.TestContents;
import chat.sotto.model.TestPerson;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What becomes an entry of the log and what does not, on a real journal. */
class GroupAppendTest {
  private static final ActorTestKit TEST_KIT =
      ActorTestKit.create(TestStore.entityConfig(TestStore.newFolder()));

  private final TestClock clock = new TestClock();
  private final TestPerson alice = new TestPerson("alice");
  private final TestPerson bob = new TestPerson("bob");
  private final TestPerson carol = new TestPerson("carol");
  private final RunningGroup group = RunningGroup.unhurried(TEST_KIT, clock);

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  @Test
  void chainsEachEntryToTheOneBeforeUnderTheNumberOfItsEvent() {
    group.create(alice);
    group.restart();
    group.invite(alice, bob);
    group.restart();
    group.accepted(bob, group.confirm(alice));
    group.restart();
    group.accepted(bob, group.post(bob));
    group.restart();
    group.accepted(bob, group.proposal(new GroupProposal.Leave()));
    group.restart();
    var last = group.accepted(alice, group.change(new GroupOp.Leave(bob.user)));

    Point head = GroupStatements.start(group.group);
    long time = 0;
    for (StoredEntry one : group.stored()) {
      GroupEntry entry = group.entry(one).entry();
      assertEquals(head.sequenceNr() + 1, entry.sequenceNr());
      assertEquals(one.sequenceNr(), entry.sequenceNr());
      assertEquals(GroupStatements.entryHash(head.hash(), group.group, entry), entry.hash());
      assertTrue(entry.time() > time);
      time = entry.time();
      head = entry.point();
    }
    assertEquals(new Point(6, last.hash()), head);
    assertEquals(time, last.time());
    assertEquals(
        GroupStatements.contentDigest(group.group, group.events().get(5).entry()),
        last.digest());
    assertFalse(last.isRepeat());
  }

  @Test
  void timeRisesWhateverTheClockDoes() {
    group.create(alice);
    var first = group.accepted(alice, group.post(alice));
    clock.advance(Duration.ofHours(-1));
    group.restart();
    var second = group.accepted(alice, group.post(alice));
    assertEquals(first.time() + 1, second.time());
  }

  @Test
  void aGroupIsMadeOnce() {
    group.create(alice);
    for (TestPerson person : List.of(alice, bob)) {
      assertEquals(
          new Group.Taken(), group.append(person, TestContents.create(group.group, person)));
    }
    assertEquals(1, group.stored().size());
  }

  @Test
  void refusesWhatTheRulesForbidAndKeepsNothingOfIt() {
    group.create(alice);
    group.add(alice, bob);
    var stale = group.change();
    group.accepted(alice, group.change(new GroupOp.ChangeRole(bob.user, GroupRole.ADMIN)));
    group.accepted(
        alice,
        group.change(
            TestContents.invite(carol), new GroupOp.ChangeRole(bob.user, GroupRole.MEMBER)));
    group.restart();

    group.assertRefused(GroupRefusal.NOT_MEMBER, carol, group.post(carol));
    group.assertRefused(GroupRefusal.NOT_ADMIN, bob, group.change(TestContents.invite(carol)));
    group.assertRefused(GroupRefusal.EPOCH_STALE, bob, stale);
    group.assertRefused(
        GroupRefusal.ALREADY_MEMBER, alice, group.change(TestContents.invite(carol)));
    group.assertRefused(
        GroupRefusal.LAST_ADMIN, alice, group.proposal(new GroupProposal.Leave()));
    group.assertRefused(
        GroupRefusal.GROUP_REFUSED, bob, group.proposal(new GroupProposal.Decline()));
    clock.advance(Duration.ofDays(14).plusSeconds(1));
    group.assertRefused(GroupRefusal.INVITATION_OVER, carol, group.confirm(alice));
    group.accepted(bob, group.proposal(new GroupProposal.Leave()));
    group.assertRefused(GroupRefusal.EPOCH_PENDING, alice, group.post(alice));
    assertTrue(group.bodies.keySet().stream().allMatch(id -> id.startsWith("group-roster/")));
  }

  @Test
  void countsThePostsOfEachDeviceInEachEpoch() {
    group.create(alice);
    group.add(alice, bob);
    group.accepted(alice, group.post(alice));
    group.accepted(bob, group.post(bob));
    group.restart();
    GroupState state = group.derived();
    int before = group.stored().size();
    for (long counter : List.of(1L, 3L)) {
      assertEquals(
          new Group.OutOfOrder(2),
          group.append(
              alice, TestContents.post(state.membership(), state.head(), counter)));
    }
    assertEquals(before, group.stored().size());
    group.accepted(alice, group.post(alice));
    group.accepted(alice, group.change());
    state = group.derived();
    assertEquals(
        new Group.OutOfOrder(1),
        group.append(alice, TestContents.post(state.membership(), state.head(), 3)));
    group.accepted(alice, TestContents.post(state.membership(), state.head(), 1));
  }

  @Test
  void wantsOnePieceForEachDeviceThatNeedsOne() {
    group.create(alice);
    group.add(alice, bob);
    group.accepted(alice, group.change(new GroupOp.Devices(bob.user, bob.deviceList(2, 2))));
    var commit =
        group.change(new GroupOp.Remove(bob.user), TestContents.invite(carol));
    var own = new Group.PieceOwner(alice.user, alice.device(1));
    var first = new Group.PieceOwner(bob.user, bob.device(1));
    var second = new Group.PieceOwner(bob.user, bob.device(2));
    var carols = new Group.PieceOwner(carol.user, carol.device(1));
    int before = group.stored().size();

    for (List<Group.PieceOwner> wrong :
        List.of(
            List.<Group.PieceOwner>of(),
            List.of(first, second, carols),
            List.of(carols, own),
            List.of(carols, carols),
            List.of(new Group.PieceOwner(bob.user, carol.device(1))),
            List.of(own))) {
      assertEquals(new Group.PiecesRefused(), commit(alice, commit, wrong));
      assertEquals(new Group.PiecesRefused(), group.review(alice, commit, wrong, 9));
    }
    assertEquals(new Group.PiecesRefused(), commit(alice, group.change(), List.of(first)));
    assertEquals(before, group.stored().size());
    assertEquals(new Group.Reviewed(List.of()), group.review(alice, commit, List.of(carols), 9));
    assertInstanceOf(Group.Accepted.class, commit(alice, commit, List.of(carols)));
  }

  private Group.AppendReply commit(
      TestPerson by, GroupContent.Commit commit, List<Group.PieceOwner> pieces) {
    return group.append(
        new Group.Append(
            by.user,
            by.device(1),
            by.messageId(-9),
            commit,
            TestAppends.commitBodies(by.messageId(-9), pieces)));
  }

  @Test
  void aReviewChangesNothing() {
    group.create(alice);
    var commit = group.change(TestContents.invite(bob));
    List<Group.PieceOwner> pieces = List.of(new Group.PieceOwner(bob.user, bob.device(1)));

    assertEquals(new Group.Reviewed(List.of()), group.review(alice, commit, pieces, 1));
    assertEquals(
        new Group.Refused(GroupRefusal.NOT_MEMBER), group.review(bob, commit, pieces, 1));
    assertEquals(
        new Group.Taken(),
        group.review(bob, TestContents.create(group.group, bob), List.of(), 1));
    assertEquals(1, group.stored().size());
    assertEquals(Set.of(), group.bodies.keySet());
    group.accepted(alice, commit);
  }

  @Test
  void takesSoManyPostsASecondAndNotOneMore() {
    var hurried = new RunningGroup(TEST_KIT, clock, GroupLimits.DEFAULT);
    hurried.create(alice);
    for (int at = 0; at < 50; at++) {
      hurried.accepted(alice, hurried.post(alice));
    }
    int before = hurried.stored().size();
    assertEquals(new Group.RateLimited(20), hurried.append(alice, hurried.post(alice)));
    hurried.nanoTime.addAndGet(Duration.ofMillis(20).toNanos() - 1);
    assertEquals(new Group.RateLimited(1), hurried.append(alice, hurried.post(alice)));
    assertEquals(before, hurried.stored().size());
    hurried.nanoTime.incrementAndGet();
    GroupState state = hurried.derived();
    assertEquals(
        new Group.OutOfOrder(51),
        hurried.append(alice, TestContents.post(state.membership(), state.head(), 7)));
    hurried.accepted(alice, hurried.post(alice));
    assertEquals(new Group.RateLimited(20), hurried.append(alice, hurried.post(alice)));
    hurried.accepted(alice, hurried.change());
  }

  @Test
  void putsUpTheRosterForNewcomersBeforeTheEntry() {
    group.create(alice);
    group.accepted(alice, group.change());
    assertEquals(Set.of(), group.bodies.keySet());
    group.invite(alice, bob, carol);

    var committed = (GroupEvent.Committed) group.events().get(2);
    byte[] body = group.bodies.get(BodyIds.roster(group.group, committed.attempt()));
    assertEquals(group.membership().roster(), RosterBody.fromBytes(body).rows());
  }

  @Test
  void takesNoNewcomersWhenTheirRosterCannotBePutUp() {
    group.create(alice);
    group.isBusy = true;
    var invitation = group.change(TestContents.invite(bob));
    assertEquals(new Group.Busy(), group.append(alice, invitation));
    assertEquals(1, group.stored().size());
    group.isBusy = false;
    group.accepted(alice, invitation);
  }

  @Test
  void bodiesAreOfTheContentsKind() {
    var content = TestContents.create(group.group, alice);
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Group.Append(
                alice.user,
                alice.device(1),
                alice.messageId(1),
                content,
                new Group.NoBodies()));
  }

  @Test
  void whatNobodyMadeIsNotThereAndLeavesAtOnce() {
    group.assertRefused(GroupRefusal.NOT_MEMBER, alice, group.change());
    group.awaitStopped();
    group.assertRefused(
        GroupRefusal.NOT_MEMBER,
        alice,
        new GroupContent.Post(
            0, 1, group.derived().head(), TestPerson.digest("post"), GroupStatements.unsigned()));
    group.awaitStopped();
    assertEquals(
        new Group.Refused(GroupRefusal.NOT_MEMBER),
        group.review(alice, group.change(), List.of(), 1));
    group.awaitStopped();
    group.attach(alice).expectMessage(new Group.NotMember(group.group));
    group.awaitStopped();
    assertEquals(new Group.Refused(GroupRefusal.NOT_MEMBER), group.roster(alice));
    group.awaitStopped();
    group.tell(new Group.Progress(alice.user, 1));
    group.awaitStopped();
    assertEquals(List.of(), group.stored());
  }
}

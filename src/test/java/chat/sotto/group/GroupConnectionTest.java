package chat.sotto.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import chat.sotto.journal.TestClock;
import chat.sotto.journal.TestStore;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRefusal;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.Point;
import chat.sotto.model.TestPerson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who follows the log, and from where to where. */
class GroupConnectionTest {
  private static final ActorTestKit TEST_KIT =
      ActorTestKit.create(TestStore.entityConfig(TestStore.newFolder()));

  private final TestClock clock = new TestClock();
  private final TestPerson alice = new TestPerson("alice");
  private final TestPerson bob = new TestPerson("bob");
  private final TestPerson carol = new TestPerson("carol");
  private final RunningGroup group = RunningGroup.unhurried(TEST_KIT, clock);

  @BeforeEach
  void create() {
    group.create(alice);
  }

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  private String attempt(int sequenceNr) {
    return ((GroupEvent.Committed) group.events().get(sequenceNr - 1)).attempt();
  }

  private static Group.Stretch stretch(
      Point start, String attempt, Long confirmedNr, Long end) {
    return new Group.Stretch(
        start,
        Optional.ofNullable(attempt),
        Optional.ofNullable(confirmedNr),
        Optional.ofNullable(end));
  }

  @Test
  void theFounderHasTheWholeLog() {
    group.accepted(alice, group.post(alice));
    group.restart();

    var attached = group.attached(alice);

    assertEquals(group.entity(), attached.group());
    assertEquals(group.derived().head(), attached.head());
    assertEquals(
        List.of(stretch(GroupStatements.start(group.group), null, 0L, null)),
        attached.stretches());
  }

  @Test
  void somebodyInvitedBeginsWhereTheInviterStood() {
    var invitation = group.change(new GroupOp.Invite(bob.user, bob.deviceList()));
    group.accepted(alice, group.post(alice));
    group.accepted(alice, invitation);
    group.restart();
    var invited = stretch(invitation.head(), attempt(3), null, null);
    assertEquals(List.of(invited), group.attached(bob).stretches());

    group.accepted(bob, group.confirm(alice));
    group.restart();
    assertEquals(
        List.of(stretch(invitation.head(), attempt(3), 4L, null)),
        group.attached(bob).stretches());
    assertEquals(1, invitation.head().sequenceNr());
  }

  @Test
  void theLogEndsForWhoIsRemovedLeavesDeclinesOrTimesOut() {
    var dave = new TestPerson("dave");
    var erin = new TestPerson("erin");
    group.invite(alice, bob, carol, dave, erin);
    Point start = new Point(1, group.events().get(0).hash());
    group.accepted(bob, group.confirm(alice));
    group.accepted(carol, group.confirm(alice));
    group.accepted(carol, group.proposal(new GroupProposal.Leave()));
    group.accepted(dave, group.proposal(new GroupProposal.Decline()));
    group.accepted(
        alice,
        group.change(
            new GroupOp.Remove(bob.user),
            new GroupOp.Leave(carol.user),
            new GroupOp.Decline(dave.user)));
    clock.advance(Duration.ofDays(15));
    group.accepted(alice, group.change(new GroupOp.Timeout(erin.user)));
    group.restart();

    String attempt = attempt(2);
    assertEquals(
        List.of(stretch(start, attempt, 3L, 7L)), group.attached(bob).stretches());
    assertEquals(
        List.of(stretch(start, attempt, 4L, 5L)), group.attached(carol).stretches());
    assertEquals(
        List.of(stretch(start, attempt, null, 6L)), group.attached(dave).stretches());
    assertEquals(
        List.of(stretch(start, attempt, null, 8L)), group.attached(erin).stretches());
  }

  @Test
  void theLogEndsForTheInvitedWhenNobodyIsLeft() {
    group.invite(alice, bob);
    TestProbe<Group.Notice> bobs = group.attach(bob);
    bobs.expectMessageClass(Group.Attached.class);
    group.accepted(alice, group.proposal(new GroupProposal.Leave()));
    assertEquals(List.of(3L), told(bobs, 1));
    group.restart();

    Point start = new Point(1, group.events().get(0).hash());
    assertEquals(
        List.of(stretch(start, attempt(2), null, 3L)), group.attached(bob).stretches());
    group.assertRefused(
        GroupRefusal.NOT_MEMBER, bob, group.proposal(new GroupProposal.Decline()));
  }

  @Test
  void somebodyInvitedAgainHasAFurtherPart() {
    group.add(alice, bob);
    group.accepted(alice, group.change(new GroupOp.Remove(bob.user)));
    group.invite(alice, bob);

    List<Group.Stretch> stretches = group.attached(bob).stretches();

    assertEquals(2, stretches.size());
    assertEquals(Optional.of(4L), stretches.get(0).end());
    assertEquals(stretch(group.events().get(3).entry().point(), attempt(5), null, null),
        stretches.get(1));
  }

  @Test
  void keepsTheNewestPartsOfWhoComesAndGoes() {
    for (int at = 0; at < 9; at++) {
      group.invite(alice, bob);
      group.accepted(alice, group.change(new GroupOp.Remove(bob.user)));
    }
    group.restart();
    List<Group.Stretch> stretches = group.attached(bob).stretches();
    assertEquals(8, stretches.size());
    assertEquals(3, stretches.get(0).start().sequenceNr());
    assertEquals(Optional.of(19L), stretches.get(7).end());
  }

  @Test
  void doesNotServeStrangers() {
    group.attach(bob).expectMessage(new Group.NotMember(group.group));
  }

  @Test
  void tellsAllWhoFollowOfEachEntryOnceItIsOnDisk() {
    group.add(alice, bob);
    group.invite(alice, carol);
    List<TestProbe<Group.Notice>> connections = new ArrayList<>();
    for (TestPerson person : List.of(alice, bob, bob, carol)) {
      TestProbe<Group.Notice> connection = group.attach(person);
      connection.expectMessageClass(Group.Attached.class);
      connections.add(connection);
    }

    group.accepted(bob, group.post(bob));
    group.accepted(carol, group.confirm(alice));
    group.accepted(alice, group.change());

    for (TestProbe<Group.Notice> connection : connections) {
      for (var stored : group.stored().subList(4, 7)) {
        connection.expectMessage(
            new Group.Appended(group.group, List.of(group.entry(stored))));
      }
    }
    var posted = (GroupEvent.Posted) group.events().get(4);
    assertEquals(
        new Group.PostBody(posted.bodyId(), 300, RunningGroup.expiresAt()), posted.bodies());
    var committed = (GroupEvent.Committed) group.events().get(6);
    assertEquals(
        new Group.CommitBodies(
            committed.seed(), committed.attempt(), List.of(), RunningGroup.expiresAt()),
        committed.bodies());
    group.assertRefused(GroupRefusal.GROUP_REFUSED, carol, group.confirm(alice));
    connections.get(0).expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void whoIsRemovedIsToldThatAndNothingAfter() {
    group.add(alice, bob);
    group.add(alice, carol);
    TestProbe<Group.Notice> bobs = group.attach(bob);
    bobs.expectMessageClass(Group.Attached.class);
    TestProbe<Group.Notice> carols = group.attach(carol);
    carols.expectMessageClass(Group.Attached.class);

    group.accepted(alice, group.change(new GroupOp.Remove(bob.user)));
    group.accepted(carol, group.proposal(new GroupProposal.Leave()));
    group.accepted(alice, group.change(new GroupOp.Leave(carol.user)));
    group.accepted(alice, group.post(alice));

    assertEquals(List.of(6L), told(bobs, 1));
    assertEquals(List.of(6L, 7L), told(carols, 2));
    bobs.expectNoMessage(Duration.ofMillis(50));
    carols.expectNoMessage(Duration.ofMillis(1));
    TestProbe<Group.Notice> again = group.attach(bob);
    again.expectMessageClass(Group.Attached.class);
    group.accepted(alice, group.post(alice));
    again.expectNoMessage(Duration.ofMillis(50));
  }

  private static List<Long> told(TestProbe<Group.Notice> connection, int count) {
    var numbers = new ArrayList<Long>();
    while (numbers.size() < count) {
      Group.Appended told = connection.expectMessageClass(Group.Appended.class);
      told.entries().forEach(one -> numbers.add(one.entry().sequenceNr()));
    }
    return numbers;
  }

  @Test
  void aConnectionThatDetachedIsToldNothing() {
    TestProbe<Group.Notice> connection = group.attach(alice);
    connection.expectMessageClass(Group.Attached.class);
    group.tell(new Group.Detach(connection.ref()));
    group.accepted(alice, group.post(alice));
    connection.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void staysWhileAConnectionIsAttachedAndLeavesWhenItIsGone() {
    ActorRef<Group.Notice> gone = TEST_KIT.spawn(Behaviors.ignore());
    group.tell(new Group.Attach(alice.user, alice.device(1), gone));
    group.tell(new Group.Idle());
    assertInstanceOf(Group.Roster.class, group.roster(alice));

    TEST_KIT.stop(gone);
    TestProbe<Object> probe = TEST_KIT.createTestProbe();
    probe.awaitAssert(
        () -> {
          group.tell(new Group.Idle());
          probe.expectTerminated(group.entity(), Duration.ofMillis(100));
          return null;
        });
  }

  @Test
  void describesTheRosterToMembers() {
    group.add(alice, bob);
    group.invite(alice, carol);
    var roster =
        new Group.Roster(
            List.of(user(alice, true), user(bob, true), user(carol, false)));
    assertEquals(roster, group.roster(bob));
    var refused = new Group.Refused(GroupRefusal.NOT_MEMBER);
    assertEquals(refused, group.roster(carol));
    group.accepted(bob, group.proposal(new GroupProposal.Leave()));
    assertEquals(refused, group.roster(bob));
    assertEquals(
        new Group.Roster(
            List.of(user(alice, true), user(bob, false), user(carol, false))),
        group.roster(alice));
  }

  private static Group.RosterUser user(TestPerson person, boolean isMember) {
    return new Group.RosterUser(person.user, isMember, List.of(person.device(1)));
  }
}

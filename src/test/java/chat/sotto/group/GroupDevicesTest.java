package chat.sotto.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import chat.sotto.journal.TestClock;
import chat.sotto.journal.TestStore;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.TestPerson;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the group gives to the devices of a user whose list changes (docs/protocol.md §9.8). */
class GroupDevicesTest {
  private static final ActorTestKit TEST_KIT =
      ActorTestKit.create(TestStore.entityConfig(TestStore.newFolder()));

  private final TestPerson alice = new TestPerson("alice");
  private final TestPerson bob = new TestPerson("bob");
  private final RunningGroup group = RunningGroup.unhurried(TEST_KIT, new TestClock());

  @BeforeEach
  void create() {
    group.create(alice);
  }

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  private void take(DeviceList list) {
    group.accepted(alice, group.change(new GroupOp.Devices(list.user(), list)));
  }

  @Test
  void aNewDeviceWaitsAndBeginsWithTheCommitThatBringsIt() {
    group.add(alice, bob);
    TestProbe<Group.Notice> second = group.attach(bob, 2);
    var waiting = second.expectMessageClass(Group.Waiting.class);
    assertEquals(group.derived().head(), waiting.head());
    assertFalse(waiting.isPending());

    var proposal = new GroupProposal.Devices(bob.deviceList(2, 2));
    assertInstanceOf(Group.Accepted.class, group.propose(bob, 2, proposal));
    second.expectMessageClass(Group.Appended.class);
    var pending =
        group.attach(bob, 2).expectMessageClass(Group.Waiting.class);
    assertTrue(pending.isPending());
    GroupContent.Commit commit = group.change(new GroupOp.Devices(bob.user, bob.deviceList(2, 2)));
    group.accepted(alice, commit);
    second.expectMessageClass(Group.Appended.class);
    group.restart();

    var attached = group.attach(bob, 2).expectMessageClass(Group.Attached.class);
    var committed = (GroupEvent.Committed) group.events().get(4);
    assertEquals(
        List.of(
            new Group.Stretch(
                commit.head(), Optional.of(committed.attempt()), Optional.of(3L), Optional.empty())),
        attached.stretches());
    assertEquals(1, group.attached(bob).stretches().get(0).start().sequenceNr());
    assertArrayEquals(
        new RosterBody(group.membership().roster()).toBytes(),
        group.bodies.get(BodyIds.roster(group.group, committed.attempt())));
  }

  @Test
  void aListWithoutANewDevicePutsNoRosterUp() {
    group.add(alice, bob);
    int before = group.bodies.size();
    take(bob.deviceList(2, 1));
    assertEquals(before, group.bodies.size());
    take(bob.deviceList(3, 2));
    assertEquals(before + 1, group.bodies.size());
  }

  @Test
  void aDeviceThatWasTakenFromTheListGetsNothingMore() {
    group.add(alice, bob);
    take(bob.deviceList(2, 2));
    TestProbe<Group.Notice> first = group.attach(bob);
    first.expectMessageClass(Group.Attached.class);
    TestProbe<Group.Notice> second = group.attach(bob, 2);
    second.expectMessageClass(Group.Attached.class);

    take(bob.deviceList(3, 1));
    group.accepted(alice, group.post(alice));

    assertEquals(5, appendedNr(first));
    assertEquals(6, appendedNr(first));
    second.expectNoMessage(Duration.ofMillis(50));
    group.restart();
    group.attach(bob, 2).expectMessageClass(Group.Waiting.class);
  }

  private static long appendedNr(TestProbe<Group.Notice> connection) {
    Group.Appended told = connection.expectMessageClass(Group.Appended.class);
    assertEquals(1, told.entries().size());
    return told.entries().get(0).entry().sequenceNr();
  }

  @Test
  void aLaterListMovesNoDeviceThatIsThere() {
    group.add(alice, bob);
    take(bob.deviceList(2, 2));
    var start = group.attach(bob, 2).expectMessageClass(Group.Attached.class).stretches();
    take(bob.deviceList(3, 3));
    assertEquals(
        start, group.attach(bob, 2).expectMessageClass(Group.Attached.class).stretches());
  }

  @Test
  void aDeviceOfAnInvitedUserBeginsWithItsOwnCommitAndReadsOnceTheyAccepted() {
    group.invite(alice, bob);
    take(bob.deviceList(2, 2));
    var stretch =
        group.attach(bob, 2).expectMessageClass(Group.Attached.class).stretches().get(0);
    assertEquals(2, stretch.start().sequenceNr());
    assertEquals(Optional.empty(), stretch.confirmedNr());
    group.accepted(bob, group.confirm(alice));
    stretch = group.attach(bob, 2).expectMessageClass(Group.Attached.class).stretches().get(0);
    assertEquals(Optional.of(4L), stretch.confirmedNr());
  }

  @Test
  void aDeviceThatCameAfterItsUserWentHasMissedAll() {
    group.add(alice, bob);
    group.accepted(alice, group.change(new GroupOp.Remove(bob.user)));
    group.attach(bob, 2).expectMessage(
        new Group.Missed(group.group, 4, List.of(bob.device(1))));
    assertEquals(Optional.of(4L), group.attached(bob).stretches().get(0).end());
  }

  @Test
  void whoIsInvitedAgainBeginsAnewWithEachDevice() {
    group.add(alice, bob);
    take(bob.deviceList(2, 2));
    group.accepted(alice, group.change(new GroupOp.Remove(bob.user)));
    group.accepted(alice, group.change(new GroupOp.Invite(bob.user, bob.deviceList(2, 2))));
    for (int device : List.of(1, 2)) {
      var stretches =
          group.attach(bob, device).expectMessageClass(Group.Attached.class).stretches();
      assertEquals(2, stretches.size());
      assertEquals(5, stretches.get(1).start().sequenceNr());
    }
    group.attach(bob, 3).expectMessageClass(Group.Waiting.class);
  }
}

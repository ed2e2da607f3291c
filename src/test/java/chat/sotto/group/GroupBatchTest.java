package chat.sotto.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import chat.sotto.journal.StoredEntry;
import chat.sotto.journal.TestClock;
import chat.sotto.journal.TestStore;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupRefusal;
import chat.sotto.model.TestContents;
import chat.sotto.model.TestPerson;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several entries that one command brings. */
class GroupBatchTest {
  private static final ActorTestKit TEST_KIT =
      ActorTestKit.create(TestStore.entityConfig(TestStore.newFolder()));

  private final TestPerson alice = new TestPerson("alice");
  private final TestPerson bob = new TestPerson("bob");
  private final TestPerson carol = new TestPerson("carol");
  private final RunningGroup group = RunningGroup.unhurried(TEST_KIT, new TestClock());

  @BeforeEach
  void create() {
    group.create(alice);
    group.add(alice, bob);
  }

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  private List<Group.AppendReply> append(Group.Append... appends) {
    return group
        .<Group.AppendReplies>ask(replyTo -> new Group.AppendAll(List.of(appends), replyTo))
        .each();
  }

  /** Of the epoch and the head that are there now. */
  private Group.Append post(TestPerson by, long counter) {
    GroupState state = group.derived();
    return group.made(by, TestContents.post(state.membership(), state.head(), counter));
  }

  private static Group.Accepted accepted(Group.AppendReply reply) {
    return assertInstanceOf(Group.Accepted.class, reply);
  }

  private TestProbe<Group.Notice> attached(TestPerson person) {
    TestProbe<Group.Notice> connection = group.attach(person);
    connection.expectMessageClass(Group.Attached.class);
    return connection;
  }

  private Group.Appended appended(List<StoredEntry> stored) {
    return new Group.Appended(group.group, stored.stream().map(group::entry).toList());
  }

  @Test
  void eachIsDecidedOnWhatThoseBeforeItLeaveAndAllAreToldTogether() {
    TestProbe<Group.Notice> connection = attached(bob);
    Group.Append first = post(alice, 1);
    Group.Append second = post(alice, 2);

    List<Group.AppendReply> replies =
        append(
            first,
            second,
            // A repeat of what stands in the same command.
            first,
            post(alice, 4),
            post(carol, 1),
            post(bob, 1));

    assertEquals(6, replies.size());
    assertEquals(4, accepted(replies.get(0)).sequenceNr());
    assertEquals(5, accepted(replies.get(1)).sequenceNr());
    assertEquals(4, accepted(replies.get(2)).sequenceNr());
    assertTrue(accepted(replies.get(2)).isRepeat());
    assertEquals(new Group.OutOfOrder(3), replies.get(3));
    assertEquals(new Group.Refused(GroupRefusal.NOT_MEMBER), replies.get(4));
    assertEquals(6, accepted(replies.get(5)).sequenceNr());
    assertEquals(6, group.stored().size());
    connection.expectMessage(appended(group.stored().subList(3, 6)));
    connection.expectNoMessage(Duration.ofMillis(50));
    group.restart();
    assertTrue(accepted(group.append(second)).isRepeat());
    assertEquals(7, accepted(group.append(post(alice, 3))).sequenceNr());
  }

  @Test
  void whoIsRemovedInTheMiddleIsToldNothingOfWhatFollows() {
    TestProbe<Group.Notice> alices = attached(alice);
    TestProbe<Group.Notice> bobs = attached(bob);
    GroupContent.Commit removal = group.change(new GroupOp.Remove(bob.user));

    List<Group.AppendReply> replies =
        append(post(bob, 1), group.made(alice, removal), post(bob, 2), post(alice, 1));

    assertEquals(4, accepted(replies.get(0)).sequenceNr());
    assertEquals(5, accepted(replies.get(1)).sequenceNr());
    assertEquals(new Group.Refused(GroupRefusal.NOT_MEMBER), replies.get(2));
    // Of the epoch before.
    assertEquals(new Group.Refused(GroupRefusal.EPOCH_STALE), replies.get(3));
    bobs.expectMessage(appended(group.stored().subList(3, 4)));
    bobs.expectMessage(appended(group.stored().subList(4, 5)));
    group.accepted(alice, group.post(alice));
    alices.expectMessage(appended(group.stored().subList(3, 4)));
    alices.expectMessage(appended(group.stored().subList(4, 5)));
    alices.expectMessage(appended(group.stored().subList(5, 6)));
    bobs.expectNoMessage(Duration.ofMillis(50));
    group.restart();
    assertEquals(6, group.attached(alice).head().sequenceNr());
  }

  @Test
  void nothingIsStoredIfTheRosterForNewcomersCannotBePutUp() {
    GroupContent.Commit invitation = group.change(TestContents.invite(carol));
    Group.Append post = post(alice, 1);
    Group.Append invite = group.made(alice, invitation);
    Set<String> bodies = Set.copyOf(group.bodies.keySet());
    group.isBusy = true;

    assertEquals(Collections.nCopies(2, new Group.Busy()), append(post, invite));

    assertEquals(3, group.stored().size());
    assertEquals(bodies, group.bodies.keySet());
    group.isBusy = false;
    List<Group.AppendReply> replies = append(post, invite);
    assertEquals(4, accepted(replies.get(0)).sequenceNr());
    assertEquals(5, accepted(replies.get(1)).sequenceNr());
    assertEquals(bodies.size() + 1, group.bodies.size());
  }
}

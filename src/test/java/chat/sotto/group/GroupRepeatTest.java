package chat.sotto.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import chat.sotto.journal.TestClock;
import chat.sotto.journal.TestStore;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRefusal;
import chat.sotto.model.Membership;
import chat.sotto.model.Point;
import chat.sotto.model.TestContents;
import chat.sotto.model.TestPerson;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What is known of the newest entries: repeats and heads; on a real journal. */
class GroupRepeatTest {
  private static final ActorTestKit TEST_KIT =
      ActorTestKit.create(TestStore.entityConfig(TestStore.newFolder()));

  private final TestClock clock = new TestClock();
  private final TestPerson alice = new TestPerson("alice");
  private final TestPerson bob = new TestPerson("bob");
  private final RunningGroup group = RunningGroup.unhurried(TEST_KIT, clock);

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  @Test
  void answersARepeatWithWhatWasStoredAndStoresNothing() {
    group.create(alice);
    Membership before = group.membership();
    var commit = group.change(TestContents.invite(bob));
    var first = repeatable(before, commit, 1);
    var post = group.post(alice);
    var posted = repeatable(group.membership(), post, 2);
    int stored = group.stored().size();

    assertEquals(repeated(first), repeatable(before, commit, 1));
    group.restart();
    assertEquals(repeated(posted), repeatable(before, post, 2));
    assertEquals(repeated(first), otherAttempt(commit, 1));
    assertEquals(repeated(first), group.review(alice, commit, List.of(), 1));
    assertEquals(stored, group.stored().size());
  }

  private Group.Accepted repeatable(Membership before, GroupContent content, long message) {
    return assertInstanceOf(
        Group.Accepted.class,
        group.append(TestAppends.of(before, alice, alice.messageId(-message), content)));
  }

  /** With another seed, as the server draws one for each attempt. */
  private Group.AppendReply otherAttempt(GroupContent.Commit commit, long message) {
    return group.append(
        new Group.Append(
            alice.user,
            alice.device(1),
            alice.messageId(-message),
            commit,
            TestAppends.commitBodies(TestPerson.digest("another"), List.of())));
  }

  private static Group.Accepted repeated(Group.Accepted first) {
    return new Group.Accepted(
        first.sequenceNr(), first.time(), first.hash(), first.digest(), true);
  }

  @Test
  void knowsARepeatAmongTheNewestEntriesOnly() {
    group.create(alice);
    Membership before = group.membership();
    var post = group.post(alice);
    var first = repeatable(before, post, 1);
    posts(255);
    assertEquals(repeated(first), repeatable(before, post, 1));
    posts(1);

    Group.AppendReply reply =
        group.append(TestAppends.of(before, alice, alice.messageId(-1), post));
    assertEquals(new Group.Refused(GroupRefusal.EPOCH_STALE), reply);
  }

  private void posts(int count) {
    GroupState state = group.derived();
    long next = state.expectedCounter(alice.device(1));
    TestProbe<Group.AppendReplies> replies = TEST_KIT.createTestProbe();
    LongStream.range(next, next + count)
        .forEach(
            counter -> group.tell(TestAppends.alone(post(state, counter), replies.ref())));
    replies
        .receiveSeveralMessages(count, Duration.ofSeconds(60))
        .forEach(
            reply -> assertInstanceOf(Group.Accepted.class, TestAppends.only(reply)));
  }

  private Group.Append post(GroupState state, long counter) {
    return TestAppends.of(
        state.membership(),
        alice,
        alice.messageId(counter),
        TestContents.post(state.membership(), state.head(), counter));
  }

  @Test
  void anIdThatSomebodyElseUsesIsNoRepeat() {
    group.create(alice);
    group.add(alice, bob);
    Membership before = group.membership();
    repeatable(before, group.post(alice), 1);

    Group.AppendReply reply =
        group.append(TestAppends.of(before, bob, alice.messageId(-1), group.post(bob)));
    assertFalse(assertInstanceOf(Group.Accepted.class, reply).isRepeat());
  }

  @Test
  void takesHeadsThatItKnowsAndNoOthers() {
    group.create(alice);
    Point old = group.derived().head();
    posts(255);
    GroupState state = group.derived();
    Point newest = state.head();
    Point forged = new Point(newest.sequenceNr(), TestPerson.digest("forged"));
    Point beyond = new Point(newest.sequenceNr() + 1, newest.hash());
    for (Point head : List.of(forged, beyond, new Point(2, old.hash()))) {
      group.assertRefused(
          GroupRefusal.GROUP_REFUSED, alice, TestContents.change(state.membership(), head));
      group.assertRefused(
          GroupRefusal.GROUP_REFUSED,
          alice,
          TestContents.proposal(head, new GroupProposal.Rekey()));
      group.assertRefused(
          GroupRefusal.GROUP_REFUSED, alice, TestContents.post(state.membership(), head, 256));
    }
    group.accepted(alice, TestContents.post(state.membership(), old, 256));

    group.restart();
    group.assertRefused(
        GroupRefusal.EPOCH_STALE, alice, TestContents.post(state.membership(), old, 257));
    group.assertRefused(
        GroupRefusal.EPOCH_STALE, alice, TestContents.change(state.membership(), old));
    group.accepted(alice, TestContents.change(state.membership(), newest));
  }

  @Test
  void whatWasAcceptedIsThereAfterACrashInTheMiddleOfMany() {
    group.create(alice);
    GroupState state = group.derived();
    TestProbe<Group.AppendReplies> replies = TEST_KIT.createTestProbe();
    List<Group.Append> posts =
        LongStream.rangeClosed(1, 50).mapToObj(counter -> post(state, counter)).toList();
    posts.forEach(one -> group.tell(TestAppends.alone(one, replies.ref())));
    replies.receiveMessage();

    // The entity stops with a write in the journal's queue and commands in its own.
    group.restart();

    posts.forEach(one -> assertInstanceOf(Group.Accepted.class, group.append(one)));
    assertEquals(
        LongStream.rangeClosed(1, 50).boxed().toList(),
        group.events().stream()
            .filter(GroupEvent.Posted.class::isInstance)
            .map(event -> ((GroupEvent.Posted) event).content().counter())
            .toList());
  }
}

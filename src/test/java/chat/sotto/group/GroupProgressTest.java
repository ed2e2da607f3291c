package chat.sotto.group;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import chat.sotto.journal.TestClock;
import chat.sotto.journal.TestStore;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.TestPerson;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nobody needs any more, as people tell how far they have come; on a real journal. */
class GroupProgressTest {
  private static final ActorTestKit TEST_KIT =
      ActorTestKit.create(TestStore.entityConfig(TestStore.newFolder()));

  private final TestPerson alice = new TestPerson("alice");
  private final TestPerson bob = new TestPerson("bob");
  private final TestPerson carol = new TestPerson("carol");
  private final RunningGroup group = RunningGroup.unhurried(TEST_KIT, new TestClock());

  @BeforeEach
  void create() {
    group.create(alice);
  }

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  private long posted(TestPerson by) {
    return group.accepted(by, group.post(by)).sequenceNr();
  }

  private String body(long post) {
    return ((GroupEvent.Posted) group.events().get((int) post - 1)).bodyId();
  }

  private void progress(TestPerson person, long sequenceNr) {
    group.tell(new Group.Progress(person.user, sequenceNr));
  }

  /** What was dropped since. */
  private Set<String> dropped() {
    // The entity has done what it was told before.
    group.roster(alice);
    Set<String> dropped = Set.copyOf(group.deletedBodies);
    group.deletedBodies.clear();
    return dropped;
  }

  @Test
  void dropsPostsThatEveryMemberHasAndNothingElse() {
    group.add(alice, bob);
    group.invite(alice, carol);
    long first = posted(alice);
    long second = posted(bob);

    progress(alice, second);
    assertEquals(Set.of(), dropped());
    progress(bob, first);
    assertEquals(Set.of(body(first)), dropped());
    progress(bob, first);
    progress(new TestPerson("dave"), 1);
    assertEquals(Set.of(), dropped());
    progress(bob, second);
    assertEquals(Set.of(body(second)), dropped());
    progress(carol, second);
    assertEquals(Set.of(), dropped());
  }

  @Test
  void keepsPostsThatWhoIsRemovedMayStillHaveToFetch() {
    group.add(alice, bob);
    long fetched = posted(alice);
    long missed = posted(alice);
    progress(bob, fetched);
    group.accepted(alice, group.change(new GroupOp.Remove(bob.user)));
    long after = posted(alice);

    progress(alice, after);

    assertEquals(Set.of(body(fetched), body(after)), dropped());
    progress(bob, missed);
    progress(alice, after);
    assertEquals(Set.of(), dropped());
  }

  @Test
  void dropsPostsThatWhoIsRemovedToldToHaveSinceThen() {
    group.add(alice, bob);
    long post = posted(alice);
    group.accepted(alice, group.change(new GroupOp.Remove(bob.user)));

    progress(bob, post + 1);
    progress(alice, post + 1);

    assertEquals(Set.of(body(post)), dropped());
  }

  @Test
  void keepsPostsThatWhoLeavesMayStillHaveToFetch() {
    group.add(alice, bob);
    posted(alice);
    group.accepted(bob, group.proposal(new GroupProposal.Leave()));
    group.accepted(alice, group.change(new GroupOp.Leave(bob.user)));
    long after = posted(alice);

    progress(alice, after);

    assertEquals(Set.of(body(after)), dropped());
  }

  @Test
  void keepsPostsOfAnEarlierMembershipOfWhoIsInvitedAgain() {
    group.add(alice, bob);
    posted(alice);
    group.accepted(alice, group.change(new GroupOp.Remove(bob.user)));
    long between = posted(alice);
    group.invite(alice, bob);

    progress(alice, between);

    assertEquals(Set.of(body(between)), dropped());
  }

  @Test
  void keepsNoPostForWhoNeverWasGivenIt() {
    group.invite(alice, bob, carol);
    long before = posted(alice);
    group.accepted(bob, group.confirm(alice));
    group.accepted(carol, group.proposal(new GroupProposal.Decline()));
    group.accepted(
        alice, group.change(new GroupOp.Remove(bob.user), new GroupOp.Decline(carol.user)));

    progress(alice, before);

    assertEquals(Set.of(body(before)), dropped());
  }

  @Test
  void afterARestartNothingIsDroppedBeforeEverybodyToldAgain() {
    group.add(alice, bob);
    long post = posted(alice);
    progress(bob, post);
    group.restart();

    progress(alice, post);

    assertEquals(Set.of(), dropped());
  }
}

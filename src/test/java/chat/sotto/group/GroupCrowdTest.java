package chat.sotto.group;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import chat.sotto.journal.Bodies;
import chat.sotto.journal.Store;
import chat.sotto.journal.StoredEntry;
import chat.sotto.journal.TestClock;
import chat.sotto.journal.TestStore;
import chat.sotto.model.TestPerson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often many connections are told what happens in their group. */
class GroupCrowdTest {
  private static final ActorTestKit TEST_KIT =
      ActorTestKit.create(
          ManualTime.config().withFallback(TestStore.entityConfig(TestStore.newFolder())));
  private static final ManualTime TIME = ManualTime.get(TEST_KIT.system());

  private final TestPerson alice = new TestPerson("alice");
  private final RunningGroup group = RunningGroup.unhurried(TEST_KIT, new TestClock());
  private final List<TestProbe<Group.Notice>> connections = new ArrayList<>();

  @BeforeEach
  void create() {
    group.create(alice);
  }

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  private void attach(int count) {
    for (int i = 0; i < count; i++) {
      TestProbe<Group.Notice> connection = group.attach(alice);
      connection.expectMessageClass(Group.Attached.class);
      connections.add(connection);
    }
  }

  private void post() {
    group.accepted(alice, group.post(alice));
  }

  /** @param from number of the first entry that all are told of at once */
  private void expectAppended(int from, int to) {
    List<StoredEntry> stored = group.stored().subList(from - 1, to);
    var appended = new Group.Appended(group.group, stored.stream().map(group::entry).toList());
    connections.forEach(connection -> connection.expectMessage(appended));
  }

  private void rest() {
    TIME.timePasses(GroupBehavior.REST);
  }

  @Test
  void aCrowdIsToldOfTheFirstPostAtOnceAndOfWhatFollowsTogether() {
    attach(GroupBehavior.CROWD_MIN);
    post();
    expectAppended(2, 2);
    post();
    post();
    TIME.timePasses(GroupBehavior.REST.minusMillis(1));
    TIME.expectNoMessageFor(Duration.ZERO, connections.get(0));

    TIME.timePasses(Duration.ofMillis(1));
    expectAppended(3, 4);
    post();
    TIME.expectNoMessageFor(Duration.ZERO, connections.get(0));
    rest();
    expectAppended(5, 5);
    rest();
    post();
    expectAppended(6, 6);
  }

  @Test
  void aChangeIsToldAtOnceAndAfterWhatCameBeforeIt() {
    attach(GroupBehavior.CROWD_MIN);
    post();
    expectAppended(2, 2);
    post();
    group.accepted(alice, group.change());

    expectAppended(3, 3);
    expectAppended(4, 4);
    post();
    rest();
    expectAppended(5, 5);
  }

  @Test
  void aFewAreToldOfEachPostAtOnce() {
    attach(GroupBehavior.CROWD_MIN - 1);
    post();
    expectAppended(2, 2);
    post();
    expectAppended(3, 3);
  }

  /** Of what waits while an event is written, what is beyond 4,096 is dropped. */
  @Test
  void theEndOfARestIsHeardThoughTheQueueWasFull() {
    attach(GroupBehavior.CROWD_MIN);
    post();
    expectAppended(2, 2);
    Bodies bodies = Store.get(TEST_KIT.system()).bodies();
    IntStream.range(0, 30).forEach(at -> bodies.put("busy" + at, new byte[1 << 20], 0));
    TestProbe<Group.AppendReplies> reply = TEST_KIT.createTestProbe();
    Group.Append post = group.made(alice, group.post(alice));
    group.tell(TestAppends.alone(post, reply.ref()));
    var typing = new Group.Typing(alice.user, alice.device(1), TestPerson.digest("typing"));
    IntStream.range(0, 6_000).forEach(at -> group.tell(typing));

    rest();
    reply.receiveMessage();
    expectAppended(3, 3);
  }

  @Test
  void whoComesWhileACrowdRestsLosesNothing() {
    attach(GroupBehavior.CROWD_MIN);
    post();
    expectAppended(2, 2);
    post();
    var late = group.attach(alice);
    Group.Attached attached = late.expectMessageClass(Group.Attached.class);
    // What it is not told, it reads up to there.
    assertEquals(3, attached.head().sequenceNr());
    connections.add(late);
    rest();
    expectAppended(3, 3);
  }
}

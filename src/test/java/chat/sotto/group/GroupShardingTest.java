package chat.sotto.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.PoisonPill;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Adapter;
import akka.cluster.sharding.ShardRegion.CurrentShardRegionState;
import akka.cluster.sharding.typed.GetShardRegionState;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import chat.sotto.journal.Bodies;
import chat.sotto.journal.Store;
import chat.sotto.journal.StoredEntry;
import chat.sotto.journal.TestClock;
import chat.sotto.journal.TestStore;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupRefusal;
import chat.sotto.model.GroupRole;
import chat.sotto.model.Membership;
import chat.sotto.model.TestContents;
import chat.sotto.model.TestPerson;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

/** Groups behind Cluster Sharding: a cluster of one, on a real journal. */
class GroupShardingTest {
  private static final ActorTestKit TEST_KIT =
      ActorTestKit.create(TestStore.clusterConfig(TestStore.newFolder()));
  private static final TestClock CLOCK = new TestClock();

  private final TestPerson alice = new TestPerson("alice");
  private final TestPerson bob = new TestPerson("bob");

  @BeforeAll
  static void start() {
    Group.init(TEST_KIT.system(), CLOCK, GroupLimits.DEFAULT);
    Cluster cluster = Cluster.get(TEST_KIT.system());
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
  }

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  private static GroupId group(int number) {
    return new GroupId("%032x".formatted(number));
  }

  private static <R> R ask(GroupId group, Function<ActorRef<R>, Group.Command> command) {
    TestProbe<R> probe = TEST_KIT.createTestProbe();
    Group.ref(TEST_KIT.system(), group).tell(command.apply(probe.ref()));
    return probe.receiveMessage();
  }

  private static Group.AppendReply append(
      GroupId group, TestPerson by, long message, GroupContent content) {
    Membership membership = derived(group).membership();
    var append = TestAppends.of(membership, by, by.messageId(message), content);
    return TestAppends.only(
        GroupShardingTest.<Group.AppendReplies>ask(
            group, replyTo -> TestAppends.alone(append, replyTo)));
  }

  private void create(GroupId group) {
    assertInstanceOf(
        Group.Accepted.class, append(group, alice, 1, TestContents.create(group, alice)));
  }

  private static GroupState derived(GroupId group) {
    GroupState state = GroupState.empty(group);
    for (StoredEntry one :
        Store.get(TEST_KIT.system())
            .journal()
            .read(GroupState.entity(group), 0, Long.MAX_VALUE)
            .toCompletableFuture()
            .join()) {
      state = state.apply(one.entry());
    }
    return state;
  }

  @Test
  void aCommitWhoseWriteWasQueuedWhenTheEntityDiedIsThereOnceAndTheLogGoesOn()
      throws InterruptedException {
    GroupId group = group(1);
    create(group);
    TestProbe<Group.Notice> connection = TEST_KIT.createTestProbe();
    Group.ref(TEST_KIT.system(), group).tell(new Group.Attach(alice.user, alice.device(1), connection.ref()));
    ActorRef<Group.Command> entity =
        connection.expectMessageClass(Group.Attached.class).group();
    GroupState before = derived(group);
    GroupOp invite = TestContents.invite(bob);
    var commit = TestContents.change(before.membership(), before.head(), invite);
    keepTheWriterBusy();
    TestProbe<Group.AppendReplies> reply = TEST_KIT.createTestProbe();
    Group.AppendAll command =
        TestAppends.alone(
            TestAppends.of(before.membership(), alice, alice.messageId(2), commit), reply.ref());
    CLOCK.expectRead();
    Group.ref(TEST_KIT.system(), group).tell(command);
    // The entity decides now; its own death is the next thing that it can notice.
    CLOCK.awaitRead();

    Adapter.toClassic(entity).tell(PoisonPill.getInstance(), akka.actor.ActorRef.noSender());

    connection.expectTerminated(entity, Duration.ofSeconds(10));
    reply.expectNoMessage(Duration.ofMillis(1));
    Group.Accepted repeated = acceptUntilAnswered(group, command, reply);
    assertEquals(2, repeated.sequenceNr());
    assertTrue(repeated.isRepeat());
    GroupState after = derived(group);
    var confirm = TestContents.confirm(after.membership(), after.head(), alice);
    assertInstanceOf(Group.Accepted.class, append(group, bob, 1, confirm));
    assertEquals(
        GroupRole.MEMBER, derived(group).membership().row(bob.user).orElseThrow().role());
    assertEquals(after.membership().roster(), rosterForNewcomers(group, command));
  }

  /** Large bodies stand before the next event in the writer's queue. */
  private static void keepTheWriterBusy() {
    Bodies bodies = Store.get(TEST_KIT.system()).bodies();
    IntStream.range(0, 30).forEach(at -> bodies.put("busy" + at, new byte[1 << 20], 0));
  }

  /** What is sent to an entity in the moment of its death is lost; a client sends it again. */
  private static Group.Accepted acceptUntilAnswered(
      GroupId group, Group.AppendAll command, TestProbe<Group.AppendReplies> reply) {
    Group.AppendReplies answer =
        reply.awaitAssert(
            Duration.ofSeconds(10),
            () -> {
              Group.ref(TEST_KIT.system(), group).tell(command);
              return reply.receiveMessage(Duration.ofSeconds(1));
            });
    return assertInstanceOf(Group.Accepted.class, TestAppends.only(answer));
  }

  private static List<?> rosterForNewcomers(GroupId group, Group.AppendAll command) {
    String attempt = ((Group.CommitBodies) command.appends().get(0).bodies()).attempt();
    byte[] body =
        Store.get(TEST_KIT.system())
            .bodies()
            .get(BodyIds.roster(group, attempt))
            .toCompletableFuture()
            .join()
            .orElseThrow();
    return RosterBody.fromBytes(body).rows();
  }

  @Test
  void groupsThatNobodyMadeLeaveMemoryAtOnce() {
    create(group(2));
    for (int at = 100; at < 200; at++) {
      assertEquals(
          new Group.Refused(GroupRefusal.NOT_MEMBER),
          GroupShardingTest.<Group.RosterReply>ask(
              group(at), replyTo -> new Group.DescribeRoster(alice.user, replyTo)));
    }

    TestProbe<CurrentShardRegionState> probe = TEST_KIT.createTestProbe();
    probe.awaitAssert(
        Duration.ofSeconds(10),
        () -> {
          ClusterSharding.get(TEST_KIT.system())
              .shardState()
              .tell(new GetShardRegionState(Group.ENTITY_KEY, probe.ref()));
          List<String> entities = entities(probe.receiveMessage());
          assertTrue(entities.contains(group(2).value()), entities.toString());
          assertTrue(
              IntStream.range(100, 200)
                  .mapToObj(at -> group(at).value())
                  .noneMatch(entities::contains),
              entities.toString());
          return null;
        });
  }

  private static List<String> entities(CurrentShardRegionState state) {
    return CollectionConverters.asJava(state.shards()).stream()
        .flatMap(shard -> CollectionConverters.asJava(shard.entityIds()).stream())
        .toList();
  }
}

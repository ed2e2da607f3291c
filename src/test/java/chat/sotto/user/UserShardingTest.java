package chat.sotto.user;

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
import chat.sotto.journal.TestClock;
import chat.sotto.journal.TestStore;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

/** Users behind Cluster Sharding: a cluster of one, on a real journal. */
class UserShardingTest {
  private static final ActorTestKit TEST_KIT =
      ActorTestKit.create(TestStore.clusterConfig(TestStore.newFolder()));
  private static final TestClock CLOCK = new TestClock();

  private final TestAccount alice = new TestAccount("alice");

  @BeforeAll
  static void start() {
    new UserSharding(
            CLOCK, UserLimits.DEFAULT, (user, group, nr) -> {}, new RunningUser.Removals())
        .init(TEST_KIT.system());
    Cluster cluster = Cluster.get(TEST_KIT.system());
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
  }

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  private <R> R ask(TestAccount user, Function<ActorRef<R>, User.Command> command) {
    TestProbe<R> probe = TEST_KIT.createTestProbe();
    User.ref(TEST_KIT.system(), user.user).tell(command.apply(probe.ref()));
    return probe.receiveMessage(Duration.ofSeconds(10));
  }

  private void register(TestAccount user) {
    User.SignInReply reply =
        ask(
            user,
            replyTo ->
                new User.Register(
                    user.deviceList(1),
                    TestAccount.statements(user.prekeys(2)),
                    TestAccount.digest("credentials"),
                    TestAccount.digest("vault"),
                    user.tokenHash("first"),
                    replyTo));
    assertInstanceOf(User.SignedIn.class, reply);
  }

  private User.Accept message(TestAccount to, long n, ActorRef<User.AcceptReplies> replyTo) {
    return new User.Accept(
        List.of(
            new Sent(
                alice.user,
                alice.device(1),
                n,
                1,
                alice.messageId(n),
                alice.copiesTo(to, 1, n, 100),
                false,
                CLOCK.millis())),
        replyTo);
  }

  @Test
  void anEntryWhoseWriteWasQueuedWhenTheEntityDiedIsThereOnceAndTheChainGoesOn()
      throws InterruptedException {
    var bob = new TestAccount("bob");
    register(bob);
    TestProbe<Notice> connection = TEST_KIT.createTestProbe();
    User.ref(TEST_KIT.system(), bob.user)
        .tell(
            new User.Attach(bob.device(1), bob.tokenHash("first"), "c", connection.ref()));
    ActorRef<User.Command> entity = connection.expectMessageClass(Notice.Attached.class).user();
    keepTheWriterBusy();
    TestProbe<User.AcceptReplies> reply = TEST_KIT.createTestProbe();
    User.Accept message = message(bob, 1, reply.ref());
    CLOCK.expectRead();
    User.ref(TEST_KIT.system(), bob.user).tell(message);
    // The entity decides now; its own death is the next thing that it can notice.
    CLOCK.awaitRead();

    Adapter.toClassic(entity).tell(PoisonPill.getInstance(), akka.actor.ActorRef.noSender());

    connection.expectTerminated(entity, Duration.ofSeconds(10));
    reply.expectNoMessage(Duration.ofMillis(1));
    User.AcceptReply repeated = acceptUntilAnswered(bob, 1);
    assertEquals(1, assertInstanceOf(User.Already.class, repeated).receipt().sequenceNr());
    assertInstanceOf(
        User.AcceptedReply.class, this.<User.AcceptReplies>ask(bob, to -> message(bob, 2, to)).each().get(0));
    assertEquals(
        List.of(1L, 2L),
        events(bob).stream()
            .filter(UserEvent.Accepted.class::isInstance)
            .map(event -> ((UserEvent.Accepted) event).sequenceNr())
            .toList());
  }

  /** Large bodies stand before the next event in the writer's queue. */
  private static void keepTheWriterBusy() {
    Bodies bodies = Store.get(TEST_KIT.system()).bodies();
    IntStream.range(0, 30).forEach(at -> bodies.put("busy" + at, new byte[1 << 20], 0));
  }

  /** What is sent to an entity in the moment of its death is lost; a client sends it again. */
  private User.AcceptReply acceptUntilAnswered(TestAccount to, long n) {
    TestProbe<User.AcceptReplies> probe = TEST_KIT.createTestProbe();
    return probe.awaitAssert(
        Duration.ofSeconds(10),
        () -> {
          User.ref(TEST_KIT.system(), to.user).tell(message(to, n, probe.ref()));
          return probe.receiveMessage(Duration.ofSeconds(1)).each().get(0);
        });
  }

  private static List<UserEvent> events(TestAccount user) {
    return Store.get(TEST_KIT.system())
        .journal()
        .read(UserState.entity(user.user), 0, Long.MAX_VALUE)
        .toCompletableFuture()
        .join()
        .stream()
        .map(one -> UserEvent.CODEC.decode(one.entry().event()))
        .toList();
  }

  @Test
  void namesThatNobodyHasLeaveMemoryAtOnce() {
    var carol = new TestAccount("carol");
    register(carol);
    for (int at = 0; at < 100; at++) {
      var nobody = new TestAccount("nobody" + at);
      assertEquals(new User.UnknownUser(), this.ask(nobody, User.DescribeDevices::new));
      assertEquals(new User.UnknownUser(), this.ask(nobody, AccountCommand.Describe::new));
    }

    TestProbe<CurrentShardRegionState> probe = TEST_KIT.createTestProbe();
    probe.awaitAssert(
        Duration.ofSeconds(10),
        () -> {
          ClusterSharding.get(TEST_KIT.system())
              .shardState()
              .tell(new GetShardRegionState(User.ENTITY_KEY, probe.ref()));
          List<String> entities = entities(probe.receiveMessage());
          assertTrue(entities.contains("carol"), entities.toString());
          assertTrue(
              entities.stream().noneMatch(name -> name.startsWith("nobody")),
              entities.toString());
          return null;
        });
  }

  private static List<String> entities(CurrentShardRegionState state) {
    return CollectionConverters.asJava(state.shards()).stream()
        .flatMap(shard -> CollectionConverters.asJava(shard.entityIds()).stream())
        .toList();
  }

  @Test
  void aUserWhoRegistersRightAfterSomebodyAskedForTheNameIsNotLost() {
    var dave = new TestAccount("dave");
    TestProbe<User.DevicesReply> asked = TEST_KIT.createTestProbe();
    User.ref(TEST_KIT.system(), dave.user).tell(new User.DescribeDevices(asked.ref()));
    register(dave);
    asked.expectMessage(new User.UnknownUser());

    assertInstanceOf(
        User.Devices.class, this.<User.DevicesReply>ask(dave, User.DescribeDevices::new));
  }
}

package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import chat.sotto.journal.TestStore;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import chat.sotto.user.Sent;
import chat.sotto.user.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** What waits for one recipient, whose entity is in the test's hand. */
class DeliveriesTest {
  private static final ActorTestKit TEST_KIT =
      ActorTestKit.create(TestStore.clusterConfig(TestStore.newFolder()));
  private static final TestProbe<User.Command> ENTITY = TEST_KIT.createTestProbe();

  private UserName bob;

  @BeforeAll
  static void start() {
    ClusterSharding.get(TEST_KIT.system())
        .init(
            Entity.of(
                User.ENTITY_KEY,
                context ->
                    Behaviors.receiveMessage(
                        command -> {
                          ENTITY.ref().tell(command);
                          return Behaviors.same();
                        })));
    Cluster cluster = Cluster.get(TEST_KIT.system());
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
  }

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  @BeforeEach
  void name(TestInfo test) {
    bob = new UserName("bob-" + Integer.toHexString(test.getDisplayName().hashCode()));
  }

  private static Sent message(long n) {
    return new Sent(
        new UserName("alice"),
        new DeviceId("0a".repeat(16)),
        n,
        1,
        Bytes.of(new byte[16]),
        List.of(),
        false,
        0);
  }

  private static List<Long> numbers(User.Accept batch) {
    return batch.messages().stream().map(Sent::n).toList();
  }

  private static void answer(User.Accept batch) {
    batch
        .replyTo()
        .tell(
            new User.AcceptReplies(
                batch.messages().stream()
                    .<User.AcceptReply>map(sent -> new User.OutOfOrder(sent.n()))
                    .toList()));
  }

  private static long answered(CompletableFuture<User.AcceptReply> reply) throws Exception {
    return ((User.OutOfOrder) reply.get(20, TimeUnit.SECONDS)).expected();
  }

  @Test
  void oneBatchIsUnderWayAndWhatComesMeanwhileIsTheNext() throws Exception {
    var deliveries = new Deliveries(TEST_KIT.system(), Duration.ofSeconds(60));
    int count = Deliveries.BATCH_MAX + 5;
    var replies = new ArrayList<CompletableFuture<User.AcceptReply>>();
    for (long n = 1; n <= count; n++) {
      replies.add(deliveries.accept(bob, message(n)).toCompletableFuture());
    }

    User.Accept first = ENTITY.expectMessageClass(User.Accept.class);
    assertEquals(List.of(1L), numbers(first));
    answer(first);
    User.Accept second = ENTITY.expectMessageClass(User.Accept.class);
    long full = 1L + Deliveries.BATCH_MAX;
    assertEquals(LongStream.rangeClosed(2, full).boxed().toList(), numbers(second));
    assertFalse(replies.get(1).isDone());
    answer(second);
    User.Accept third = ENTITY.expectMessageClass(User.Accept.class);
    assertEquals(LongStream.rangeClosed(full + 1, count).boxed().toList(), numbers(third));
    answer(third);

    for (int i = 0; i < count; i++) {
      assertEquals(i + 1, answered(replies.get(i)));
    }
    // The lane is at rest: the next is asked about at once.
    var next = deliveries.accept(bob, message(99)).toCompletableFuture();
    answer(ENTITY.expectMessageClass(User.Accept.class));
    assertEquals(99, answered(next));
  }

  @Test
  void whatWaitsBehindABatchWithoutAnswerIsGivenUpWithIt() throws Exception {
    var deliveries = new Deliveries(TEST_KIT.system(), Duration.ofSeconds(1));
    var asked = deliveries.accept(bob, message(1)).toCompletableFuture();
    ENTITY.expectMessageClass(User.Accept.class);
    var waiting = deliveries.accept(bob, message(2)).toCompletableFuture();

    for (var reply : List.of(asked, waiting)) {
      var failure = assertThrows(CompletionException.class, reply::join);
      assertInstanceOf(TimeoutException.class, failure.getCause());
    }
    var later = deliveries.accept(bob, message(3)).toCompletableFuture();
    User.Accept batch = ENTITY.expectMessageClass(User.Accept.class);
    assertEquals(List.of(3L), numbers(batch));
    answer(batch);
    assertEquals(3, answered(later));
  }
}

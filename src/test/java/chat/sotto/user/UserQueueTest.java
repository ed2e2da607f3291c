package chat.sotto.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import chat.sotto.journal.Bodies;
import chat.sotto.journal.Store;
import chat.sotto.journal.TestClock;
import chat.sotto.journal.TestStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An entity that is asked much while it writes or recovers. */
class UserQueueTest {
  private static final Path FOLDER = TestStore.newFolder();
  private static final ActorTestKit TEST_KIT =
      ActorTestKit.create(TestStore.entityConfig(FOLDER));

  private static final AtomicInteger NAMES = new AtomicInteger();

  /** Far more than Akka's own stash bears of what leads to no event. */
  private static final int MANY = 2_000;

  /** More than from one snapshot to the next. */
  private static final int EVENTS = 600;

  private final TestAccount alice = new TestAccount("alice");
  private final RunningUser user =
      new RunningUser(
          TEST_KIT,
          new TestAccount("bob" + NAMES.incrementAndGet()),
          new TestClock(),
          UserLimits.DEFAULT);

  private final TestProbe<User.HeardReply> heard = TEST_KIT.createTestProbe();
  private final TestProbe<User.AcceptReplies> accepted = TEST_KIT.createTestProbe();

  @BeforeEach
  void register() {
    assertInstanceOf(User.SignedIn.class, user.register(1, 0));
  }

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  private static void keepTheWriterBusy() {
    Bodies bodies = Store.get(TEST_KIT.system()).bodies();
    IntStream.range(0, 30).forEach(at -> bodies.put("busy" + at, new byte[1 << 20], 0));
  }

  private void askWhetherHeard(int times) {
    for (int i = 0; i < times; i++) {
      user.tell(new User.FindHeard(alice.user, heard.ref()));
    }
  }

  private void expectHeard(boolean ever, int times) {
    assertEquals(
        Collections.nCopies(times, new User.Heard(ever)), heard.receiveSeveralMessages(times));
  }

  private void tellToAccept(long n) {
    user.tell(user.command(alice, n, 1, 100, accepted.ref()));
  }

  private static int deleteSnapshots() throws SQLException {
    try (Connection database =
        DriverManager.getConnection("jdbc:sqlite:" + FOLDER.resolve("sotto.db"))) {
      return database.createStatement().executeUpdate("DELETE FROM snapshot");
    }
  }

  @Test
  void answersInOrderWhatCameWhileItRecoveredOrWrote() {
    user.restart();
    askWhetherHeard(MANY);
    keepTheWriterBusy();
    tellToAccept(1);
    askWhetherHeard(MANY);
    tellToAccept(2);
    askWhetherHeard(MANY);

    expectHeard(false, MANY);
    expectHeard(true, 2 * MANY);
    List<User.AcceptReplies> replies = accepted.receiveSeveralMessages(2);
    replies.forEach(one -> assertInstanceOf(User.AcceptedReply.class, one.each().get(0)));
    assertEquals(2, user.inboxEntries().size());
  }

  /** Akka stores a snapshot then, before it takes the first command. */
  @Test
  void answersAfterARecoveryOfManyEvents() {
    for (long n = 1; n <= EVENTS; n++) {
      user.tell(user.command(alice, 1, n, 1, 100, true, accepted.ref()));
    }
    accepted.receiveSeveralMessages(EVENTS, Duration.ofSeconds(60));
    accepted.awaitAssert(
        () -> {
          assertEquals(1, deleteSnapshots());
          return null;
        });
    user.restart();
    keepTheWriterBusy();
    askWhetherHeard(MANY);

    expectHeard(true, MANY);
  }
}

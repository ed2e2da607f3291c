package chat.sotto.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import chat.sotto.journal.TestClock;
import chat.sotto.journal.TestStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Snapshots save time, and nothing depends on them. */
class UserSnapshotTest {
  private static final Path FOLDER = TestStore.newFolder();
  private static final ActorTestKit TEST_KIT = ActorTestKit.create(TestStore.entityConfig(FOLDER));

  private final TestAccount bob = new TestAccount("bob");
  private final TestAccount alice = new TestAccount("alice");
  private final RunningUser user =
      new RunningUser(TEST_KIT, bob, new TestClock(), UserLimits.DEFAULT);

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  @Test
  void keepsTheTwoNewestAndGoesOnWithoutThem() throws SQLException {
    user.register(1, 0);
    TestProbe<User.AcceptReplies> replies = TEST_KIT.createTestProbe();
    LongStream.rangeClosed(1, 1_600)
        .forEach(n -> user.tell(user.command(alice, 1, n, 1, 10, true, replies.ref())));
    replies.receiveSeveralMessages(1_600, Duration.ofSeconds(60));
    replies.awaitAssert(
        () -> {
          assertEquals(List.of(1_000L, 1_500L), snapshots());
          return null;
        });

    user.restart();
    assertAccepted(1_601);
    try (Connection database = database()) {
      database.createStatement().executeUpdate("UPDATE snapshot SET bytes = x'00'");
    }
    user.restart();

    assertAccepted(1_602);
    replies.awaitAssert(
        () -> {
          // The recovery went through all events, so it ended with one.
          assertEquals(1_604L, snapshots().get(snapshots().size() - 1));
          return null;
        });
    assertEquals(1_602, user.derived().inbox().head().sequenceNr());
  }

  private void assertAccepted(long n) {
    User.AcceptReply answer =
        user.askOne(replyTo -> user.command(alice, 1, n, 1, 10, true, replyTo));
    var reply = assertInstanceOf(User.AcceptedReply.class, answer);
    assertEquals(n, reply.receipt().sequenceNr());
  }

  private static List<Long> snapshots() throws SQLException {
    try (Connection database = database();
        var rows = database.createStatement().executeQuery("SELECT nr FROM snapshot ORDER BY nr")) {
      var numbers = new ArrayList<Long>();
      while (rows.next()) {
        numbers.add(rows.getLong(1));
      }
      return numbers;
    }
  }

  private static Connection database() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + FOLDER.resolve("sotto.db"));
  }
}

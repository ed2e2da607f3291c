package chat.sotto.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import chat.sotto.journal.TestClock;
import chat.sotto.journal.TestStore;
import chat.sotto.model.Membership;
import chat.sotto.model.Point;
import chat.sotto.model.TestContents;
import chat.sotto.model.TestPerson;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Snapshots save time, and nothing depends on them. */
class GroupSnapshotTest {
  private static final Path FOLDER = TestStore.newFolder();
  private static final ActorTestKit TEST_KIT =
      ActorTestKit.create(TestStore.entityConfig(FOLDER));

  private final TestPerson alice = new TestPerson("alice");
  private final RunningGroup group = RunningGroup.unhurried(TEST_KIT, new TestClock());

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  @Test
  void keepsTheTwoNewestAndGoesOnWithoutThem() throws SQLException {
    group.create(alice);
    postUpTo(1_599);
    TestProbe<Void> probe = TEST_KIT.createTestProbe();
    probe.awaitAssert(
        () -> {
          assertEquals(List.of(1_000L, 1_500L), snapshots());
          return null;
        });

    group.restart();
    postUpTo(1_600);
    try (Connection database = database()) {
      database.createStatement().executeUpdate("UPDATE snapshot SET bytes = x'00'");
    }
    group.restart();

    postUpTo(1_601);
    probe.awaitAssert(
        () -> {
          // The recovery went through all events, so it ended with one.
          assertEquals(1_601L, snapshots().get(snapshots().size() - 1));
          return null;
        });
    assertEquals(1_602, group.derived().head().sequenceNr());
  }

  /** Each on the entry before, so that no head is too old. @param last counter */
  private void postUpTo(long last) {
    GroupState state = group.derived();
    Membership membership = state.membership();
    Point head = state.head();
    TestProbe<Group.AppendReplies> replies = TEST_KIT.createTestProbe();
    for (long at = state.expectedCounter(alice.device(1)); at <= last; at++) {
      var post = TestContents.post(membership, head, at);
      group.tell(
          TestAppends.alone(
              TestAppends.of(membership, alice, alice.messageId(at), post), replies.ref()));
      var reply =
          assertInstanceOf(Group.Accepted.class, TestAppends.only(replies.receiveMessage()));
      head = new Point(reply.sequenceNr(), reply.hash());
    }
    replies.expectNoMessage(Duration.ofMillis(1));
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

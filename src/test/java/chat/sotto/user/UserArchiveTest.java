package chat.sotto.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import chat.sotto.crypto.Hash;
import chat.sotto.journal.Store;
import chat.sotto.journal.TestClock;
import chat.sotto.journal.TestStore;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A user's archive: each command on a real journal, and after a restart. */
class UserArchiveTest {
  private static final ActorTestKit TEST_KIT =
      ActorTestKit.create(TestStore.entityConfig(TestStore.newFolder()));
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final long QUOTA = 1_000_000;

  private final TestAccount bob = new TestAccount("archivist" + NAMES.incrementAndGet());
  private final RunningUser user =
      new RunningUser(
          TEST_KIT,
          bob,
          new TestClock(),
          new UserLimits(
              1_000,
              1_000_000,
              UserLimits.DEFAULT.ageMax(),
              UserLimits.DEFAULT.unansweredMax(),
              UserLimits.DEFAULT.tokenIdleMax(),
              QUOTA,
              UserLimits.DEFAULT.resetWait()));

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  @BeforeEach
  void register() {
    user.register(2, 1);
  }

  private static Bytes blob(int size, int fill) {
    var bytes = new byte[size];
    Arrays.fill(bytes, (byte) fill);
    return Bytes.of(bytes);
  }

  private ArchiveCommand.Reply append(int device, long nr, Bytes blob) {
    return user.ask(replyTo -> new ArchiveCommand.Append(bob.device(device), nr, blob, replyTo));
  }

  private ArchiveCommand.Reply find() {
    return user.ask(ArchiveCommand.Find::new);
  }

  private ArchiveCommand.Reply drop() {
    return user.ask(replyTo -> new ArchiveCommand.Drop(bob.device(1), replyTo));
  }

  private static ArchiveCommand.Facts facts(long first, long last, long bytes) {
    return new ArchiveCommand.Facts(first, last, bytes, QUOTA);
  }

  private static byte[] body(String id) {
    return Store.get(TEST_KIT.system()).bodies().get(id).toCompletableFuture().join().orElseThrow();
  }

  @Test
  void takesBatchesOfAllDevicesOneAfterTheOther() {
    int before = user.events().size();
    assertEquals(facts(1, 0, 0), find());
    assertEquals(facts(1, 1, 10), append(1, 1, blob(10, 1)));
    assertEquals(facts(1, 2, 30), append(2, 2, blob(20, 2)));

    UserEvent.ArchiveAppended last =
        assertInstanceOf(UserEvent.ArchiveAppended.class, user.eventsAfter(before + 1).get(0));
    Bytes digest = Bytes.of(Hash.sha256(blob(20, 2).toArray()));
    assertEquals(
        new UserEvent.ArchiveAppended(last.time(), bob.device(2), 2, digest, 20), last);
    assertEquals(blob(20, 2), Bytes.of(body(BodyIds.batch(bob.user, 2))));

    user.restart();
    assertEquals(facts(1, 2, 30), find());
    assertEquals(new Archive(1, 2, 30, 0), user.derived().archive());
  }

  @Test
  void refusesAnotherNumberThanTheNextOneAndKeepsWhatIsThere() {
    append(1, 1, blob(10, 1));
    int before = user.events().size();
    for (long nr : List.of(1L, 3L)) {
      assertInstanceOf(ArchiveCommand.Stale.class, append(2, nr, blob(10, 9)));
    }
    assertEquals(before, user.events().size());
    assertEquals(blob(10, 1), Bytes.of(body(BodyIds.batch(bob.user, 1))));
  }

  @Test
  void takesUpToTheQuotaAndNotOneByteMore() {
    append(1, 1, blob((int) QUOTA - 10, 1));
    assertInstanceOf(ArchiveCommand.Full.class, append(1, 2, blob(11, 2)));
    assertEquals(facts(1, 2, QUOTA), append(1, 2, blob(10, 2)));
    user.restart();
    assertInstanceOf(ArchiveCommand.Full.class, append(1, 3, blob(1, 3)));
  }

  @Test
  void droppedArchiveIsEmptyAndItsNumbersGoOn() {
    append(1, 1, blob(10, 1));
    append(1, 2, blob(10, 2));
    assertEquals(facts(3, 2, 0), drop());
    user.restart();
    assertEquals(facts(3, 2, 0), find());
    int before = user.events().size();
    assertEquals(facts(3, 2, 0), drop());
    assertEquals(before, user.events().size(), "an empty archive is not dropped again");
    assertEquals(facts(3, 3, 5), append(1, 3, blob(5, 3)));
    assertEquals(before, user.derived().archive().journalNr());
  }

  @Test
  void refusesADeviceThatTheUserDoesNotHave() {
    DeviceId other = new DeviceId("f".repeat(32));
    int before = user.events().size();
    assertInstanceOf(
        User.UnknownDevice.class,
        user.<ArchiveCommand.Reply>ask(
            replyTo -> new ArchiveCommand.Append(other, 1, blob(1, 1), replyTo)));
    assertInstanceOf(
        User.UnknownDevice.class,
        user.<ArchiveCommand.Reply>ask(replyTo -> new ArchiveCommand.Drop(other, replyTo)));
    assertEquals(before, user.events().size());
  }

  @Test
  void batchWaitsWhileTheStoreTakesNothing() {
    int before = user.events().size();
    user.keepsBodies = false;
    assertInstanceOf(ArchiveCommand.Busy.class, append(1, 1, blob(1, 1)));
    assertEquals(before, user.events().size());
    user.keepsBodies = true;
    assertEquals(facts(1, 1, 1), append(1, 1, blob(1, 1)));
  }

  @Test
  void erasedAccountHasNoArchive() {
    append(1, 1, blob(10, 1));
    user.<User.EraseReply>ask(replyTo -> new User.Erase("gone", Optional.empty(), replyTo));
    assertTrue(user.derived().archive().isEmpty());
    assertEquals(0, user.derived().archive().bytes());
    assertInstanceOf(User.UnknownUser.class, append(1, 2, blob(1, 2)));
    user.awaitStopped();
    assertInstanceOf(User.UnknownUser.class, find());
  }

  @Test
  void unknownUserHasNone() {
    var nobody = new RunningUser(TEST_KIT, new TestAccount("nobody9"), new TestClock(),
        UserLimits.DEFAULT);
    ArchiveCommand.Reply reply = nobody.ask(ArchiveCommand.Find::new);
    assertInstanceOf(User.UnknownUser.class, reply);
  }

  @Test
  void stateKeepsNumbersOnly() {
    for (int nr = 1; nr <= 50; nr++) {
      append(1, nr, blob(100, nr));
    }
    assertEquals(new Archive(1, 50, 5_000, 0), user.derived().archive());
    assertFalse(user.derived().archive().isEmpty());
  }
}

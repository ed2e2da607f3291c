package chat.sotto.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import chat.sotto.journal.TestClock;
import chat.sotto.journal.TestStore;
import chat.sotto.model.Generations;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.UserName;
import chat.sotto.model.Visibility;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What connections are told and what devices acknowledge, on a real journal. */
class UserConnectionTest {
  private static final ActorTestKit TEST_KIT =
      ActorTestKit.create(TestStore.entityConfig(TestStore.newFolder()));
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final TestClock clock = new TestClock();
  private final TestAccount bob = new TestAccount("bob" + NAMES.incrementAndGet());
  private final TestAccount alice = new TestAccount("alice");
  private final RunningUser user =
      new RunningUser(
          TEST_KIT,
          bob,
          clock,
          new UserLimits(
              1_000,
              1_000_000,
              Duration.ofDays(30),
              50,
              Duration.ofDays(30),
              1_000_000,
              Duration.ofDays(1)));

  @BeforeEach
  void register() {
    assertInstanceOf(User.SignedIn.class, user.register(1, 0));
  }

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  private TestProbe<Notice> attach(String connectionId) {
    return user.attach(1, "first", connectionId);
  }

  @Test
  void tellsAConnectionWhereItStands() {
    user.accept(alice, 1);
    user.restart();
    user.accept(alice, 2);

    var attached = attach("c").expectMessageClass(Notice.Attached.class);

    UserState derived = user.derived();
    assertEquals(user.entity(), attached.user());
    assertEquals(UserState.empty(bob.user).inbox().head(), attached.cursor().point());
    assertEquals(derived.inbox().head(), attached.head().point());
    assertEquals(derived.chain().sequenceNr(), attached.head().journalNr());
    assertEquals(200, attached.head().total());
    assertFalse(attached.cutOff());
    assertEquals(Visibility.ALL, attached.visibility());
    assertEquals(Generations.ONE, attached.generations());
    List<Long> waiting =
        user.inboxEntries().stream()
            .filter(one -> one.journalNr() > attached.cursor().journalNr())
            .map(one -> one.entry().sequenceNr())
            .toList();
    assertEquals(List.of(1L, 2L), waiting);
  }

  @Test
  void tellsOfEachEntryOnceItIsOnDisk() {
    TestProbe<Notice> connection = attach("c");
    connection.expectMessageClass(Notice.Attached.class);

    user.accept(alice, 1);

    List<InboxEntry.OfDevice> all = connection.expectMessageClass(Notice.Appended.class).entries();
    assertEquals(user.inboxEntries(), all);
    InboxEntry.OfDevice told = all.get(0);
    assertEquals(clock.millis() + Duration.ofDays(30).toMillis(), told.expiresAt());
    user.accept(alice, 1);
    connection.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void tellsFromWhomEntriesEverCame() {
    user.accept(alice, 1);
    user.accept(new TestAccount("carol"), 1);
    user.restart();

    TestProbe<Notice> connection = attach("c");

    connection.expectMessageClass(Notice.Attached.class);
    var heardFrom = connection.expectMessageClass(Notice.HeardFrom.class);
    assertEquals(
        Set.of(new UserName("alice"), new UserName("carol")),
        new HashSet<>(heardFrom.users()));
  }

  @Test
  void tellsOfManyPeopleInNoticesThatStaySmall() {
    TestProbe<User.AcceptReplies> replies = TEST_KIT.createTestProbe();
    for (int at = 0; at < 501; at++) {
      var person = new TestAccount("p" + at);
      user.tell(user.command(person, 1, 1, 1, replies.ref()));
    }
    replies.receiveSeveralMessages(501, Duration.ofSeconds(60));

    TestProbe<Notice> connection = attach("c");

    connection.expectMessageClass(Notice.Attached.class);
    assertEquals(500, connection.expectMessageClass(Notice.HeardFrom.class).users().size());
    assertEquals(1, connection.expectMessageClass(Notice.HeardFrom.class).users().size());
  }

  @Test
  void theNewestConnectionOfADeviceTakesOver() {
    TestProbe<Notice> older = attach("older");
    older.expectMessageClass(Notice.Attached.class);
    TestProbe<Notice> newer = attach("newer");

    older.expectMessage(new Notice.Superseded());
    newer.expectMessageClass(Notice.Attached.class);
    user.accept(alice, 1);
    newer.expectMessageClass(Notice.Appended.class);
    older.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void aConnectionThatAttachesAgainDoesNotReplaceItself() {
    TestProbe<Notice> connection = attach("same");
    connection.expectMessageClass(Notice.Attached.class);

    user.tell(user.attaching(1, "first", "same", connection.ref()));

    connection.expectMessageClass(Notice.Attached.class);
    connection.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void doesNotServeADeviceThatItDoesNotKnow() {
    user.attach(2, "first", "c").expectMessage(new Notice.SignedOff());
  }

  @Test
  void doesNotServeAConnectionWhoseTokenEnded() {
    user.attach(1, "made up", "c").expectMessage(new Notice.Superseded());
    user.<User.DoneReply>ask(replyTo -> new User.SignOut(bob.device(1), replyTo));
    user.attach(1, "first", "c").expectMessage(new Notice.SignedOff());

    user.signIn(1, "later");
    clock.advance(Duration.ofDays(31));
    user.attach(1, "later", "c").expectMessage(new Notice.SignedOff());
    assertEquals(new User.TokenExpired(), resume("later"));
  }

  private User.SignInReply resume(String token) {
    return user.ask(
        replyTo ->
            new User.Resume(
                bob.device(1), bob.devicePublicKey(1), bob.tokenHash(token), replyTo));
  }

  @Test
  void aConnectionEndsWithItsToken() {
    TestProbe<Notice> first = attach("first");
    first.expectMessageClass(Notice.Attached.class);
    user.signIn(1, "later");
    first.expectMessage(new Notice.Superseded());

    TestProbe<Notice> later = user.attach(1, "later", "later");
    later.expectMessageClass(Notice.Attached.class);
    user.<User.DoneReply>ask(replyTo -> new User.SignOut(bob.device(1), replyTo));
    later.expectMessage(new Notice.SignedOff());

    user.accept(alice, 1);
    first.expectNoMessage(Duration.ofMillis(50));
    later.expectNoMessage(Duration.ofMillis(1));
  }

  @Test
  void staysWhileAConnectionIsAttachedAndLeavesWhenItIsGone() {
    ActorRef<Notice> gone = TEST_KIT.spawn(Behaviors.ignore());
    user.tell(user.attaching(1, "first", "c", gone));
    user.tell(new User.Idle());
    assertInstanceOf(User.Devices.class, user.ask(User.DescribeDevices::new));

    TEST_KIT.stop(gone);
    TestProbe<Object> probe = TEST_KIT.createTestProbe();
    probe.awaitAssert(
        () -> {
          user.tell(new User.Idle());
          probe.expectTerminated(user.entity(), Duration.ofMillis(100));
          return null;
        });
  }

  @Test
  void keepsWhatADeviceAcknowledged() {
    LongStream.rangeClosed(1, 3).forEach(n -> user.accept(alice, n));

    User.Acknowledged reply =
        assertInstanceOf(User.Acknowledged.class, acknowledge(user, 1, 2));

    user.restart();
    var attached = attach("c").expectMessageClass(Notice.Attached.class);
    assertEquals(reply.cursor(), attached.cursor());
    assertEquals(2, attached.cursor().point().sequenceNr());
    assertEquals(200, attached.cursor().total());
    var event = (UserEvent.Acked) user.events().get(user.events().size() - 1);
    assertEquals(bob.signAck(1, event.items()), event.signature());
    assertEquals(clock.millis() - 5, event.deliveredAt());
  }

  @Test
  void anOldAcknowledgementChangesNothing() {
    LongStream.rangeClosed(1, 3).forEach(n -> user.accept(alice, n));
    var reply = acknowledge(user, 1, 3);
    int before = user.events().size();

    assertEquals(reply, acknowledge(user, 1, 3));
    assertEquals(reply, acknowledge(user, 1, 1));
    assertEquals(before, user.events().size());
  }

  @Test
  void refusesAcknowledgementsOfWhatIsNotThere() {
    LongStream.rangeClosed(1, 2).forEach(n -> user.accept(alice, n));
    UserState state = user.derived();
    Point head = state.inbox().head();
    long nr = state.chain().sequenceNr();
    List<UserEvent> before = user.events();
    Point beyond = new Point(3, head.hash());
    Point forged = new Point(2, TestAccount.digest("forged"));

    assertEquals(new User.AckRefused(), acknowledge(List.of(item(beyond)), nr, 200));
    assertEquals(new User.AckRefused(), acknowledge(List.of(item(forged)), nr, 200));
    assertEquals(new User.AckRefused(), acknowledge(List.of(item(head)), nr + 1, 200));
    assertEquals(new User.AckRefused(), acknowledge(List.of(item(head)), nr, 201));
    assertEquals(new User.AckRefused(), acknowledge(List.of(), nr, 200));
    assertEquals(
        new User.AckRefused(), acknowledge(List.of(item(head), item(head)), nr, 200));
    String owner = bob.user.value();
    for (LogPoint foreign :
        List.of(
            new LogPoint("group", owner, 1, 2, head.hash()),
            new LogPoint("inbox", "alice", 1, 2, head.hash()),
            new LogPoint("inbox", owner, 2, 2, head.hash()))) {
      assertEquals(new User.AckRefused(), acknowledge(List.of(foreign), nr, 200));
    }
    assertEquals(before, user.events());
    assertInstanceOf(User.Acknowledged.class, acknowledge(List.of(item(head)), nr, 200));
  }

  @Test
  void refusesAcknowledgementsOfADeviceThatItDoesNotKnow() {
    assertEquals(
        new User.UnknownDevice(),
        user.<User.AckReply>ask(
            replyTo ->
                new User.Acknowledge(
                    bob.device(2),
                    List.of(),
                    TestAccount.digest("no signature"),
                    0,
                    Optional.of(new User.InboxPlace(0, 0)),
                    replyTo)));
  }

  private LogPoint item(Point point) {
    return new LogPoint(
        LogPoint.INBOX, bob.user.value(), 1, point.sequenceNr(), point.hash());
  }

  private User.AckReply acknowledge(List<LogPoint> items, long journalNr, long total) {
    return user.ask(
        replyTo ->
            new User.Acknowledge(
                bob.device(1),
                items,
                bob.signAck(1, items),
                clock.millis() - 5,
                Optional.of(new User.InboxPlace(journalNr, total)),
                replyTo));
  }

  /** As a connection does that pushed up to there. */
  static User.AckReply acknowledge(RunningUser user, int device, long sequenceNr) {
    TestAccount account = user.account;
    InboxEntry.OfDevice pushed =
        user.inboxEntries().stream()
            .filter(one -> one.point().sequenceNr() == sequenceNr)
            .findFirst()
            .orElseThrow();
    List<LogPoint> items =
        List.of(
            new LogPoint(
                LogPoint.INBOX,
                account.user.value(),
                1,
                sequenceNr,
                pushed.entry().hash()));
    return user.ask(
        replyTo ->
            new User.Acknowledge(
                account.device(device),
                items,
                account.signAck(device, items),
                user.clock.millis() - 5,
                Optional.of(
                    new User.InboxPlace(
                        pushed.journalNr(),
                        pushed.copyFor(account.device(device)).orElseThrow().total())),
                replyTo));
  }
}

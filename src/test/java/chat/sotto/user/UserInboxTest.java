package chat.sotto.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import chat.sotto.journal.TestClock;
import chat.sotto.journal.TestStore;
import chat.sotto.model.Entry;
import chat.sotto.model.Point;
import chat.sotto.model.Statements;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What comes into the inbox, on a real journal. */
class UserInboxTest {
  private static final ActorTestKit TEST_KIT =
      ActorTestKit.create(TestStore.entityConfig(TestStore.newFolder()));
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final TestClock clock = new TestClock();
  private final TestAccount bob = new TestAccount("bob" + NAMES.incrementAndGet());
  private final TestAccount alice = new TestAccount("alice");

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  private RunningUser registered(int devices, UserLimits limits) {
    var user = new RunningUser(TEST_KIT, bob, clock, limits);
    assertInstanceOf(User.SignedIn.class, user.register(devices, 0));
    return user;
  }

  private RunningUser registered() {
    return registered(1, UserLimits.DEFAULT);
  }

  private static UserLimits limits(long entries, long bytes) {
    return new UserLimits(
        entries,
        bytes,
        Duration.ofDays(30),
        50,
        Duration.ofDays(30),
        1_000_000,
        Duration.ofDays(1));
  }

  private static Receipt accepted(User.AcceptReply reply) {
    return assertInstanceOf(User.AcceptedReply.class, reply).receipt();
  }

  private static Receipt already(User.AcceptReply reply) {
    return assertInstanceOf(User.Already.class, reply).receipt();
  }

  @Test
  void chainsEachEntryToTheOneBefore() {
    RunningUser user = registered();
    var receipts = new ArrayList<Receipt>();
    for (long n = 1; n <= 3; n++) {
      receipts.add(accepted(user.accept(alice, n)));
      user.restart();
    }

    Point head = UserState.empty(bob.user).inbox().head();
    List<InboxEntry.OfDevice> entries = user.inboxEntries();
    assertEquals(3, entries.size());
    for (int at = 0; at < 3; at++) {
      Entry entry = entries.get(at).entry();
      assertEquals(head.sequenceNr() + 1, entry.sequenceNr());
      assertEquals(Statements.entryHash(head.hash(), bob.user, entry), entry.hash());
      assertEquals(entry.point(), new Point(at + 1, receipts.get(at).hash()));
      assertEquals(Statements.bodyDigest(entry.bodies()), receipts.get(at).digest());
      assertEquals(entry.time(), receipts.get(at).time());
      head = entry.point();
    }
    assertEquals(300, entries.get(2).copyFor(bob.device(1)).orElseThrow().total());
  }

  @Test
  void answersARepeatWithWhatWasStoredAndStoresNothing() {
    RunningUser user = registered();
    Receipt first = accepted(user.accept(alice, 1));
    accepted(user.accept(alice, 2));
    int before = user.events().size();

    assertEquals(first, already(user.accept(alice, 1)));
    user.restart();
    assertEquals(first, already(user.accept(alice, 1, 1, 77)));
    assertEquals(before, user.events().size());
  }

  @Test
  void remembersTheLastThirtyTwoSendsOfADevice() {
    RunningUser user = registered();
    LongStream.rangeClosed(1, 33).forEach(n -> accepted(user.accept(alice, n)));

    assertEquals(2, already(user.accept(alice, 2)).n());
    assertEquals(33, already(user.accept(alice, 33)).n());
    assertEquals(new User.OutOfOrder(34), user.accept(alice, 1));
  }

  @Test
  void refusesANumberThatIsNotTheNext() {
    RunningUser user = registered();
    int before = user.events().size();
    assertEquals(new User.OutOfOrder(1), user.accept(alice, 2));
    accepted(user.accept(alice, 1));
    assertEquals(new User.OutOfOrder(2), user.accept(alice, 3));
    user.restart();
    assertEquals(new User.OutOfOrder(2), user.accept(alice, 3));
    assertEquals(before + 1, user.events().size());
  }

  @Test
  void countsEachSenderDeviceByItself() {
    RunningUser user = registered();
    accepted(user.accept(alice, 1));

    assertEquals(2, accepted(user.accept(new TestAccount("carol"), 1)).sequenceNr());
    User.AcceptReply otherDevice =
        user.askOne(
            replyTo ->
                new User.Accept(
                    List.of(
                        new Sent(
                            alice.user,
                            alice.device(2),
                            1,
                            1,
                            alice.messageId(50),
                            alice.copiesTo(bob, 1, 50, 10),
                            false,
                            clock.millis())),
                    replyTo));
    assertEquals(3, accepted(otherDevice).sequenceNr());
  }

  @Test
  void refusesCopiesThatAreNotForTheDevicesOfTheCurrentList() {
    RunningUser user = registered(2, UserLimits.DEFAULT);
    var refusal = new User.DevicesChanged(bob.deviceList(2));
    int before = user.events().size();

    assertEquals(refusal, user.accept(alice, 1, 1, 10));
    assertEquals(refusal, user.accept(alice, 1, 3, 10));
    assertEquals(refusal, send(user, 2, alice.copiesTo(bob, 2, 1, 10)));
    Copy first = alice.copiesTo(bob, 2, 1, 10).get(0);
    assertEquals(refusal, send(user, 1, List.of(first, first)));
    assertEquals(before, user.events().size());
    accepted(user.accept(alice, 1, 2, 10));
  }

  private User.AcceptReply send(RunningUser user, long listVersion, List<Copy> copies) {
    return user.askOne(
        replyTo ->
            new User.Accept(
                List.of(
                    new Sent(
                        alice.user,
                        alice.device(1),
                        1,
                        listVersion,
                        alice.messageId(1),
                        copies,
                        false,
                        clock.millis())),
                replyTo));
  }

  @Test
  void storesCopiesInTheOrderOfTheirDevices() {
    RunningUser user = registered(3, UserLimits.DEFAULT);
    var backwards = new ArrayList<>(alice.copiesTo(bob, 3, 1, 10));
    Collections.reverse(backwards);

    Receipt receipt = accepted(send(user, 1, backwards));

    var event = (UserEvent.Accepted) user.events().get(user.events().size() - 1);
    assertEquals(
        List.of(bob.device(1), bob.device(2), bob.device(3)),
        event.copies().stream().map(StoredCopy::device).toList());
    assertEquals(event.copies().get(0).bodyId(), receipt.firstBodyId());
  }

  @Test
  void takesAsManyEntriesAsMayWaitAndNotOneMore() {
    RunningUser user = registered(1, limits(5, 1_000_000));
    LongStream.rangeClosed(1, 5).forEach(n -> accepted(user.accept(alice, n)));
    int before = user.events().size();

    assertEquals(new User.InboxFull(), user.accept(alice, 6));
    user.restart();
    assertEquals(new User.InboxFull(), user.accept(alice, 6));
    assertEquals(before, user.events().size());
    acknowledge(user, 1, 2);
    accepted(user.accept(alice, 6));
    accepted(user.accept(alice, 7));
    assertEquals(new User.InboxFull(), user.accept(alice, 8));
  }

  @Test
  void takesFiftyEntriesOfAllDevicesOfSomebodyWhoGotNoAnswer() {
    RunningUser user = registered();
    LongStream.rangeClosed(1, 30).forEach(n -> accepted(user.accept(alice, n)));
    LongStream.rangeClosed(1, 20).forEach(n -> accepted(acceptOf(user, 2, n, false)));
    int before = user.events().size();

    assertEquals(new User.Unanswered(50), user.accept(alice, 31));
    assertEquals(new User.Unanswered(50), acceptOf(user, 3, 1, false));
    user.restart();
    assertEquals(new User.Unanswered(50), acceptOf(user, 2, 21, false));
    assertEquals(new User.OutOfOrder(31), user.accept(alice, 32), "an n is used again");
    assertEquals(20, already(acceptOf(user, 2, 20, false)).n(), "a repeat was accepted");
    assertEquals(before, user.events().size());
    accepted(user.accept(new TestAccount("carol"), 1));
    accepted(acceptOf(user, 1, 31, true));
    assertEquals(new User.Unanswered(50), user.accept(alice, 32), "nobody answered after all");
  }

  private User.AcceptReply acceptOf(RunningUser user, int device, long n, boolean answered) {
    return user.askOne(replyTo -> user.command(alice, device, n, 1, 10, answered, replyTo));
  }

  @Test
  void knowsForEverFromWhomAnythingEverCame() {
    RunningUser user = registered();
    accepted(user.accept(alice, 1));
    clock.advance(Duration.ofDays(40));
    accepted(user.accept(new TestAccount("carol"), 1));
    assertInstanceOf(
        UserEvent.SendersForgotten.class, user.events().get(user.events().size() - 1));
    user.restart();

    assertEquals(new User.Heard(true), heard(user, alice));
    assertEquals(new User.Heard(false), heard(user, new TestAccount("mallory")));
  }

  private static User.HeardReply heard(RunningUser user, TestAccount from) {
    return user.ask(replyTo -> new User.FindHeard(from.user, replyTo));
  }

  @Test
  void takesAsManyBytesAsMayWaitAndNotOneMore() {
    RunningUser user = registered(1, limits(1_000, 300));
    accepted(user.accept(alice, 1, 1, 100));
    accepted(user.accept(alice, 2, 1, 199));

    assertEquals(new User.InboxFull(), user.accept(alice, 3, 1, 2));
    accepted(user.accept(alice, 3, 1, 1));
    assertEquals(new User.InboxFull(), user.accept(alice, 4, 1, 1));
    acknowledge(user, 1, 1);
    accepted(user.accept(alice, 4, 1, 100));
    assertEquals(new User.InboxFull(), user.accept(alice, 5, 1, 1));
  }

  @Test
  void cutsOffADeviceThatFellBehindForTheSakeOfTheOthers() {
    RunningUser user = registered(2, limits(3, 1_000_000));
    LongStream.rangeClosed(1, 3).forEach(n -> accepted(user.accept(alice, n, 2, 10)));
    acknowledge(user, 1, 3);
    Point head = user.derived().inbox().head();

    accepted(user.accept(alice, 4, 2, 10));

    List<UserEvent> last = user.eventsAfter(user.events().size() - 2);
    var cut = assertInstanceOf(UserEvent.DeviceCutOff.class, last.get(0));
    assertEquals(bob.device(2), cut.device());
    assertEquals(head, cut.head());
    user.restart();
    user.signIn(2, "of 2");
    var attached = user.attach(2, "of 2", "c").expectMessageClass(Notice.Attached.class);
    assertEquals(true, attached.cutOff());
    assertEquals(head, attached.cursor().point());
    accepted(user.accept(alice, 5, 2, 10));
  }

  @Test
  void refusesWhenNoDeviceIsWithinItsLimits() {
    RunningUser user = registered(2, limits(3, 1_000_000));
    LongStream.rangeClosed(1, 3).forEach(n -> accepted(user.accept(alice, n, 2, 10)));
    int before = user.events().size();

    assertEquals(new User.InboxFull(), user.accept(alice, 4, 2, 10));
    assertEquals(before, user.events().size());
  }

  @Test
  void forgetsCountersOfDevicesThatWereSilentForTheMaximumAge() {
    RunningUser user = registered();
    accepted(user.accept(alice, 1));
    clock.advance(Duration.ofDays(20));
    accepted(user.accept(new TestAccount("carol"), 1));
    clock.advance(Duration.ofDays(10).plusHours(1));
    accepted(user.accept(new TestAccount("carol"), 2));

    assertEquals(
        List.of(UserEvent.SendersForgotten.class),
        user.eventsAfter(user.events().size() - 1).stream().map(Object::getClass).toList());
    user.restart();
    assertEquals(new User.OutOfOrder(1), user.accept(alice, 2));
    assertEquals(4, accepted(user.accept(alice, 1)).sequenceNr());
    accepted(user.accept(new TestAccount("carol"), 3));
  }

  @Test
  void messagesOfOneCommandAreDecidedOneAfterTheOtherAndStoredTogether() {
    RunningUser user = registered();
    user.signIn(1, "t");
    TestProbe<Notice> connection = user.attach(1, "t", "c");
    connection.expectMessageClass(Notice.Attached.class);
    var carol = new TestAccount("carol");
    List<Sent> messages =
        Stream.of(
                user.command(alice, 1, 1, 10, null),
                user.command(alice, 2, 1, 10, null),
                // A repeat of what stands in the same command.
                user.command(alice, 1, 1, 10, null),
                user.command(alice, 4, 1, 10, null),
                // For other devices than there are.
                user.command(carol, 1, 2, 10, null),
                user.command(carol, 1, 1, 10, null))
            .flatMap(one -> one.messages().stream())
            .toList();

    List<User.AcceptReply> replies =
        user.<User.AcceptReplies>ask(replyTo -> new User.Accept(messages, replyTo)).each();

    assertEquals(6, replies.size());
    Receipt first = accepted(replies.get(0));
    assertEquals(1, first.sequenceNr());
    assertEquals(2, accepted(replies.get(1)).sequenceNr());
    assertEquals(first, already(replies.get(2)));
    assertEquals(new User.OutOfOrder(3), replies.get(3));
    assertInstanceOf(User.DevicesChanged.class, replies.get(4));
    assertEquals(3, accepted(replies.get(5)).sequenceNr());
    assertEquals(
        user.inboxEntries(), connection.expectMessageClass(Notice.Appended.class).entries());
    assertEquals(3, user.inboxEntries().size());
    user.restart();
    assertEquals(first, already(user.accept(alice, 1)));
    assertEquals(4, accepted(user.accept(alice, 3)).sequenceNr());
  }

  @Test
  void whatWasAcceptedIsThereAfterACrashInTheMiddleOfMany() {
    RunningUser user = registered();
    TestProbe<User.AcceptReplies> replies = TEST_KIT.createTestProbe();
    LongStream.rangeClosed(1, 50)
        .forEach(n -> user.tell(user.command(alice, n, 1, 100, replies.ref())));
    Receipt seen = accepted(replies.receiveMessage().each().get(0));

    // The entity stops with a write in the journal's queue and commands in its own.
    user.restart();

    assertEquals(seen, already(user.accept(alice, 1)));
    UserState derived = user.derived();
    long expected = derived.inbox().head().sequenceNr() + 1;
    if (expected <= 50) {
      assertEquals(expected, accepted(user.accept(alice, expected)).sequenceNr());
    }
    assertEquals(
        LongStream.rangeClosed(1, user.derived().inbox().head().sequenceNr()).boxed().toList(),
        user.events().stream()
            .filter(UserEvent.Accepted.class::isInstance)
            .map(event -> ((UserEvent.Accepted) event).n())
            .toList());
  }

  private void acknowledge(RunningUser user, int device, long sequenceNr) {
    UserConnectionTest.acknowledge(user, device, sequenceNr);
  }
}

package chat.sotto.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import chat.sotto.journal.TestClock;
import chat.sotto.journal.TestStore;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The index of groups, and what devices acknowledge of their logs, on a real journal. */
class UserGroupsTest {
  private static final ActorTestKit TEST_KIT =
      ActorTestKit.create(TestStore.entityConfig(TestStore.newFolder()));
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final TestClock clock = new TestClock();
  private final TestAccount bob = new TestAccount("bob" + NAMES.incrementAndGet());
  private final TestAccount alice = new TestAccount("alice");
  private final RunningUser user = new RunningUser(TEST_KIT, bob, clock, UserLimits.DEFAULT);
  private final GroupId group = group(1);

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  private static GroupId group(int number) {
    return new GroupId("%032x".formatted(number));
  }

  private static Point point(long sequenceNr) {
    return new Point(sequenceNr, TestAccount.digest("entry " + sequenceNr));
  }

  private static LogPoint item(GroupId group, long sequenceNr) {
    Point point = point(sequenceNr);
    return new LogPoint(LogPoint.GROUP, group.value(), 1, sequenceNr, point.hash());
  }

  private void register(int devices) {
    assertInstanceOf(User.SignedIn.class, user.register(devices, 0));
  }

  private User.JoinReply join(GroupId joined) {
    return user.ask(replyTo -> new User.JoinGroup(joined, replyTo));
  }

  private User.DoneReply leave(GroupId left) {
    return user.ask(replyTo -> new User.LeaveGroup(left, replyTo));
  }

  private User.ProgressReply progress(GroupId of) {
    return user.ask(replyTo -> new User.FindProgress(of, replyTo));
  }

  private TestProbe<Notice> attach(int device) {
    user.signIn(device, "of " + device);
    TestProbe<Notice> connection = user.attach(device, "of " + device, "c" + device);
    connection.expectMessageClass(Notice.Attached.class);
    return connection;
  }

  private User.AckReply acknowledge(int device, LogPoint... items) {
    return acknowledge(device, List.of(items), Optional.empty());
  }

  private User.AckReply acknowledge(
      int device, List<LogPoint> items, Optional<User.InboxPlace> inbox) {
    return user.ask(
        replyTo ->
            new User.Acknowledge(
                bob.device(device),
                items,
                bob.signAck(device, items),
                clock.millis(),
                inbox,
                replyTo));
  }

  @Test
  void keepsTheGroupsThatItJoinedAndForgetsThoseItLeft() {
    register(1);
    assertEquals(new User.Done(), join(group));
    assertEquals(new User.Done(), join(group(2)));
    user.restart();
    assertEquals(new User.Done(), leave(group));
    user.restart();

    assertEquals(
        List.of(new Notice.GroupPlace(group(2), Optional.empty())),
        attach(1).expectMessageClass(Notice.InGroups.class).groups());
  }

  @Test
  void joiningAndLeavingAgainChangeNothing() {
    register(1);
    join(group);
    int joined = user.events().size();
    assertEquals(new User.Done(), join(group));
    assertEquals(joined, user.events().size());

    leave(group);
    assertEquals(new User.Done(), leave(group));
    assertEquals(joined + 1, user.events().size());
  }

  @Test
  void isInAsManyGroupsAsAnybodyMayBeAndNotInOneMore() {
    register(1);
    IntStream.rangeClosed(1, 500).forEach(at -> assertEquals(new User.Done(), join(group(at))));
    int before = user.events().size();

    assertEquals(new User.TooManyGroups(), join(group(501)));
    assertEquals(new User.Done(), join(group(500)));
    assertEquals(before, user.events().size());
    TestProbe<Notice> connection = attach(1);
    List<Integer> told =
        IntStream.range(0, 3)
            .map(at -> connection.expectMessageClass(Notice.InGroups.class).groups().size())
            .boxed()
            .toList();
    assertEquals(List.of(200, 200, 100), told);
    leave(group(7));
    assertEquals(new User.Done(), join(group(501)));
  }

  @Test
  void tellsConnectionsOfAFurtherGroupAndOfNewsInOne() {
    register(2);
    TestProbe<Notice> first = attach(1);
    TestProbe<Notice> second = attach(2);

    join(group);
    var fresh = new Notice.GroupChanged(new Notice.GroupPlace(group, Optional.empty()));
    first.expectMessage(fresh);
    second.expectMessage(fresh);
    join(group);
    acknowledge(1, item(group, 3));
    user.tell(new User.GroupNews(group));
    first.expectMessage(
        new Notice.GroupChanged(new Notice.GroupPlace(group, Optional.of(point(3)))));
    second.expectMessage(fresh);
    user.tell(new User.GroupNews(group(2)));
    leave(group);
    user.tell(new User.GroupNews(group));
    assertEquals(new User.Done(), join(group(2)));
    first.expectMessage(new Notice.GroupChanged(new Notice.GroupPlace(group(2), Optional.empty())));
  }

  @Test
  void keepsWhatEachDeviceAcknowledgedOfEachGroup() {
    register(2);
    join(group);
    join(group(2));
    assertInstanceOf(
        User.Acknowledged.class, acknowledge(1, item(group, 5), item(group(2), 7)));
    assertInstanceOf(User.Acknowledged.class, acknowledge(2, item(group, 4)));

    user.restart();

    assertEquals(
        new User.GroupProgress(Map.of(bob.device(1), 5L, bob.device(2), 4L)), progress(group));
    assertEquals(
        new User.GroupProgress(Map.of(bob.device(1), 7L, bob.device(2), 0L)),
        progress(group(2)));
    assertEquals(
        new User.GroupProgress(Map.of(bob.device(1), 0L, bob.device(2), 0L)),
        progress(group(3)));
    var event = (UserEvent.Acked) user.events().get(user.events().size() - 2);
    assertEquals(Optional.empty(), event.journalNr());
    assertEquals(bob.signAck(1, event.items()), event.signature());
  }

  @Test
  void takesInboxAndGroupsInOneStatement() {
    register(1);
    user.accept(alice, 1);
    join(group);
    InboxEntry entry = inboxEntry();
    LogPoint inboxItem = inboxItem(entry);
    var place = new User.InboxPlace(entry.journalNr(), 100);

    var reply =
        assertInstanceOf(
            User.Acknowledged.class,
            acknowledge(1, List.of(item(group, 2), inboxItem), Optional.of(place)));

    assertEquals(new Position(entry.point(), entry.journalNr(), 100), reply.cursor());
    assertEquals(new User.GroupProgress(Map.of(bob.device(1), 2L)), progress(group));
    // What is known already may stand beside what is new.
    int before = user.events().size();
    assertEquals(
        reply,
        acknowledge(1, List.of(item(group, 3), inboxItem), Optional.of(place)));
    assertEquals(
        Optional.empty(), ((UserEvent.Acked) user.eventsAfter(before).get(0)).journalNr());
    user.restart();
    assertEquals(new User.GroupProgress(Map.of(bob.device(1), 3L)), progress(group));
  }

  private InboxEntry inboxEntry() {
    return user.inboxEntries().get(0);
  }

  private LogPoint inboxItem(InboxEntry entry) {
    Point point = entry.point();
    return new LogPoint(
        LogPoint.INBOX, bob.user.value(), 1, point.sequenceNr(), point.hash());
  }

  @Test
  void anOldAcknowledgementOfAGroupChangesNothing() {
    register(1);
    join(group);
    acknowledge(1, item(group, 5));
    int before = user.events().size();

    assertInstanceOf(User.Acknowledged.class, acknowledge(1, item(group, 5)));
    assertInstanceOf(User.Acknowledged.class, acknowledge(1, item(group, 4)));
    assertEquals(before, user.events().size());
  }

  @Test
  void aPointOfAGroupThatWasLeftDoesNotSpoilTheOthers() {
    register(1);
    join(group);
    join(group(2));
    leave(group(2));
    int before = user.events().size();

    assertInstanceOf(User.Acknowledged.class, acknowledge(1, item(group(2), 4)));
    assertEquals(before, user.events().size());
    assertInstanceOf(
        User.Acknowledged.class, acknowledge(1, item(group(2), 5), item(group, 3)));

    var event = (UserEvent.Acked) user.eventsAfter(before).get(0);
    assertEquals(List.of(item(group(2), 5), item(group, 3)), event.items());
    assertEquals(bob.signAck(1, event.items()), event.signature());
    user.restart();
    assertEquals(new User.GroupProgress(Map.of(bob.device(1), 3L)), progress(group));
    assertEquals(new User.GroupProgress(Map.of(bob.device(1), 0L)), progress(group(2)));
    join(group(2));
    assertEquals(new User.GroupProgress(Map.of(bob.device(1), 0L)), progress(group(2)));
  }

  @Test
  void refusesAnAcknowledgementOfWhichOnePartIsWrong() {
    register(1);
    user.accept(alice, 1);
    join(group);
    InboxEntry entry = inboxEntry();
    LogPoint inboxItem = inboxItem(entry);
    LogPoint good = item(group, 2);
    var place = Optional.of(new User.InboxPlace(entry.journalNr(), 100));
    List<UserEvent> before = user.events();

    for (LogPoint foreign :
        List.of(
            new LogPoint(LogPoint.GROUP, "no group id", 1, 1, good.hash()),
            new LogPoint(LogPoint.GROUP, group.value(), 2, 2, good.hash()),
            new LogPoint("other", group.value(), 1, 2, good.hash()))) {
      assertEquals(
          new User.AckRefused(), acknowledge(1, List.of(inboxItem, good, foreign), place));
    }
    assertEquals(new User.AckRefused(), acknowledge(1, good, item(group, 3)));
    assertEquals(
        new User.AckRefused(), acknowledge(1, List.of(inboxItem, good), Optional.empty()));
    var wrong = Optional.of(new User.InboxPlace(entry.journalNr(), 101));
    assertEquals(new User.AckRefused(), acknowledge(1, List.of(inboxItem, good), wrong));
    assertEquals(before, user.events());
    assertEquals(new User.GroupProgress(Map.of(bob.device(1), 0L)), progress(group));
  }

  @Test
  void tellsAGroupHowFarAllDevicesAreAtMostOnceAMinute() {
    register(2);
    join(group);
    acknowledge(1, item(group, 9));
    assertEquals(List.of(), List.copyOf(user.progress));
    acknowledge(2, item(group, 5));
    acknowledge(2, item(group, 6));
    clock.advance(Duration.ofMinutes(1).minusMillis(1));
    acknowledge(2, item(group, 7));
    assertEquals(List.of(group + " 5"), List.copyOf(user.progress));

    clock.advance(Duration.ofMillis(1));
    acknowledge(2, item(group, 8));

    assertEquals(List.of(group + " 5", group + " 8"), List.copyOf(user.progress));
  }

  @Test
  void givesSignedPrekeysAndTakesNoneAway() {
    assertInstanceOf(User.SignedIn.class, user.register(1, 3));
    int before = user.events().size();

    var given =
        assertInstanceOf(
            User.KeysGiven.class, user.<User.KeysReply>ask(User.GiveSignedKeys::new));

    assertEquals(bob.deviceList(1), given.deviceList());
    assertEquals(1, given.keys().get(0).signedPrekey().id());
    assertEquals(Optional.empty(), given.keys().get(0).oneTimePrekey());
    assertEquals(before, user.events().size());
  }

  @Test
  void nobodyIsInAGroup() {
    assertEquals(new User.UnknownUser(), join(group));
    user.awaitStopped();
    assertEquals(new User.UnknownUser(), leave(group));
    user.awaitStopped();
    assertEquals(new User.UnknownUser(), progress(group));
    user.awaitStopped();
    assertEquals(new User.UnknownUser(), user.<User.KeysReply>ask(User.GiveSignedKeys::new));
    user.awaitStopped();
    user.tell(new User.GroupNews(group));
    user.awaitStopped();
    assertEquals(List.of(), user.events());
  }
}

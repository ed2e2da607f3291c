package chat.sotto.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import chat.sotto.journal.TestClock;
import chat.sotto.journal.TestStore;
import chat.sotto.model.GroupId;
import chat.sotto.model.Visibility;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** An account that an operator erases: each command on a real journal, and after a restart. */
class UserErasureTest {
  private static final ActorTestKit TEST_KIT =
      ActorTestKit.create(TestStore.entityConfig(TestStore.newFolder()));
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final TestAccount bob = new TestAccount("bob" + NAMES.incrementAndGet());
  private final TestAccount alice = new TestAccount("alice");
  private final GroupId group = new GroupId("%032x".formatted(1));
  private final RunningUser user =
      new RunningUser(TEST_KIT, bob, new TestClock(), UserLimits.DEFAULT);

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  private User.EraseReply erase(String reason) {
    return user.ask(replyTo -> new User.Erase(reason, Optional.empty(), replyTo));
  }

  @Test
  void whatIsErasedIsErasedForGood() {
    user.register(1, 3);
    assertEquals(new User.Erased(false, 4), erase("asked for it"));
    int events = user.events().size();

    user.restart();

    assertEquals(new User.Erased(true, 4), erase("again"));
    assertEquals(List.of(4L), List.copyOf(user.removals.erased), "it may have been interrupted");
    assertEquals(events, user.events().size());
    var last = assertInstanceOf(UserEvent.Erased.class, user.events().get(events - 1));
    assertEquals("asked for it", last.reason());
  }

  @Test
  void nobodyWhoIsUnknownIsErased() {
    assertEquals(new User.UnknownUser(), erase("asked for it"));
    assertTrue(user.events().isEmpty());
  }

  @Test
  void anErasedAccountIsUnknownToEverybody() {
    user.register(1, 3);
    erase("asked for it");
    int events = user.events().size();

    for (int i = 0; i < 2; i++) {
      assertUnknownToEverybody();
      assertEquals(events, user.events().size());
    }
  }

  private void assertUnknownToEverybody() {
    assertUnknown(AccountCommand.Describe::new);
    assertUnknown(User.DescribeDevices::new);
    assertUnknown(
        (ActorRef<User.SignInReply> replyTo) ->
            new User.SignIn(
                bob.device(1),
                bob.devicePublicKey(1),
                TestAccount.digest("credentials"),
                bob.tokenHash("2"),
                replyTo));
    assertUnknown(
        (ActorRef<User.SignInReply> replyTo) ->
            new User.Resume(
                bob.device(1), bob.devicePublicKey(1), bob.tokenHash("first"), replyTo));
    assertUnknown(
        (ActorRef<User.DoneReply> replyTo) ->
            new User.SetVisibility(Visibility.NOBODY, replyTo));
    assertUnknown(
        (ActorRef<User.KeysReply> replyTo) ->
            new User.GiveKeys(alice.user, alice.device(1), replyTo));
    var accept =
        user.ask(
            (ActorRef<User.AcceptReplies> replyTo) -> user.command(alice, 1, 1, 100, replyTo));
    assertEquals(new User.AcceptReplies(List.of(new User.UnknownUser())), accept);
    user.awaitStopped();
    assertUnknown(
        (ActorRef<User.DoneReply> replyTo) -> new User.SignOut(bob.device(1), replyTo));
    assertUnknown((ActorRef<User.JoinReply> replyTo) -> new User.JoinGroup(group, replyTo));
    assertUnknown((ActorRef<User.DoneReply> replyTo) -> new User.LeaveGroup(group, replyTo));
    assertUnknown(
        (ActorRef<User.ProgressReply> replyTo) -> new User.FindProgress(group, replyTo));
    assertEquals(new User.NameTaken(), user.register(1, 0));
    user.attach(1, "first", "c").expectMessage(new Notice.SignedOff());
    user.awaitStopped();
  }

  /** As somebody whom nobody knows, it leaves memory at once. */
  private <R> void assertUnknown(Function<ActorRef<R>, User.Command> command) {
    assertEquals(new User.UnknownUser(), user.ask(command));
    user.awaitStopped();
  }

  @Test
  void connectionsAreToldAndOneTimePrekeysDropped() {
    user.register(1, 3);
    user.<User.KeysReply>ask(
        replyTo -> new User.GiveKeys(alice.user, alice.device(1), replyTo));
    TestProbe<Notice> connection = user.attach(1, "first", "c");
    connection.expectMessageClass(Notice.Attached.class);
    user.deletedBodies.clear();

    erase("asked for it");

    connection.fishForMessage(
        Duration.ofSeconds(20),
        notice ->
            notice instanceof Notice.SignedOff
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
    assertEquals(3, deleted("prekey/"));
    assertEquals(1, deleted("credentials/"));
    assertEquals(1, deleted("vault/"));
    assertEquals(5, user.deletedBodies.size());
  }

  private long deleted(String kind) {
    return user.deletedBodies.stream().filter(id -> id.startsWith(kind + bob.user)).count();
  }

  @Test
  void groupsGoOnToGetItsSignedPrekey() {
    user.register(1, 3);
    erase("asked for it");
    user.restart();

    var given = assertInstanceOf(User.KeysGiven.class, user.ask(User.GiveSignedKeys::new));
    assertEquals(bob.deviceList(1), given.deviceList());
    assertEquals(1, given.keys().get(0).signedPrekey().id());
    assertEquals(Optional.empty(), given.keys().get(0).oneTimePrekey());
  }

  @Test
  void bodiesOfPrekeysThatComeTooLateAreDropped() {
    user.register(1, 0);
    erase("asked for it");
    user.deletedBodies.clear();

    assertEquals(
        new User.UnknownUser(),
        user.<User.PrekeysReply>ask(
            replyTo ->
                new User.PutPrekeys(
                    bob.device(1),
                    false,
                    TestAccount.statements(List.of(bob.oneTimePrekey(7))),
                    replyTo)));

    assertEquals(1, user.deletedBodies.size());
  }
}

package chat.sotto.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import chat.sotto.journal.TestClock;
import chat.sotto.journal.TestStore;
import chat.sotto.model.Bytes;
import chat.sotto.model.Visibility;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Accounts, tokens, visibility: each command on a real journal, and after a restart. */
class UserTest {
  private static final ActorTestKit TEST_KIT =
      ActorTestKit.create(TestStore.entityConfig(TestStore.newFolder()));
  private static final AtomicInteger NAMES = new AtomicInteger();

  /** Registered, prekeys put, signed in. */
  private static final int FIRST_EVENTS = 3;

  private final TestClock clock = new TestClock();
  private final TestAccount alice = new TestAccount("alice" + NAMES.incrementAndGet());
  private final RunningUser user =
      new RunningUser(TEST_KIT, alice, clock, UserLimits.DEFAULT);

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  @Test
  void registersOnceAndSaysWhatTheDeviceNeeds() {
    var reply = assertInstanceOf(User.SignedIn.class, user.register(1, 3));

    assertEquals(List.of(2L, 3L, 4L), reply.oneTimePrekeyIds());
    assertEquals(1, reply.signedPrekeyId());
    assertEquals(1, reply.deviceListVersion());
    assertEquals(Visibility.ALL, reply.visibility());
    assertEquals(UserState.empty(alice.user).inbox().head(), reply.head());
    assertEquals(reply.head(), reply.cursor());
    assertEquals(
        List.of(
            UserEvent.Registered.class, UserEvent.PrekeysPut.class, UserEvent.SignedIn.class),
        user.events().stream().map(Object::getClass).toList());
    user.restart();
    var devices = assertInstanceOf(User.Devices.class, user.ask(User.DescribeDevices::new));
    assertEquals(alice.deviceList(1), devices.deviceList());
    assertEquals(reply.deviceListHash(), devices.hash());
  }

  @Test
  void refusesATakenName() {
    user.register(1, 3);
    Object before = user.events();

    assertEquals(new User.NameTaken(), user.register(1, 5));
    user.restart();
    assertEquals(new User.NameTaken(), user.register(1, 5));
    assertEquals(before, user.events());
  }

  @Test
  void answersForNobodyAndLeavesAtOnce() {
    assertEquals(new User.UnknownUser(), user.ask(User.DescribeDevices::new));
    user.awaitStopped();
    assertEquals(new User.UnknownUser(), user.ask(AccountCommand.Describe::new));
    user.awaitStopped();
    assertEquals(new User.UnknownUser(), user.accept(new TestAccount("bob"), 1));
    user.awaitStopped();
    assertEquals(new User.UnknownUser(), signIn("x", alice.devicePublicKey(1)));
    user.awaitStopped();
    assertEquals(new User.UnknownUser(), resume("x"));
    user.awaitStopped();
    assertEquals(new User.UnknownUser(), signOut());
    user.awaitStopped();
    assertEquals(new User.UnknownUser(), see(Visibility.NOBODY));
    user.awaitStopped();
    assertEquals(
        new User.UnknownUser(),
        user.<User.KeysReply>ask(
            replyTo -> new User.GiveKeys(alice.user, alice.device(1), replyTo)));
    user.awaitStopped();
    assertEquals(
        new User.UnknownUser(),
        user.<User.PrekeysReply>ask(
            replyTo -> new User.PutPrekeys(alice.device(1), false, List.of(), replyTo)));
    user.awaitStopped();
    assertEquals(
        new User.UnknownUser(),
        user.<User.AckReply>ask(
            replyTo ->
                new User.Acknowledge(
                    alice.device(1), List.of(), Bytes.EMPTY, 0, Optional.empty(), replyTo)));
    user.awaitStopped();
    user.attach(1, "first", "c").expectMessage(new Notice.SignedOff());
    user.awaitStopped();
    assertEquals(List.of(), user.events());
  }

  @Test
  void tellsWhereCredentialsAndVaultLie() {
    user.register(1, 3);

    var facts =
        assertInstanceOf(AccountAnswer.Facts.class, user.ask(AccountCommand.Describe::new));
    assertEquals(alice.deviceList(1), facts.deviceList());
    assertEquals(
        new Secrets(
            TestAccount.digest("credentials"), TestAccount.digest("vault"), 1, Optional.empty()),
        facts.secrets());
  }

  @Test
  void aNewTokenEndsTheOlderOne() {
    user.register(1, 3);
    assertInstanceOf(User.SignedIn.class, signIn("second", alice.devicePublicKey(1)));

    user.restart();

    assertEquals(new User.TokenRefused(), resume("first"));
    assertInstanceOf(User.SignedIn.class, resume("second"));
    assertEquals(1, user.eventsAfter(FIRST_EVENTS).size());
  }

  @Test
  void signsInNoDeviceThatItDoesNotKnow() {
    user.register(1, 3);

    assertEquals(new User.UnknownDevice(), signIn("second", alice.devicePublicKey(2)));
    assertEquals(
        new User.UnknownDevice(),
        user.<User.SignInReply>ask(
            replyTo ->
                new User.SignIn(
                    alice.device(2),
                    alice.devicePublicKey(1),
                    TestAccount.digest("credentials"),
                    alice.tokenHash("second"),
                    replyTo)));
    assertEquals(List.of(), user.eventsAfter(FIRST_EVENTS));
  }

  @Test
  void resumesOnlyWithTheTokenAndTheKeyOfTheDevice() {
    user.register(1, 3);

    assertEquals(new User.TokenRefused(), resume("another"));
    assertEquals(
        new User.UnknownDevice(),
        user.<User.SignInReply>ask(
            replyTo ->
                new User.Resume(
                    alice.device(1),
                    alice.devicePublicKey(2),
                    alice.tokenHash("first"),
                    replyTo)));
    assertInstanceOf(User.SignedIn.class, resume("first"));
    assertEquals(List.of(), user.eventsAfter(FIRST_EVENTS));
  }

  @Test
  void writesATokensUseDownAtMostOnceADay() {
    var first = assertInstanceOf(User.SignedIn.class, user.register(1, 3));
    clock.advance(Duration.ofHours(23));
    assertEquals(first, resume("first"));
    assertEquals(List.of(), user.eventsAfter(FIRST_EVENTS));

    clock.advance(Duration.ofHours(2));
    var later = assertInstanceOf(User.SignedIn.class, resume("first"));
    assertEquals(clock.millis() + Duration.ofDays(30).toMillis(), later.tokenExpiresAt());
    assertEquals(later, resume("first"));

    user.restart();
    assertEquals(later, resume("first"));
    assertEquals(
        List.of(new UserEvent.TokenUsed(clock.millis(), alice.device(1), later.tokenExpiresAt())),
        user.eventsAfter(FIRST_EVENTS));
  }

  @Test
  void aTokenEndsThirtyDaysAfterItsLastUse() {
    var first = assertInstanceOf(User.SignedIn.class, user.register(1, 3));
    clock.advance(Duration.ofMillis(first.tokenExpiresAt() - clock.millis() - 1));
    assertInstanceOf(User.SignedIn.class, resume("first"));
    clock.advance(Duration.ofDays(30));

    assertEquals(new User.TokenExpired(), resume("first"));
    user.restart();
    assertEquals(new User.TokenExpired(), resume("first"));
    assertEquals(1, user.eventsAfter(FIRST_EVENTS).size());
  }

  @Test
  void signingOutEndsTheToken() {
    user.register(1, 3);
    assertEquals(new User.Done(), signOut());
    assertEquals(new User.Done(), signOut());

    user.restart();

    assertEquals(new User.TokenRefused(), resume("first"));
    assertEquals(
        List.of(UserEvent.SignedOut.class),
        user.eventsAfter(FIRST_EVENTS).stream().map(Object::getClass).toList());
    assertInstanceOf(User.SignedIn.class, signIn("second", alice.devicePublicKey(1)));
    assertEquals(
        new User.UnknownDevice(),
        user.<User.DoneReply>ask(replyTo -> new User.SignOut(alice.device(2), replyTo)));
  }

  @Test
  void keepsWhoMaySeeTheUser() {
    user.register(1, 3);
    assertEquals(new User.Done(), see(Visibility.ALL));
    assertEquals(List.of(), user.eventsAfter(FIRST_EVENTS));
    assertEquals(new User.Done(), see(Visibility.CONTACTS));

    user.restart();

    var reply = assertInstanceOf(User.SignedIn.class, resume("first"));
    assertEquals(Visibility.CONTACTS, reply.visibility());
    assertEquals(1, user.eventsAfter(FIRST_EVENTS).size());
  }

  @Test
  void timesRiseEvenIfTheClockStandsStillOrGoesBack() {
    user.register(1, 3);
    clock.advance(Duration.ofDays(-1));
    see(Visibility.CONTACTS);
    see(Visibility.NOBODY);

    List<Long> times = user.events().stream().map(UserEvent::time).toList();

    assertEquals(times.stream().sorted().distinct().toList(), times);
  }

  @Test
  void eventsHoldDigestsOfTokensOnlyAndTheKeysThatWereSigned() {
    user.register(1, 3);

    String journal =
        user.stored().stream().map(one -> text(one.entry().event())).toList().toString();

    assertTrue(journal.contains(alice.tokenHash("first").toString()));
    alice.prekeys(3).forEach(one -> assertTrue(journal.contains(one.key().toString())));
  }

  private static String text(Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.UTF_8);
  }

  private User.SignInReply signIn(String token, Bytes deviceKey) {
    return user.ask(
        replyTo ->
            new User.SignIn(
                alice.device(1),
                deviceKey,
                TestAccount.digest("credentials"),
                alice.tokenHash(token),
                replyTo));
  }

  private User.SignInReply resume(String token) {
    return user.ask(
        replyTo ->
            new User.Resume(
                alice.device(1), alice.devicePublicKey(1), alice.tokenHash(token), replyTo));
  }

  private User.DoneReply signOut() {
    return user.ask(replyTo -> new User.SignOut(alice.device(1), replyTo));
  }

  private User.DoneReply see(Visibility visibility) {
    return user.ask(replyTo -> new User.SetVisibility(visibility, replyTo));
  }
}

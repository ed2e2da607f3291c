package chat.sotto.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import chat.sotto.journal.TestClock;
import chat.sotto.journal.TestStore;
import chat.sotto.model.Prekey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Prekeys put up and given out, on a real journal. */
class UserPrekeysTest {
  private static final ActorTestKit TEST_KIT =
      ActorTestKit.create(TestStore.entityConfig(TestStore.newFolder()));
  private static final AtomicInteger NAMES = new AtomicInteger();

  /** Registered, prekeys put, signed in. */
  private static final int FIRST_EVENTS = 3;

  private final TestClock clock = new TestClock();
  private final TestAccount bob = new TestAccount("bob" + NAMES.incrementAndGet());
  private final TestAccount alice = new TestAccount("alice");
  private final RunningUser user = new RunningUser(TEST_KIT, bob, clock, UserLimits.DEFAULT);

  @BeforeEach
  void register() {
    user.register(1, 3);
  }

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  @Test
  void givesEachAskerAPrekeyOfItsOwn() {
    assertEquals(Optional.of(2L), oneTimeId(give(alice, 1)));
    user.restart();
    assertEquals(Optional.of(3L), oneTimeId(give(alice, 2)));
    assertEquals(Optional.of(4L), oneTimeId(give(new TestAccount("carol"), 1)));
    assertEquals(List.of(), signIn().oneTimePrekeyIds());
  }

  @Test
  void givesTheSignedPrekeyAloneWhenThereIsNoOther() {
    IntStream.rangeClosed(1, 3).forEach(device -> give(alice, device));
    int before = user.events().size();

    User.DeviceKeys keys = give(alice, 4);

    assertEquals(Optional.empty(), keys.oneTimePrekey());
    assertEquals(1, keys.signedPrekey().id());
    assertEquals(Prekey.Kind.SIGNED, keys.signedPrekey().kind());
    assertEquals(before, user.events().size());
  }

  @Test
  void givesTheSameAskerTheSameForTenMinutesThenNoneForADay() {
    User.DeviceKeys first = give(alice, 1);
    clock.advance(Duration.ofMinutes(9));
    user.restart();
    assertEquals(first, give(alice, 1));
    clock.advance(Duration.ofMinutes(1).plusSeconds(1));
    assertEquals(Optional.empty(), give(alice, 1).oneTimePrekey());
    clock.advance(Duration.ofHours(23));
    assertEquals(Optional.empty(), give(alice, 1).oneTimePrekey());
    assertEquals(1, user.eventsAfter(FIRST_EVENTS).size());
    assertEquals(List.of(), List.copyOf(user.deletedBodies));

    clock.advance(Duration.ofHours(1));
    assertEquals(Optional.of(3L), oneTimeId(give(alice, 1)));
    assertEquals(
        List.of(first.oneTimePrekey().orElseThrow().bodyId()),
        List.copyOf(user.deletedBodies));
  }

  @Test
  void fiftyAskersAtOnceGetFiftyPrekeys() {
    assertEquals(new User.Done(), put(false, oneTime(5, 47)));
    var probes = new ArrayList<TestProbe<User.KeysReply>>();
    for (int device = 1; device <= 50; device++) {
      TestProbe<User.KeysReply> probe = TEST_KIT.createTestProbe();
      probes.add(probe);
      user.tell(new User.GiveKeys(alice.user, alice.device(device), probe.ref()));
    }

    List<Long> given =
        probes.stream()
            .map(probe -> (User.KeysGiven) probe.receiveMessage())
            .map(reply -> oneTimeId(reply.keys().get(0)).orElseThrow())
            .toList();

    assertEquals(50, given.stream().distinct().count());
    assertEquals(
        given,
        user.eventsAfter(FIRST_EVENTS + 1).stream()
            .map(event -> ((UserEvent.PrekeyGiven) event).prekeyId())
            .toList());
  }

  @Test
  void aReferenceLeadsToTheBodyThatWasStored() {
    PrekeyRef ref = give(alice, 1).oneTimePrekey().orElseThrow();
    Prekey prekey = bob.oneTimePrekey(2);

    assertEquals(
        BodyIds.prekey(bob.user, bob.device(1), 2, PrekeyStatement.of(prekey).digest()),
        ref.bodyId());
    assertEquals(prekey, ref.prekey(PrekeyRef.body(prekey)));
  }

  @Test
  void aNewSignedPrekeyReplacesTheOlderOne() {
    String older = give(alice, 1).signedPrekey().bodyId();

    assertEquals(new User.Done(), put(false, List.of(bob.signedPrekey(90))));

    user.restart();
    assertEquals(90, signIn().signedPrekeyId());
    assertEquals(90, give(alice, 2).signedPrekey().id());
    assertEquals(List.of(older), List.copyOf(user.deletedBodies));
  }

  @Test
  void addsOneTimePrekeysToThoseHeld() {
    assertEquals(new User.Done(), put(false, oneTime(10, 2)));

    user.restart();

    assertEquals(List.of(2L, 3L, 4L, 10L, 11L), signIn().oneTimePrekeyIds());
  }

  @Test
  void replacingDropsTheHeldOneTimePrekeysFirst() {
    assertEquals(new User.Done(), put(true, oneTime(4, 2)));

    user.restart();

    assertEquals(List.of(4L, 5L), signIn().oneTimePrekeyIds());
    assertEquals(
        List.of(2L, 3L).stream().map(this::oneTimeBody).sorted().toList(),
        user.deletedBodies.stream().sorted().toList());
  }

  @Test
  void aPutThatIsRepeatedChangesNothingAndBringsNothingBack() {
    assertEquals(new User.Done(), put(true, oneTime(10, 2)));
    assertEquals(Optional.of(10L), oneTimeId(give(alice, 1)));
    int before = user.events().size();

    assertEquals(new User.Done(), put(true, oneTime(10, 2)));
    assertEquals(new User.Done(), put(false, oneTime(10, 2)));
    assertEquals(new User.Done(), put(false, bob.prekeys(0)));

    assertEquals(before, user.events().size());
    assertEquals(List.of(11L), signIn().oneTimePrekeyIds());
  }

  @Test
  void refusesAnIdThatStandsForAnotherKey() {
    give(alice, 1);
    List<UserEvent> before = user.events();
    Prekey other = new TestAccount("mallory").oneTimePrekey(3);

    assertEquals(new User.PrekeysRefused(), put(false, List.of(other)));
    assertEquals(new User.PrekeysRefused(), put(true, List.of(other)));
    assertEquals(new User.PrekeysRefused(), put(false, List.of(bob.signedPrekey(3))));
    Prekey given = new TestAccount("mallory").oneTimePrekey(2);
    assertEquals(new User.PrekeysRefused(), put(true, List.of(given)));
    assertEquals(
        new User.PrekeysRefused(),
        put(false, List.of(bob.oneTimePrekey(50), new TestAccount("x2").oneTimePrekey(50))));
    assertEquals(before, user.events());
  }

  @Test
  void bodiesOfPrekeysThatWereRefusedAreDeletedAndNoOthers() {
    Prekey other = new TestAccount("mallory").oneTimePrekey(3);

    put(false, List.of(bob.oneTimePrekey(4), bob.oneTimePrekey(9), other));

    String others =
        BodyIds.prekey(bob.user, bob.device(1), 3, PrekeyStatement.of(other).digest());
    assertEquals(Set.of(others, oneTimeBody(9)), Set.copyOf(user.deletedBodies));
  }

  @Test
  void aRegistrationThatIsRepeatedDeletesNoBodyThatIsHeld() {
    assertEquals(new User.NameTaken(), user.register(1, 5));

    assertEquals(Set.of(oneTimeBody(5), oneTimeBody(6)), Set.copyOf(user.deletedBodies));
  }

  @Test
  void holdsAHundredOneTimePrekeysAndRefusesOneMore() {
    assertEquals(new User.Done(), put(false, oneTime(5, 97)));
    assertEquals(100, signIn().oneTimePrekeyIds().size());
    List<UserEvent> before = user.events();

    assertEquals(new User.PrekeysRefused(), put(false, oneTime(500, 1)));
    assertEquals(new User.PrekeysRefused(), put(true, oneTime(500, 101)));
    assertEquals(before, user.events());
    assertEquals(new User.Done(), put(true, oneTime(500, 100)));
  }

  @Test
  void theEventOfAHundredAndOnePrekeysStaysBelow32KiB() {
    var all = new ArrayList<>(oneTime(2_000_000_000, 100));
    all.add(bob.signedPrekey(Prekey.ID_MAX));

    assertEquals(new User.Done(), put(true, all));

    var stored = user.stored();
    assertTrue(stored.get(stored.size() - 1).entry().event().size() < 32 * 1024);
  }

  @Test
  void refusesPrekeysOfADeviceThatItDoesNotKnow() {
    assertEquals(
        new User.UnknownDevice(),
        user.<User.PrekeysReply>ask(
            replyTo ->
                new User.PutPrekeys(
                    bob.device(2), false, TestAccount.statements(oneTime(9, 1)), replyTo)));
    assertEquals(List.of(), user.eventsAfter(FIRST_EVENTS));
  }

  private List<Prekey> oneTime(long from, int count) {
    return LongStream.range(from, from + count).mapToObj(bob::oneTimePrekey).toList();
  }

  private String oneTimeBody(long id) {
    return BodyIds.prekey(
        bob.user, bob.device(1), id, PrekeyStatement.of(bob.oneTimePrekey(id)).digest());
  }

  private User.PrekeysReply put(boolean replace, List<Prekey> prekeys) {
    return user.ask(
        replyTo ->
            new User.PutPrekeys(
                bob.device(1), replace, TestAccount.statements(prekeys), replyTo));
  }

  private User.DeviceKeys give(TestAccount to, int device) {
    User.KeysReply reply =
        user.ask(replyTo -> new User.GiveKeys(to.user, to.device(device), replyTo));
    var given = assertInstanceOf(User.KeysGiven.class, reply);
    assertEquals(bob.deviceList(1), given.deviceList());
    assertEquals(1, given.keys().size());
    return given.keys().get(0);
  }

  private static Optional<Long> oneTimeId(User.DeviceKeys keys) {
    return keys.oneTimePrekey().map(PrekeyRef::id);
  }

  private User.SignedIn signIn() {
    User.SignInReply reply =
        user.ask(
            replyTo ->
                new User.SignIn(
                    bob.device(1),
                    bob.devicePublicKey(1),
                    TestAccount.digest("credentials"),
                    bob.tokenHash("next"),
                    replyTo));
    return assertInstanceOf(User.SignedIn.class, reply);
  }
}

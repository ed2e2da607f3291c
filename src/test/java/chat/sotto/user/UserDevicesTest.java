package chat.sotto.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import chat.sotto.journal.Draft;
import chat.sotto.journal.TestClock;
import chat.sotto.journal.TestStore;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Devices linked and removed, passwords changed, resets, sync, names opened again. */
class UserDevicesTest {
  private static final ActorTestKit TEST_KIT =
      ActorTestKit.create(TestStore.entityConfig(TestStore.newFolder()));
  private static int names;

  private final TestAccount bob = new TestAccount("bob-" + names++);
  private final TestAccount alice = new TestAccount("alice");
  private final RunningUser user =
      new RunningUser(TEST_KIT, bob, new TestClock(), UserLimits.DEFAULT);
  private final DeviceList first = bob.deviceList(1);

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  /** What an auditor derives is what the entity answers from, before and after a crash. */
  @AfterEach
  void isTheSameAfterARestart() {
    UserState derived = user.derived();
    user.restart();
    if (derived.hasAccount()) {
      assertEquals(derived.account().orElseThrow().secrets(), facts().secrets());
      assertEquals(derived.account().orElseThrow().deviceList(), facts().deviceList());
    }
  }

  private AccountAnswer.Facts facts() {
    return assertInstanceOf(
        AccountAnswer.Facts.class, user.ask(AccountCommand.Describe::new));
  }

  private Point head() {
    return facts().head();
  }

  private static AccountCommand.NewSecrets secrets(long version) {
    return secrets(version, Optional.empty());
  }

  private static AccountCommand.NewSecrets secrets(long version, Optional<String> password) {
    return new AccountCommand.NewSecrets(
        Optional.of(TestAccount.digest("credentials")),
        password.map(TestAccount::digest),
        TestAccount.digest("vault " + version),
        version,
        Optional.empty());
  }

  private User.SignInReply link(int device, DeviceList list, AccountCommand.NewSecrets secrets) {
    List<Prekey> prekeys = bob.prekeysOf(device, 1);
    return user.ask(
        replyTo ->
            new AccountCommand.Link(
                bob.device(device),
                ChangeProof.PASSWORD,
                list,
                TestAccount.statements(prekeys),
                secrets,
                bob.tokenHash("of " + device),
                replyTo));
  }

  private AccountAnswer.Change change(
      int device, ChangeProof proof, Optional<DeviceList> list, AccountCommand.NewSecrets secrets) {
    return user.ask(
        replyTo ->
            new AccountCommand.Change(
                bob.device(device), proof, list, Optional.of(secrets), replyTo));
  }

  private DeviceList registerAndLink() {
    user.register(1, 1);
    DeviceList second = bob.listAfter(first, head(), 1, 2);
    assertInstanceOf(User.SignedIn.class, link(2, second, secrets(2)));
    return second;
  }

  private User.SignInReply resume(int device, String token) {
    return user.ask(
        replyTo ->
            new User.Resume(
                bob.device(device),
                bob.devicePublicKey(device),
                bob.tokenHash(token),
                replyTo));
  }

  @Test
  void aLinkedDeviceIsSignedInAtTheHead() {
    user.register(1, 1);
    user.accept(alice, 1);
    DeviceList second = bob.listAfter(first, head(), 1, 2);

    var signedIn = assertInstanceOf(User.SignedIn.class, link(2, second, secrets(2)));

    assertEquals(2, signedIn.deviceListVersion());
    assertEquals(head(), signedIn.cursor());
    assertEquals(
        List.of(
            UserEvent.AccountChanged.class, UserEvent.PrekeysPut.class, UserEvent.SignedIn.class),
        user.eventsAfter(4).stream().map(Object::getClass).toList());
    assertTrue(user.deletedBodies.contains(BodyIds.vault(bob.user, TestAccount.digest("vault"))));
    user.restart();
    assertInstanceOf(User.SignedIn.class, resume(2, "of 2"));
    assertInstanceOf(User.SignedIn.class, resume(1, "first"));
    assertInstanceOf(User.DevicesChanged.class, user.accept(alice, 2));
    assertEquals(
        List.of(bob.device(1), bob.device(2)),
        facts().devices().stream().map(AccountAnswer.SeenDevice::id).toList());
  }

  @Test
  void whatDoesNotFollowIsStaleOrRefusedAndChangesNothing() {
    DeviceList second = registerAndLink();
    int events = user.events().size();
    Point elsewhere = new Point(0, TestAccount.digest("elsewhere"));

    DeviceList later = bob.listAfter(first, head(), 1, 3);
    assertEquals(new AccountAnswer.Stale(), link(3, later, secrets(3)));
    assertEquals(
        new AccountAnswer.Stale(), link(3, bob.listAfter(second, head(), 1, 2, 3), secrets(2)));
    assertEquals(
        new AccountAnswer.Stale(), link(3, bob.listAfter(second, elsewhere, 1, 2, 3), secrets(3)));
    assertEquals(
        new AccountAnswer.ListRefused(),
        link(3, bob.listAfter(second, head(), 1, 2, 3, 4), secrets(3)),
        "a ghost beside it");
    assertEquals(
        new AccountAnswer.ListRefused(),
        change(
            1,
            ChangeProof.PASSWORD,
            Optional.of(bob.listAfter(second, head(), 1, 2, 3)),
            secrets(3)),
        "no device is added without being linked");
    assertEquals(
        new AccountAnswer.Stale(),
        change(1, ChangeProof.PASSWORD, Optional.empty(), secrets(4)));
    assertEquals(
        new User.UnknownDevice(),
        change(3, ChangeProof.PASSWORD, Optional.empty(), secrets(3)));
    var old =
        new AccountCommand.NewSecrets(
            Optional.of(TestAccount.digest("another password")),
            Optional.empty(),
            TestAccount.digest("vault 3"),
            3,
            Optional.empty());
    assertEquals(
        new AccountAnswer.Stale(), change(1, ChangeProof.PASSWORD, Optional.empty(), old));

    assertEquals(events, user.events().size());
    assertTrue(
        user.deletedBodies.contains(BodyIds.vault(bob.user, TestAccount.digest("vault 3"))));
    assertFalse(
        user.deletedBodies.contains(BodyIds.vault(bob.user, TestAccount.digest("vault 2"))));
  }

  @Test
  void aRemovedDeviceIsGoneWithAllItHadAndItsIdIsNeverUsedAgain() {
    DeviceList second = registerAndLink();
    var connection = user.attach(2, "of 2", "c");
    long linkedAt = connection.expectMessageClass(Notice.Attached.class).cursor().journalNr();
    var group = new GroupId("%032x".formatted(1));
    user.<User.JoinReply>ask(replyTo -> new User.JoinGroup(group, replyTo));
    List<LogPoint> taken =
        List.of(new LogPoint(LogPoint.GROUP, group.value(), 1, 7, TestAccount.digest("7")));
    user.<User.AckReply>ask(
        replyTo ->
            new User.Acknowledge(
                bob.device(2), taken, bob.signAck(2, taken), 0, Optional.empty(), replyTo));
    connection.expectMessageClass(Notice.GroupChanged.class);
    DeviceList third = bob.listAfter(second, head(), 1);

    assertEquals(
        new AccountAnswer.Changed(),
        change(1, ChangeProof.PASSWORD, Optional.of(third), secrets(3)));

    connection.expectMessage(new Notice.SignedOff());
    assertEquals(
        List.of(bob.device(2) + " " + linkedAt + " {" + group + "=7}"),
        List.copyOf(user.removals.devices));
    user.restart();
    assertEquals(new AccountAnswer.Revoked(third), resume(2, "of 2"));
    assertEquals(
        new AccountAnswer.Revoked(third),
        user.signIn(2, "new"));
    assertEquals(
        new User.UnknownDevice(),
        user.<User.PrekeysReply>ask(
            replyTo -> new User.PutPrekeys(bob.device(2), false, List.of(), replyTo)));
    assertEquals(
        new AccountAnswer.ListRefused(),
        link(2, bob.listAfter(third, head(), 1, 2), secrets(4)));
    Set<String> prekeys =
        bob.prekeysOf(2, 1).stream()
            .map(PrekeyStatement::of)
            .map(one -> HeldPrekey.of(one).ref(bob.user, bob.device(2)).bodyId())
            .collect(Collectors.toSet());
    assertTrue(user.deletedBodies.containsAll(prekeys));
  }

  @Test
  void aNewPasswordEndsTheTokensOfOtherDevices() {
    registerAndLink();
    var connection = user.attach(2, "of 2", "c");
    connection.expectMessageClass(Notice.Attached.class);

    assertEquals(
        new AccountAnswer.Changed(),
        change(1, ChangeProof.PASSWORD, Optional.empty(), secrets(3, Optional.of("new"))));

    connection.expectMessage(new Notice.SignedOff());
    assertInstanceOf(User.SignedIn.class, resume(1, "first"));
    assertEquals(new User.TokenRefused(), resume(2, "of 2"));
    assertTrue(
        user.deletedBodies.contains(
            BodyIds.credentials(bob.user, TestAccount.digest("credentials"))));
  }

  @Test
  void anAccountHasAThousandDevicesEverAndNotOneMore() {
    user.register(1, 0);
    Point start = head();
    var draft = new Draft<>(UserEvent.CODEC, user.derived(), user.clock);
    DeviceList list = first;
    for (int device = 2; device <= Account.DEVICES_EVER_MAX; device++) {
      list = bob.listAfter(list, start, device);
      draft.add(linked(device, list));
    }
    UserState full = draft.state();
    int next = Account.DEVICES_EVER_MAX + 1;
    DeviceList tooMany = bob.listAfter(list, start, next);
    var changes =
        new AccountChangeDecisions(
            user.clock,
            UserLimits.DEFAULT,
            new AccountDecisions(user.clock, UserLimits.DEFAULT));

    var refused =
        changes.link(
            full,
            new AccountCommand.Link(
                bob.device(next),
                ChangeProof.PASSWORD,
                tooMany,
                TestAccount.statements(bob.prekeysOf(next, 1)),
                secrets(next),
                bob.tokenHash("of the last"),
                null));

    assertEquals(new AccountAnswer.DevicesUsedUp(), refused.reply());
    assertEquals(List.of(), refused.events());
    assertThrows(IllegalStateException.class, () -> draft.add(linked(next, tooMany)));
  }

  private LongFunction<UserEvent> linked(int device, DeviceList list) {
    return time ->
        new UserEvent.AccountChanged(
            time,
            bob.device(device),
            Optional.of(list),
            Optional.empty(),
            Optional.of(TestAccount.digest("vault " + device)),
            device,
            Optional.empty(),
            ChangeProof.PASSWORD);
  }

  @Test
  void whatACrashKeptFromBeingDeletedGoesBeforeAnythingElse() {
    registerAndLink();
    putSync(1, "one");
    user.deletes = false;
    user.deletedBodies.clear();
    change(1, ChangeProof.PASSWORD, Optional.empty(), secrets(3, Optional.of("new")));
    putSync(2, "two");
    assertEquals(List.of(), List.copyOf(user.deletedBodies));
    user.deletes = true;

    user.restart();

    facts();
    assertEquals(
        Set.of(
            BodyIds.credentials(bob.user, TestAccount.digest("credentials")),
            BodyIds.vault(bob.user, TestAccount.digest("vault 2")),
            sync("one")),
        Set.copyOf(user.deletedBodies));
  }

  @Test
  void aResetHasToWaitAndEndsWithAnyProof() {
    DeviceList second = registerAndLink();
    DeviceList renewed = bob.listUnderNewKey(second, "new", 2, 1, 2);
    var reset = new AccountCommand.NewSecrets(
        Optional.empty(),
        Optional.of(TestAccount.digest("new")),
        TestAccount.digest("vault 3"),
        3,
        Optional.empty());
    assertEquals(
        new AccountAnswer.ResetRefused(),
        change(2, ChangeProof.RESET, Optional.of(renewed), reset));
    askReset(2);
    askReset(2);
    assertEquals(1, user.eventsAfter(6).size(), "asking again does not begin anew");
    assertEquals(
        new AccountAnswer.ResetRefused(),
        change(2, ChangeProof.RESET, Optional.of(renewed), reset),
        "too early");
    user.clock.advance(UserLimits.DEFAULT.resetWait().plusSeconds(1));
    assertEquals(
        new AccountAnswer.ResetRefused(),
        change(1, ChangeProof.RESET, Optional.of(renewed), reset),
        "another device");
    assertEquals(new User.Done(), cancelReset("credentials"));
    assertEquals(
        new AccountAnswer.ResetRefused(),
        change(2, ChangeProof.RESET, Optional.of(renewed), reset),
        "cancelled");
    askReset(2);
    user.clock.advance(UserLimits.DEFAULT.resetWait().plusSeconds(1));
    user.restart();
    assertEquals(
        new AccountAnswer.Changed(),
        change(2, ChangeProof.RESET, Optional.of(renewed), reset));
    assertEquals(Optional.empty(), user.derived().account().orElseThrow().reset());
    assertEquals(new User.TokenRefused(), resume(1, "first"));
  }

  private User.DoneReply cancelReset(String password) {
    return user.ask(
        replyTo -> new AccountCommand.CancelReset(TestAccount.digest(password), replyTo));
  }

  /** It was right when it was checked; then the password was changed. */
  @Test
  void anOldPasswordsProofIsWorthNothing() {
    registerAndLink();
    askReset(2);
    assertEquals(
        new AccountAnswer.Changed(),
        change(1, ChangeProof.PASSWORD, Optional.empty(), secrets(3, Optional.of("new"))));
    askReset(2);
    int events = user.events().size();

    assertEquals(new User.Outdated(), cancelReset("credentials"));
    Optional<Bytes> old = Optional.of(TestAccount.digest("credentials"));
    assertEquals(
        new User.Outdated(),
        user.<User.EraseReply>ask(replyTo -> new User.Erase("by its owner", old, replyTo)));
    assertEquals(
        new User.Outdated(),
        user.<User.SignInReply>ask(
            replyTo ->
                new User.SignIn(
                    bob.device(1),
                    bob.devicePublicKey(1),
                    old.get(),
                    bob.tokenHash("next"),
                    replyTo)));
    assertEquals(events, user.events().size());
    assertEquals(new User.Done(), cancelReset("new"));
  }

  private void askReset(int device) {
    assertEquals(
        new User.Done(),
        user.<User.DoneReply>ask(
            replyTo -> new AccountCommand.AskReset(bob.device(device), replyTo)));
  }

  @Test
  void syncIsReplacedInOrder() {
    user.register(1, 0);
    assertEquals(new AccountAnswer.Changed(), putSync(1, "one"));
    assertEquals(new AccountAnswer.Stale(), putSync(1, "other"));
    assertEquals(new AccountAnswer.Stale(), putSync(3, "later"));
    assertEquals(new AccountAnswer.Stale(), putSync(1, "one"));
    assertFalse(user.deletedBodies.contains(sync("one")), "it is the present one");
    assertTrue(user.deletedBodies.contains(sync("other")));
    assertEquals(new AccountAnswer.Changed(), putSync(2, "two"));
    assertTrue(user.deletedBodies.contains(sync("one")));
    user.restart();
    var shared =
        new Sync(
            2,
            Optional.of(TestAccount.digest("two")),
            Optional.of(TestAccount.digest("one")));
    assertEquals(shared, facts().sync());
  }

  private String sync(String text) {
    return BodyIds.sync(bob.user, TestAccount.digest(text));
  }

  private AccountAnswer.Change putSync(long counter, String text) {
    return user.ask(
        replyTo ->
            new AccountCommand.PutSync(
                bob.device(1), counter, TestAccount.digest(text), text.length(), replyTo));
  }

  @Test
  void aSendToOneselfIsForTheOthers() {
    user.register(1, 0);
    assertEquals(new User.NobodyElse(), sendToSelf(1, 1, 1));
    DeviceList second = bob.listAfter(first, head(), 1, 2);
    link(2, second, secrets(2));
    assertInstanceOf(User.DevicesChanged.class, sendToSelf(1, 2, 1), "a copy for itself");
    assertInstanceOf(User.AcceptedReply.class, sendToSelf(1, 2, 2));
    assertInstanceOf(User.DevicesChanged.class, sendToSelf(3, 2, 2), "a device of no list");
  }

  private User.AcceptReply sendToSelf(int from, long listVersion, int to) {
    return user.askOne(
        replyTo ->
            new User.Accept(
                List.of(
                    new Sent(
                        bob.user,
                        bob.device(from),
                        1,
                        listVersion,
                        bob.messageId(1),
                        List.of(
                            new Copy(
                                bob.device(to), "body-" + from + to, 10, Bytes.of(new byte[32]))),
                        false,
                        user.clock.millis() + 1_000)),
                replyTo));
  }

  @Test
  void anErasedNameMayBeOpenedAndBegunAnew() {
    DeviceList second = registerAndLink();
    assertEquals(new AccountAnswer.NotErased(), reopen());
    user.<User.EraseReply>ask(replyTo -> new User.Erase("asked for it", Optional.empty(), replyTo));
    assertEquals(new User.NameTaken(), user.register(1, 0));
    assertEquals(new AccountAnswer.Opened(false), reopen());
    assertEquals(new AccountAnswer.Opened(true), reopen());
    user.restart();
    var at =
        assertInstanceOf(
            AccountAnswer.Reopened.class, user.ask(AccountCommand.Describe::new));
    assertEquals(second, at.deviceList());
    assertInstanceOf(AccountAnswer.Reopened.class, user.register(1, 0));
    DeviceList anew = bob.listUnderAnyKey(second, "anew", at.head(), 7);
    var signedIn =
        assertInstanceOf(
            User.SignedIn.class,
            user.<User.SignInReply>ask(
                replyTo ->
                    new User.Register(
                        anew,
                        TestAccount.statements(bob.prekeysOf(7, 0)),
                        TestAccount.digest("credentials 2"),
                        TestAccount.digest("vault again"),
                        bob.tokenHash("anew"),
                        replyTo)));
    assertEquals(3, signedIn.deviceListVersion());
    assertEquals(new AccountAnswer.Revoked(anew), resume(1, "first"));
    assertEquals(Statements.listHash(second), anew.prevHash());
  }

  private AccountAnswer.Opening reopen() {
    return user.ask(replyTo -> new AccountCommand.Reopen("nobody knows the password", replyTo));
  }
}

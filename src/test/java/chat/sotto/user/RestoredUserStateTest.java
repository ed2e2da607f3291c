package chat.sotto.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.Ed25519;
import chat.sotto.journal.Draft;
import chat.sotto.journal.TestClock;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Restored;
import java.io.NotSerializableException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left of a user after a restore, and after an erasure. */
class RestoredUserStateTest {
  private static final Ed25519.SigningKey SERVER_KEY =
      Ed25519.fromSeed(TestAccount.digest("server").toArray());

  private final TestClock clock = new TestClock();
  private final TestAccount bob = new TestAccount("bob");
  private final TestAccount alice = new TestAccount("alice");
  private UserState state = UserState.empty(bob.user);

  @BeforeEach
  void registersBobToWhomAliceWrites() {
    add(
        time ->
            new UserEvent.Registered(
                time,
                bob.deviceList(1),
                TestAccount.digest("credentials"),
                TestAccount.digest("vault")));
    add(
        time ->
            new UserEvent.PrekeysPut(
                time, bob.device(1), false, TestAccount.statements(bob.prekeys(5))));
    add(time -> new UserEvent.SignedIn(time, bob.device(1), bob.tokenHash("1"), time + 1));
    add(
        time ->
            new UserEvent.PrekeyGiven(time, bob.device(1), 2, alice.user, alice.device(1)));
    accept(1);
  }

  private void add(LongFunction<UserEvent> event) {
    state = after(event);
  }

  private UserState after(LongFunction<UserEvent> event) {
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    draft.add(event);
    return draft.state();
  }

  private void accept(long n) {
    add(
        time ->
            state.next(
                time,
                new DeviceAddress(alice.user, alice.device(1)),
                n,
                alice.messageId(n),
                alice.copiesTo(bob, 1, n, 100),
                time));
  }

  private UserEvent.Restored restored(long time, long generation, Point previous) {
    return UserEvent.Restored.of(
        Restored.sign(
            SERVER_KEY, TestAccount.HOST, LogPoint.INBOX, "bob", generation, previous, time, 7));
  }

  private void restore(long generation) {
    add(time -> restored(time, generation, state.inbox().head()));
  }

  private UserEvent acked(long time, long generation, Point point) {
    var item =
        new LogPoint(LogPoint.INBOX, "bob", generation, point.sequenceNr(), point.hash());
    return new UserEvent.Acked(
        time,
        bob.device(1),
        List.of(item),
        bob.signAck(1, List.of(item)),
        time,
        Optional.of(state.chain().sequenceNr()),
        Optional.of(state.device(bob.device(1)).orElseThrow().total()));
  }

  private void assertImpossible(LongFunction<UserEvent> event) {
    assertThrows(IllegalStateException.class, () -> after(event));
  }

  /** It may have been ended after the copy was made. */
  @Test
  void noResetWaitsAfterARestore() {
    add(time -> new UserEvent.ResetAsked(time, bob.device(1)));
    assertTrue(state.account().orElseThrow().reset().isPresent());
    restore(70);
    assertEquals(Optional.empty(), state.account().orElseThrow().reset());
  }

  @Test
  void anInboxGoesOnInANewGeneration() {
    Sender sender = state.inbox().sender(new DeviceAddress(alice.user, alice.device(1)));
    Point before = state.inbox().head();
    restore(70);

    Point restored = state.inbox().head();
    assertEquals(2, restored.sequenceNr());
    assertEquals(
        sender, state.inbox().sender(new DeviceAddress(alice.user, alice.device(1))));
    accept(2);
    restore(71);
    assertEquals(4, state.inbox().head().sequenceNr());
    assertEquals(
        List.of(1L, 1L, 70L, 70L, 71L),
        List.of(0L, 1L, 2L, 3L, 4L).stream().map(state.inbox().generations()::at).toList());
    assertImpossible(time -> acked(time, 70, before));
    assertImpossible(time -> acked(time, 1, restored));
    assertImpossible(time -> acked(time, 71, restored));
    add(time -> acked(time, 70, restored));
    assertEquals(restored, state.device(bob.device(1)).orElseThrow().cursor().point());
  }

  @Test
  void prekeysThatMayHaveBeenGivenOutAreDropped() {
    restore(70);

    Prekeys prekeys = state.device(bob.device(1)).orElseThrow().prekeys();
    assertTrue(prekeys.signed().isPresent());
    assertTrue(prekeys.oneTime().isEmpty());
    assertTrue(prekeys.given().isEmpty());
    assertTrue(state.device(bob.device(1)).orElseThrow().token().isPresent());
  }

  @Test
  void onlyWhatFollowsTheHeadInANewGenerationIsARestore() {
    Point head = state.inbox().head();
    var other = new Point(head.sequenceNr(), TestAccount.digest("other"));
    assertImpossible(time -> restored(time, 70, other));
    assertImpossible(time -> restored(time, 70, new Point(0, head.hash())));
    assertImpossible(
        time -> {
          UserEvent.Restored right = restored(time, 70, head);
          return new UserEvent.Restored(
              time,
              71,
              right.previous(),
              right.copyTime(),
              right.signature(),
              right.hash());
        });
    restore(70);
    Point next = state.inbox().head();
    assertImpossible(time -> restored(time, 70, next));
    assertImpossible(time -> restored(time, 69, next));
  }

  @Test
  void nothingIsLeftOfAnErasedAccountButItsNameAndTheHeadOfItsInbox() {
    add(time -> new UserEvent.GroupJoined(time, new GroupId("%032x".formatted(1))));
    Point head = state.inbox().head();
    add(time -> new UserEvent.Erased(time, "asked for it"));

    assertTrue(state.isErased());
    assertTrue(state.isRegistered());
    assertFalse(state.hasAccount());
    DeviceState device = state.device(bob.device(1)).orElseThrow();
    assertTrue(device.token().isEmpty());
    assertTrue(device.prekeys().signed().isPresent());
    assertTrue(device.prekeys().oneTime().isEmpty());
    assertTrue(device.prekeys().given().isEmpty());
    assertEquals(Groups.NONE, state.groups());
    assertEquals(head, state.inbox().head());
    assertTrue(state.inbox().senders().isEmpty());
    assertTrue(state.inbox().heardFrom().isEmpty());
  }

  @Test
  void nothingButARestoreHappensToAnErasedAccount() {
    add(time -> new UserEvent.Erased(time, "asked for it"));

    assertImpossible(time -> new UserEvent.Erased(time, "twice"));
    assertImpossible(time -> new UserEvent.SendersForgotten(time, 0));
    assertImpossible(time -> new UserEvent.GroupJoined(time, new GroupId("%032x".formatted(1))));
    assertImpossible(
        time ->
            new UserEvent.Registered(
                time, bob.deviceList(1), bob.tokenHash("1"), bob.tokenHash("2")));
    restore(70);
    assertTrue(state.isErased());
    assertEquals(70, state.inbox().generations().newest());
  }

  @Test
  void nobodyWhoIsUnknownIsRestoredOrErased() {
    state = UserState.empty(bob.user);

    assertImpossible(time -> new UserEvent.Erased(time, "nobody"));
    assertImpossible(time -> restored(time, 70, state.inbox().head()));
  }

  @Test
  void aReasonIsShortTextOfOneLine() {
    new UserEvent.Erased(1, "é".repeat(UserEvent.Erased.REASON_MAX));
    for (String reason :
        List.of("", "a\nb", "a\u0000", "a\u0085b", "x".repeat(UserEvent.Erased.REASON_MAX + 1))) {
      assertThrows(IllegalArgumentException.class, () -> new UserEvent.Erased(1, reason));
    }
  }

  @Test
  void aSnapshotHoldsGenerationsAndErasure() throws NotSerializableException {
    restore(70);
    add(time -> new UserEvent.Erased(time, "asked for it"));
    var snapshots = new UserSnapshotSerializer();

    assertEquals(
        state,
        snapshots.fromBinary(snapshots.toBinary(state), UserSnapshotSerializer.VERSION));
  }
}

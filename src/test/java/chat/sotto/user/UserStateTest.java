package chat.sotto.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.persistence.typed.PersistenceId;
import chat.sotto.journal.BrokenChainException;
import chat.sotto.journal.Draft;
import chat.sotto.journal.HashChain;
import chat.sotto.journal.JournalEntry;
import chat.sotto.journal.TestClock;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Visibility;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.IOException;
import java.io.NotSerializableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** The pure state: what follows from events, and what it refuses to follow. */
class UserStateTest {
  private final TestClock clock = new TestClock();
  private final TestAccount bob = new TestAccount("bob");
  private final TestAccount alice = new TestAccount("alice");
  private final UserSnapshotSerializer snapshots = new UserSnapshotSerializer();

  private UserState with(UserState state, LongFunction<UserEvent> event) {
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    draft.add(event);
    return draft.state();
  }

  private UserState registered(int devices) {
    UserState state =
        with(
            UserState.empty(bob.user),
            time ->
                new UserEvent.Registered(
                    time,
                    bob.deviceList(devices),
                    TestAccount.digest("credentials"),
                    TestAccount.digest("vault")));
    return with(
        state,
        time ->
            new UserEvent.PrekeysPut(
                time, bob.device(1), false, TestAccount.statements(bob.prekeys(5))));
  }

  private UserState accepted(UserState state, TestAccount from, long n) {
    return with(
        state,
        time ->
            state.next(
                time,
                new DeviceAddress(from.user, from.device(1)),
                n,
                from.messageId(n),
                from.copiesTo(bob, state.devices().size(), n, 100),
                time));
  }

  private static LogPoint inboxItem(Point point) {
    return new LogPoint("inbox", "bob", 1, point.sequenceNr(), point.hash());
  }

  private static LogPoint groupItem(GroupId group) {
    return new LogPoint("group", group.value(), 1, 7, TestAccount.digest("entry"));
  }

  /** Without a step of the inbox's cursor. */
  private UserEvent.Acked acked(long time, LogPoint... items) {
    return new UserEvent.Acked(
        time,
        bob.device(1),
        List.of(items),
        Bytes.EMPTY,
        time,
        Optional.empty(),
        Optional.empty());
  }

  private UserEvent.Acked acked(long time, Point point, long journalNr, long total) {
    LogPoint item = inboxItem(point);
    return new UserEvent.Acked(
        time,
        bob.device(1),
        List.of(item),
        Bytes.EMPTY,
        time,
        Optional.of(journalNr),
        Optional.of(total));
  }

  private UserEvent given(long time, long prekeyId) {
    return new UserEvent.PrekeyGiven(
        time, bob.device(1), prekeyId, alice.user, alice.device(1));
  }

  @Test
  void isNamedAsTheEntityIs() {
    assertEquals(
        PersistenceId.of(User.ENTITY_KEY.name(), "bob").id(), UserState.entity(bob.user));
  }

  @Test
  void refusesAnEntryThatDoesNotFollowTheLastOne() {
    UserState state = registered(1);
    Bytes event = UserEvent.CODEC.encode(new UserEvent.SignedOut(Long.MAX_VALUE, bob.device(1)));

    assertThrows(
        BrokenChainException.class,
        () -> state.apply(new JournalEntry(HashChain.START, event)));
    state.apply(new JournalEntry(state.chain().head(), event));
  }

  @Test
  void refusesWhatCannotHaveHappened() {
    UserState state = accepted(registered(1), alice, 1);
    Point head = state.inbox().head();
    long nr = state.chain().sequenceNr();
    Point beyond = new Point(2, head.hash());
    Point forged = new Point(1, TestAccount.digest("forged"));

    assertImpossible(state, time -> new UserEvent.SignedOut(state.time(), bob.device(1)));
    assertImpossible(state, time -> new UserEvent.SignedOut(time, bob.device(9)));
    assertImpossible(
        state,
        time -> new UserEvent.Registered(time, bob.deviceList(1), Bytes.EMPTY, Bytes.EMPTY));
    assertImpossible(
        UserState.empty(bob.user), time -> new UserEvent.SignedOut(time, bob.device(1)));
    assertImpossible(
        UserState.empty(bob.user),
        time -> new UserEvent.Registered(time, alice.deviceList(1), Bytes.EMPTY, Bytes.EMPTY));
    assertImpossible(state, time -> acked(time, beyond, nr, 100));
    assertImpossible(state, time -> acked(time, forged, nr, 100));
    UserState past = with(state, time -> acked(time, head, nr, 100));
    assertImpossible(past, time -> acked(time, head, nr, 100));
    assertImpossible(
        state, time -> new UserEvent.DeviceCutOff(time, bob.device(1), forged));
    assertImpossible(state, time -> given(time, 1));
    var group = new GroupId("%032x".formatted(1));
    assertImpossible(state, time -> new UserEvent.GroupLeft(time, group));
    UserState joined = with(state, time -> new UserEvent.GroupJoined(time, group));
    assertImpossible(joined, time -> new UserEvent.GroupJoined(time, group));
    assertImpossible(state, time -> acked(time, groupItem(group)));
    assertImpossible(joined, time -> acked(time, inboxItem(head)));
    assertImpossible(joined, time -> acked(time));
    UserEvent again =
        registered(1)
            .next(
                state.time() + 1,
                new DeviceAddress(alice.user, alice.device(1)),
                1,
                alice.messageId(1),
                alice.copiesTo(bob, 1, 1, 1),
                0);
    assertImpossible(state, time -> again);
  }

  private void assertImpossible(UserState state, LongFunction<UserEvent> event) {
    assertThrows(IllegalStateException.class, () -> with(state, event));
  }

  @Test
  void aPrekeyIsGivenOnceWhateverAnEventSays() {
    UserState state = registered(1);
    assertImpossible(with(state, time -> given(time, 2)), time -> given(time, 2));
  }

  @Test
  void doesNotGrowWithWhatWaits() {
    UserState state = registered(2);
    for (long n = 1; n <= 40; n++) {
      state = accepted(state, alice, n);
    }
    int size = snapshots.toBinary(state).length;
    for (long n = 41; n <= 2_000; n++) {
      state = accepted(state, alice, n);
    }

    assertTrue(snapshots.toBinary(state).length < size + 500);
    assertEquals(2_000, state.inbox().head().sequenceNr());
  }

  @Test
  void aSnapshotHoldsTheWholeState() throws NotSerializableException {
    UserState state = registered(2);
    state = accepted(state, alice, 1);
    state = accepted(state, new TestAccount("carol"), 1);
    UserState waiting = state;
    state = with(state, time -> acked(time, waiting.inbox().head(), 4, 200));
    state = with(state, time -> new UserEvent.VisibilitySet(time, Visibility.NOBODY));
    state =
        with(
            state,
            time -> new UserEvent.SignedIn(time, bob.device(1), bob.tokenHash("t"), time));
    state = with(state, time -> given(time, 2));
    var group = new GroupId("%032x".formatted(1));
    state = with(state, time -> new UserEvent.GroupJoined(time, group));
    state = with(state, time -> acked(time, groupItem(group)));
    UserState cut = state;
    state =
        with(state, time -> new UserEvent.DeviceCutOff(time, bob.device(2), cut.inbox().head()));

    Object restored = snapshots.fromBinary(snapshots.toBinary(state), snapshots.manifest(state));

    assertEquals(state, restored);
    assertEquals(
        accepted(state, alice, 2), accepted((UserState) restored, alice, 2));
    assertEquals(
        UserState.empty(bob.user),
        snapshots.fromBinary(
            snapshots.toBinary(UserState.empty(bob.user)), UserSnapshotSerializer.VERSION));
  }

  @Test
  void aSnapshotOfAnotherVersionOrFormIsNotRead() throws IOException {
    byte[] unknown = new CBORMapper().writeValueAsBytes(Map.of("later", 1));
    byte[] snapshot = snapshots.toBinary(registered(1));

    assertThrows(
        NotSerializableException.class, () -> snapshots.fromBinary(snapshot, "user-state-0"));
    assertThrows(
        NotSerializableException.class,
        () -> snapshots.fromBinary(unknown, UserSnapshotSerializer.VERSION));
    byte[] nothing = new CBORMapper().writeValueAsBytes(null);
    assertThrows(
        NotSerializableException.class,
        () -> snapshots.fromBinary(nothing, UserSnapshotSerializer.VERSION));
  }

  @Test
  void namesTheBodiesOfPrekeysThatMayStillBeWanted() {
    UserState state = registered(1);
    UserState given = with(state, time -> given(time, 2));

    assertEquals(6, KeptBodies.prekeys(state).size());
    assertEquals(KeptBodies.prekeys(state), KeptBodies.prekeys(given));
    clock.advance(Duration.ofDays(1).plusSeconds(1));
    UserState later =
        with(
            given,
            time ->
                new UserEvent.PrekeyGiven(time, bob.device(1), 3, alice.user, alice.device(2)));
    assertEquals(5, KeptBodies.prekeys(later).size());
  }
}

package chat.sotto.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.persistence.typed.PersistenceId;
import chat.sotto.journal.BrokenChainException;
import chat.sotto.journal.HashChain;
import chat.sotto.journal.JournalEntry;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.Point;
import chat.sotto.model.TestContents;
import chat.sotto.model.TestPerson;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.IOException;
import java.io.NotSerializableException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The pure state: what follows from events, and what it refuses to follow. */
class GroupStateTest {
  private static final long TIME = 1_700_000_000_000L;

  private final GroupId id = new GroupId("%032x".formatted(9));
  private final TestPerson alice = new TestPerson("alice");
  private final TestPerson bob = new TestPerson("bob");
  private final GroupSnapshotSerializer snapshots = new GroupSnapshotSerializer();

  private static GroupEvent.Signed event(GroupState state, TestPerson by, GroupContent content) {
    long number = state.head().sequenceNr() + 1;
    return event(state, by, number, TIME + number, content);
  }

  private static GroupEvent.Signed event(
      GroupState state, TestPerson by, long messageNr, long time, GroupContent content) {
    var signer =
        new GroupStatements.Signer(
            state.group(), by.user, by.device(1), by.messageId(messageNr));
    boolean isCommit = content instanceof GroupContent.Commit;
    Optional<Bytes> seed =
        isCommit ? Optional.of(TestPerson.digest("seed")) : Optional.empty();
    Group.Bodies bodies =
        isCommit
            ? TestAppends.commitBodies(signer.messageId(), List.of())
            : content instanceof GroupContent.Post
                ? new Group.PostBody("body-" + messageNr, 300, TIME)
                : new Group.NoBodies();
    return GroupEvent.Signed.of(state.next(time, signer, content, seed), bodies);
  }

  private static GroupState applied(GroupState state, GroupEvent event) {
    return state.apply(new JournalEntry(state.chain().head(), GroupEvent.CODEC.encode(event)));
  }

  private static GroupState with(GroupState state, TestPerson by, GroupContent content) {
    return applied(state, event(state, by, content));
  }

  private GroupState founded() {
    return with(GroupState.empty(id), alice, TestContents.create(id, alice));
  }

  private static GroupState posted(GroupState state, TestPerson by) {
    return with(state, by, post(state, by));
  }

  private static GroupContent.Post post(GroupState state, TestPerson by) {
    return TestContents.post(
        state.membership(), state.head(), state.expectedCounter(by.device(1)));
  }

  private GroupState withBob(GroupState state) {
    GroupState invited =
        with(
            state,
            alice,
            TestContents.change(state.membership(), state.head(), TestContents.invite(bob)));
    return with(
        invited, bob, TestContents.confirm(invited.membership(), invited.head(), alice));
  }

  @Test
  void isNamedAsTheEntityIs() {
    assertEquals(
        PersistenceId.of(Group.ENTITY_KEY.name(), id.value()).id(), GroupState.entity(id));
  }

  @Test
  void refusesAnEntryThatDoesNotFollowTheLastOne() {
    GroupState state = founded();
    Bytes event = GroupEvent.CODEC.encode(event(state, alice, post(state, alice)));

    assertThrows(
        BrokenChainException.class,
        () -> state.apply(new JournalEntry(HashChain.START, event)));
    state.apply(new JournalEntry(state.chain().head(), event));
  }

  @Test
  void refusesWhatCannotHaveHappened() {
    GroupState state = withBob(founded());
    GroupState other = posted(state, bob);

    // Of another place of the log, or at another time.
    assertImpossible(state, event(other, alice, post(other, alice)));
    assertImpossible(state, event(state, alice, 9, state.time(), post(state, alice)));
    assertImpossible(GroupState.empty(id), event(state, alice, post(state, alice)));
    // Against the rules.
    assertImpossible(state, event(state, new TestPerson("carol"), post(state, alice)));
    assertImpossible(
        state,
        event(
            state,
            bob,
            TestContents.change(
                state.membership(), state.head(), new GroupOp.Remove(alice.user))));
    assertImpossible(
        state, event(state, alice, TestContents.post(state.membership(), state.head(), 2)));
    var forged = new Point(state.head().sequenceNr(), TestPerson.digest("forged"));
    assertImpossible(
        state, event(state, alice, TestContents.post(state.membership(), forged, 1)));
    assertImpossible(
        state,
        event(
            state, alice, TestContents.proposal(state.head(), new GroupProposal.Leave())));
  }

  @Test
  void refusesAHashThatDoesNotFollow() {
    GroupState state = founded();
    GroupEntry right = event(state, alice, post(state, alice)).entry();
    assertImpossible(
        state,
        GroupEvent.Signed.of(
            right.with(TestPerson.digest("another")), new Group.PostBody("body", 300, TIME)));
  }

  private void assertImpossible(GroupState state, GroupEvent event) {
    assertThrows(IllegalStateException.class, () -> applied(state, event));
  }

  @Test
  void doesNotGrowWithTheLog() {
    GroupState state = withBob(founded());
    while (state.head().sequenceNr() < 300) {
      state = posted(state, bob);
    }
    int size = snapshots.toBinary(state).length;
    while (state.head().sequenceNr() < 2_000) {
      state = posted(state, state.head().sequenceNr() % 2 == 0 ? alice : bob);
    }
    while (state.head().sequenceNr() < 2_020) {
      state =
          with(state, alice, TestContents.change(state.membership(), state.head()));
    }

    assertTrue(snapshots.toBinary(state).length < size + 2_000);
    assertEquals(2_020, state.head().sequenceNr());
  }

  @Test
  void looksForARepeatAtTheSameCostHoweverManyEntriesHaveItsId() {
    GroupState state = founded();
    while (state.recent().size() < GroupState.RECENT_MAX) {
      long time = TIME + state.head().sequenceNr() + 1;
      state = applied(state, event(state, alice, 1, time, post(state, alice)));
    }
    var signer =
        new GroupStatements.Signer(id, alice.user, alice.device(1), alice.messageId(1));
    GroupContent other = TestContents.change(state.membership(), state.head());

    assertEquals(Optional.empty(), state.repeated(signer, other));
    long one = allocatedBy(() -> Recent.sent(signer, other));
    GroupState last = state;
    long all = allocatedBy(() -> assertTrue(last.repeated(signer, other).isEmpty()));
    assertTrue(all < 20 * one, all + " bytes allocated, by one digest " + one);
  }

  /** What a computation costs, independent of how busy the machine is. */
  private static long allocatedBy(Runnable computation) {
    computation.run();
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    computation.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void aSnapshotHoldsTheWholeState() throws NotSerializableException {
    var carol = new TestPerson("carol");
    GroupState state = posted(withBob(founded()), bob);
    state =
        with(
            state,
            alice,
            TestContents.change(
                state.membership(), state.head(), TestContents.invite(carol)));
    state = posted(state, alice);
    state =
        with(state, bob, TestContents.proposal(state.head(), new GroupProposal.Rekey()));
    state =
        with(
            state,
            bob,
            TestContents.proposal(
                state.head(), new GroupProposal.Devices(bob.deviceList(2, 2))));
    state =
        with(state, carol, TestContents.proposal(state.head(), new GroupProposal.Decline()));

    GroupState restored =
        (GroupState) snapshots.fromBinary(snapshots.toBinary(state), snapshots.manifest(state));

    assertEquals(state, restored);
    var commit =
        TestContents.change(
            state.membership(),
            state.head(),
            new GroupOp.Decline(carol.user),
            new GroupOp.Devices(bob.user, bob.deviceList(2, 2)),
            new GroupOp.Rekey(bob.user, bob.device(1)));
    assertEquals(with(state, bob, commit), with(restored, bob, commit));
    GroupState empty = GroupState.empty(id);
    assertEquals(
        empty,
        snapshots.fromBinary(snapshots.toBinary(empty), GroupSnapshotSerializer.VERSION));
  }

  @Test
  void aSnapshotOfAnotherVersionOrFormIsNotRead() throws IOException {
    byte[] unknown = new CBORMapper().writeValueAsBytes(Map.of("later", 1));
    byte[] snapshot = snapshots.toBinary(founded());

    assertThrows(
        NotSerializableException.class, () -> snapshots.fromBinary(snapshot, "group-state-0"));
    assertThrows(
        NotSerializableException.class,
        () -> snapshots.fromBinary(unknown, GroupSnapshotSerializer.VERSION));
    byte[] nothing = new CBORMapper().writeValueAsBytes(null);
    assertThrows(
        NotSerializableException.class,
        () -> snapshots.fromBinary(nothing, GroupSnapshotSerializer.VERSION));
  }

  @Test
  void anEventOfTheJournalIsAnEntryUnderItsOwnNumberOnly() {
    GroupState state = founded();
    GroupEvent.Signed event = event(state, alice, post(state, alice));
    var stored = new JournalEntry(state.chain().head(), GroupEvent.CODEC.encode(event));

    assertEquals(GroupLogEntry.OfDevice.of(event), GroupLogEntry.of(id, 2, stored));
    assertThrows(IllegalArgumentException.class, () -> GroupLogEntry.of(id, 3, stored));
  }
}

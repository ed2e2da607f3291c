package chat.sotto.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.Ed25519;
import chat.sotto.journal.JournalEntry;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Restored;
import chat.sotto.model.TestContents;
import chat.sotto.model.TestPerson;
import java.io.NotSerializableException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A group's log after its server was restored from a copy. */
class RestoredGroupStateTest {
  private static final Ed25519.SigningKey SERVER_KEY =
      Ed25519.fromSeed(TestPerson.digest("server").toArray());
  private static final long TIME = 1_700_000_000_000L;

  private final GroupId id = new GroupId("%032x".formatted(9));
  private final TestPerson alice = new TestPerson("alice");
  private GroupState state = GroupState.empty(id);
  private long time = TIME;

  @BeforeEach
  void aliceMakesTheGroupAndPosts() {
    append(TestContents.create(id, alice));
    append(TestContents.post(state.membership(), state.head(), 1));
  }

  private void append(GroupContent content) {
    state = after(signed(content));
  }

  private GroupEvent signed(GroupContent content) {
    time++;
    var signer =
        new GroupStatements.Signer(id, alice.user, alice.device(1), alice.messageId(time));
    boolean isCommit = content instanceof GroupContent.Commit;
    Optional<Bytes> seed =
        isCommit ? Optional.of(TestPerson.digest("seed")) : Optional.empty();
    Group.Bodies bodies =
        isCommit
            ? TestAppends.commitBodies(signer.messageId(), List.of())
            : new Group.PostBody("body-" + time, 300, TIME);
    return GroupEvent.Signed.of(state.next(time, signer, content, seed), bodies);
  }

  private GroupState after(GroupEvent event) {
    return state.apply(new JournalEntry(state.chain().head(), GroupEvent.CODEC.encode(event)));
  }

  private GroupEvent.Restored restored(long generation, Point previous) {
    time++;
    return GroupEvent.Restored.of(
        Restored.sign(
            SERVER_KEY, TestPerson.HOST, LogPoint.GROUP, id.value(), generation, previous, time,
            TIME));
  }

  private void restore(long generation) {
    state = after(restored(generation, state.head()));
  }

  private void assertImpossible(GroupEvent event) {
    assertThrows(IllegalStateException.class, () -> after(event));
  }

  private GroupContent.Commit reset() {
    return TestContents.commit(
        state.membership(), state.head(), GroupContent.Kind.RESET, List.of());
  }

  @Test
  void takesNothingButAReset() {
    restore(70);

    assertEquals(3, state.head().sequenceNr());
    assertImpossible(signed(TestContents.post(state.membership(), state.head(), 2)));
    assertImpossible(signed(TestContents.change(state.membership(), state.head())));
    append(reset());
    assertFalse(state.membership().awaitsReset());
    append(TestContents.post(state.membership(), state.head(), 1));
    assertEquals(
        List.of(1L, 1L, 70L, 70L),
        List.of(0L, 2L, 3L, 5L).stream().map(state.generations()::at).toList());
  }

  @Test
  void onlyWhatFollowsTheHeadInANewGenerationIsARestore() {
    Point head = state.head();
    assertImpossible(restored(70, new Point(head.sequenceNr(), TestPerson.digest("other"))));
    assertImpossible(restored(70, new Point(head.sequenceNr() - 1, head.hash())));
    GroupEvent.Restored right = restored(70, head);
    assertImpossible(
        new GroupEvent.Restored(
            right.time(), 71, right.previous(), right.copyTime(), right.signature(),
            right.hash()));
    restore(70);
    assertImpossible(restored(70, state.head()));
  }

  @Test
  void aGroupThatTheCopyDidNotHoldIsNotRestored() {
    state = GroupState.empty(id);

    assertImpossible(restored(70, state.head()));
  }

  @Test
  void whatWasTakenBeforeTheCopyIsStillKnownAsRepeated() {
    var signer =
        new GroupStatements.Signer(id, alice.user, alice.device(1), alice.messageId(time));
    GroupContent post =
        TestContents.post(state.membership(), new Point(1, state.recent().get(0).hash()), 1);
    restore(70);

    assertEquals(2, state.repeated(signer, post).orElseThrow().sequenceNr());
  }

  @Test
  void aSnapshotHoldsTheGenerationsAndThatAResetIsAwaited() throws NotSerializableException {
    restore(70);
    var snapshots = new GroupSnapshotSerializer();

    assertTrue(state.membership().awaitsReset());
    assertEquals(
        state,
        snapshots.fromBinary(snapshots.toBinary(state), GroupSnapshotSerializer.VERSION));
  }
}

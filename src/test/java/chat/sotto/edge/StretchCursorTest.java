package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.group.Group;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.Point;
import chat.sotto.model.UserName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StretchCursorTest {
  private static final UserName BOB = new UserName("bob");
  private static final UserName CAROL = new UserName("carol");
  private static final Bytes HASH = Bytes.of(new byte[32]);
  private static final Bytes SIGNATURE = Bytes.of(new byte[64]);

  private final StretchCursor cursor = new StretchCursor(BOB);

  private static Point at(long nr) {
    return new Point(nr, HASH);
  }

  private static Group.Stretch closed(long start, long end) {
    return new Group.Stretch(
        at(start), Optional.of("attempt"), Optional.empty(), Optional.of(end));
  }

  private static Group.Stretch open(long start) {
    return new Group.Stretch(
        at(start), Optional.of("attempt"), Optional.empty(), Optional.empty());
  }

  private static GroupEntry entry(long nr, UserName from, GroupContent content) {
    return new GroupEntry(
        nr,
        nr,
        from,
        new DeviceId("00".repeat(16)),
        Bytes.of(new byte[16]),
        content,
        content instanceof GroupContent.Commit ? Optional.of(HASH) : Optional.empty(),
        HASH);
  }

  private static GroupContent commit(GroupOp op) {
    return new GroupContent.Commit(
        1,
        GroupContent.Kind.CHANGE,
        List.of(op),
        HASH,
        at(1),
        HASH,
        HASH,
        HASH,
        SIGNATURE);
  }

  @Test
  void aCursorInsideOrAtTheEndOfAStretchGoesOnThere() {
    cursor.onAttached(List.of(closed(3, 7), open(9)));
    assertTrue(cursor.resume(at(4)));
    assertEquals(Optional.of(closed(3, 7)), cursor.current());
    assertTrue(cursor.resume(at(7)));
    assertTrue(cursor.isOver(7));
    assertEquals(Optional.of(open(9)), cursor.next());
    assertTrue(cursor.resume(at(10)));
    assertEquals(Optional.of(open(9)), cursor.current());
    assertEquals(Optional.empty(), cursor.next());
  }

  @Test
  void aCursorBeforeOrBetweenStretchesBeginsTheNext() {
    cursor.onAttached(List.of(closed(3, 7), open(9)));
    assertFalse(cursor.resume(at(3)));
    assertFalse(cursor.resume(at(8)));
    assertEquals(Optional.of(closed(3, 7)), cursor.firstAfter(0));
    assertEquals(Optional.of(open(9)), cursor.firstAfter(8));
    assertEquals(Optional.of(open(9)), cursor.firstAfter(7));
  }

  @Test
  void aDeviceWithoutACursorBeginsTheNewest() {
    assertEquals(Optional.empty(), cursor.newest());
    cursor.onAttached(List.of(closed(3, 7), closed(9, 12)));
    assertEquals(Optional.of(closed(9, 12)), cursor.newest());
    cursor.onAttached(List.of(closed(3, 7), open(9)));
    assertEquals(Optional.of(open(9)), cursor.newest());
  }

  @Test
  void nothingBeyondTheEndIsWithin() {
    cursor.onAttached(List.of(closed(3, 7), open(9)));
    cursor.enter(closed(3, 7));
    assertEquals(7, cursor.limit(20));
    assertTrue(cursor.isWithin(7));
    assertFalse(cursor.isWithin(8));
    assertFalse(cursor.isWithin(10));
    cursor.enter(open(9));
    assertEquals(20, cursor.limit(20));
    assertTrue(cursor.isWithin(21));
  }

  @Test
  void whatEndsTheStretchIsSeenInTheEntries() {
    Stream.of(
            entry(5, CAROL, commit(new GroupOp.Remove(BOB))),
            entry(5, CAROL, commit(new GroupOp.Timeout(BOB))),
            entry(5, CAROL, commit(new GroupOp.Leave(BOB))),
            entry(5, CAROL, commit(new GroupOp.Decline(BOB))),
            entry(5, BOB, proposal(new GroupProposal.Leave())),
            entry(5, BOB, proposal(new GroupProposal.Decline())))
        .forEach(
            end -> {
              var one = new StretchCursor(BOB);
              one.onAttached(List.of(open(3)));
              one.enter(open(3));
              one.onPushed(end);
              assertTrue(one.isOver(5), () -> end.content().toString());
              assertFalse(one.isOpen());
              assertEquals(5, one.limit(9));
            });
  }

  @Test
  void whatConcernsOthersEndsNothing() {
    cursor.onAttached(List.of(open(3)));
    cursor.enter(open(3));
    cursor.onPushed(entry(5, BOB, commit(new GroupOp.Remove(CAROL))));
    cursor.onPushed(entry(6, CAROL, proposal(new GroupProposal.Leave())));
    cursor.onPushed(entry(7, BOB, proposal(new GroupProposal.Rekey())));
    assertTrue(cursor.isOpen());
    assertFalse(cursor.isOver(7));
  }

  @Test
  void postsAreReadableAfterTheOwnConfirmation() {
    cursor.onAttached(List.of(open(3)));
    cursor.enter(open(3));
    cursor.onPushed(entry(4, CAROL, confirm()));
    assertFalse(cursor.isReadable(9));
    cursor.onPushed(entry(5, BOB, confirm()));
    assertFalse(cursor.isReadable(4));
    assertFalse(cursor.isReadable(5));
    assertTrue(cursor.isReadable(6));
  }

  @Test
  void whatTheGroupTellsAgainTakesThePlaceOfWhatWasKnown() {
    cursor.onAttached(List.of(open(3)));
    cursor.enter(open(3));
    cursor.onAttached(List.of(closed(3, 7), open(9)));
    assertEquals(7, cursor.limit(20));
    assertEquals(Optional.of(open(9)), cursor.next());
  }

  @Test
  void aStretchThatTheGroupForgotIsOver() {
    cursor.onAttached(List.of(open(3)));
    cursor.enter(open(3));
    cursor.onAttached(List.of(closed(9, 12), open(15)));
    assertTrue(cursor.isOver(5));
    assertFalse(cursor.isWithin(6));
    assertEquals(Optional.of(closed(9, 12)), cursor.next());
  }

  private static GroupContent proposal(GroupProposal op) {
    return new GroupContent.Proposal(op, at(1), SIGNATURE);
  }

  private static GroupContent confirm() {
    return new GroupContent.Confirm(1, at(1), CAROL, HASH, SIGNATURE);
  }
}

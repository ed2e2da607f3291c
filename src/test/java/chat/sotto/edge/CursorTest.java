package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.Entry;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.UserName;
import chat.sotto.user.InboxEntry;
import chat.sotto.user.Position;
import chat.sotto.user.StoredCopy;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CursorTest {
  private static final DeviceId DEVICE = new DeviceId("00".repeat(16));
  private static final UserName ALICE = new UserName("alice");
  private final Cursor<InboxEntry> cursor = new Cursor<>(new InboxPush.Log(DEVICE), 3);

  private static Bytes hash(long n) {
    var bytes = new byte[32];
    bytes[0] = (byte) n;
    return Bytes.of(bytes);
  }

  /** Entry n is event 10 + n. */
  private static InboxEntry entry(long n) {
    var entry =
        new Entry(n, n, Entry.MESSAGE, ALICE, DEVICE, Bytes.of(new byte[16]), List.of(), hash(n));
    var copy = new StoredCopy(DEVICE, "body-" + n, 5, hash(n), 5 * n);
    return new InboxEntry.OfDevice(10 + n, entry, List.of(copy), Long.MAX_VALUE);
  }

  private static Position at(long n) {
    return new Position(new Point(n, hash(n)), 10 + n, 5 * n);
  }

  private static LogPoint point(long n) {
    return new LogPoint(LogPoint.INBOX, "bob", 1, n, hash(n));
  }

  private Cursor.ReadBody<InboxEntry> readBody() {
    if (cursor.next(7) instanceof Cursor.ReadBody<InboxEntry> read) {
      return read;
    }
    throw new AssertionError("no body is to be read");
  }

  private void push(long n) {
    Cursor.ReadBody<InboxEntry> body = readBody();
    assertEquals(n, body.entry().point().sequenceNr());
    assertTrue(cursor.onBody(body.round(), body.entry(), 7));
  }

  private void answerRead(long first, long last) {
    var read = assertInstanceOf(Cursor.ReadEntries.class, cursor.next(7));
    assertWaits();
    List<InboxEntry> entries =
        LongStream.rangeClosed(first, last).mapToObj(CursorTest::entry).toList();
    cursor.onEntries(read.round(), 10 + last, entries);
  }

  private void assertWaits() {
    assertInstanceOf(Cursor.Wait.class, cursor.next(7));
  }

  private void assertCaughtUp(long n) {
    assertEquals(new Cursor.SayCaughtUp<InboxEntry>(new Point(n, hash(n))), cursor.next(7));
  }

  @Test
  void doesNothingBeforeItIsAttached() {
    assertWaits();
    cursor.onAppended(entry(1));
    assertWaits();
    assertInstanceOf(Cursor.Refused.class, cursor.check(point(1)));
  }

  @Test
  void readsTheBacklogThenSaysSoOnceThenFollowsHints() {
    cursor.onAttached(at(4), at(6), false);
    answerRead(5, 6);
    push(5);
    push(6);
    assertCaughtUp(6);
    assertWaits();
    cursor.onAppended(entry(7));
    push(7);
    assertWaits();
  }

  @Test
  void lostAndRepeatedHintsLoseAndRepeatNothing() {
    cursor.onAttached(at(0), at(0), false);
    assertCaughtUp(0);
    cursor.onAppended(entry(1));
    cursor.onAppended(entry(1));
    push(1);
    cursor.onAppended(entry(1));
    cursor.onAppended(entry(3));
    answerRead(2, 3);
    push(2);
    push(3);
    assertWaits();
  }

  @Test
  void hintsThatComeWhileTheJournalIsReadAreReadToo() {
    cursor.onAttached(at(0), at(1), false);
    var read = assertInstanceOf(Cursor.ReadEntries.class, cursor.next(7));
    cursor.onAppended(entry(2));
    cursor.onEntries(read.round(), 11, List.of(entry(1)));
    push(1);
    answerRead(2, 2);
    push(2);
    assertCaughtUp(2);
  }

  @Test
  void eventsThatAreNoEntriesAreSkipped() {
    cursor.onAttached(at(2), new Position(new Point(2, hash(2)), 20, 10), false);
    var read = assertInstanceOf(Cursor.ReadEntries.class, cursor.next(7));
    assertEquals(List.of(12L, 20L), List.of(read.after(), read.upTo()));
    cursor.onEntries(read.round(), 20, List.of());
    assertCaughtUp(2);
  }

  @Test
  void stopsAtTheMostThatMayBeInFlightUntilSomethingIsAcknowledged() {
    cursor.onAttached(at(0), at(5), false);
    answerRead(1, 5);
    push(1);
    push(2);
    push(3);
    assertWaits();
    var accepted = assertInstanceOf(Cursor.Accepted.class, cursor.check(point(2)));
    assertEquals(at(2), accepted.upTo().position());
    assertEquals(7, accepted.upTo().pushedAt());
    assertEquals(List.of("body-1", "body-2"), cursor.onAcknowledged(accepted.upTo()));
    push(4);
    push(5);
    assertCaughtUp(5);
  }

  @Test
  void knowsWhatItPushedFromWhatItDidNot() {
    cursor.onAttached(at(3), at(5), false);
    assertInstanceOf(Cursor.Repeated.class, cursor.check(point(3)));
    answerRead(4, 5);
    push(4);
    assertInstanceOf(Cursor.Refused.class, cursor.check(point(5)));
    assertInstanceOf(Cursor.Repeated.class, cursor.check(point(2)));
    var otherHash = new LogPoint(LogPoint.INBOX, "bob", 1, 4, hash(9));
    assertInstanceOf(Cursor.Refused.class, cursor.check(otherHash));
    var accepted = assertInstanceOf(Cursor.Accepted.class, cursor.check(point(4)));
    cursor.onAcknowledged(accepted.upTo());
    assertInstanceOf(Cursor.Repeated.class, cursor.check(point(4)));
    assertInstanceOf(Cursor.Repeated.class, cursor.check(point(3)));
  }

  @Test
  void afterTheEntityStoppedItGoesOnFromWhatItPushed() {
    cursor.onAttached(at(0), at(2), false);
    answerRead(1, 2);
    push(1);
    push(2);
    assertCaughtUp(2);
    cursor.onAttached(at(0), at(4), false);
    answerRead(3, 4);
    push(3);
    assertInstanceOf(Cursor.Accepted.class, cursor.check(point(1)));
  }

  @Test
  void aCutOffDropsWhatWasBeforeItAndIsSaid() {
    cursor.onAttached(at(0), at(6), false);
    answerRead(1, 6);
    push(1);
    Cursor.ReadBody<InboxEntry> late = readBody();
    cursor.onCutOff(at(4));
    assertFalse(cursor.onBody(late.round(), late.entry(), 7));
    assertEquals(new Cursor.SayCutOff<InboxEntry>(new Point(4, hash(4))), cursor.next(7));
    answerRead(5, 6);
    push(5);
    assertInstanceOf(Cursor.Repeated.class, cursor.check(point(1)));
    var accepted = assertInstanceOf(Cursor.Accepted.class, cursor.check(point(4)));
    assertEquals(List.of(), cursor.onAcknowledged(accepted.upTo()));
    assertInstanceOf(Cursor.Repeated.class, cursor.check(point(4)));
  }

  @Test
  void aCutOffBehindWhatWasPushedChangesNothing() {
    cursor.onAttached(at(0), at(2), false);
    answerRead(1, 2);
    push(1);
    push(2);
    cursor.onCutOff(at(1));
    assertCaughtUp(2);
  }

  @Test
  void aDeviceThatWasCutOffWhileAwayIsToldFirst() {
    cursor.onAttached(at(9), at(9), true);
    assertInstanceOf(Cursor.Refused.class, cursor.check(point(9)));
    assertEquals(new Cursor.SayCutOff<InboxEntry>(new Point(9, hash(9))), cursor.next(7));
    assertCaughtUp(9);
    var accepted = assertInstanceOf(Cursor.Accepted.class, cursor.check(point(9)));
    assertEquals(at(9), accepted.upTo().position());
  }

  @Test
  void thePageBeforeTheFirstPushIsSmallHoweverLongTheBacklog() {
    long head = 10 * InboxPush.READ_MAX;
    cursor.onAttached(at(0), at(head), false);
    long first = 10;
    assertEquals(
        new Cursor.ReadEntries<InboxEntry>(1, first, first + InboxPush.READ_MAX), cursor.next(7));
  }

  @Test
  void aLongBacklogIsReadInPages() {
    cursor.onAttached(at(0), at(4), false);
    answerRead(1, 2);
    push(1);
    push(2);
    assertEquals(new Cursor.ReadEntries<InboxEntry>(1, 12, 14), cursor.next(7));
  }

  @Test
  void movedBackItPushesAgainAndIsAcknowledgedAgain() {
    cursor.onAttached(at(0), at(3), false);
    answerRead(1, 3);
    push(1);
    push(2);
    push(3);
    assertCaughtUp(3);
    var all = assertInstanceOf(Cursor.Accepted.class, cursor.check(point(3)));
    cursor.onAcknowledged(all.upTo());
    cursor.moveTo(at(1), 13);
    assertInstanceOf(Cursor.Refused.class, cursor.check(point(3)));
    answerRead(2, 3);
    push(2);
    push(3);
    assertCaughtUp(3);
    var again = assertInstanceOf(Cursor.Accepted.class, cursor.check(point(3)));
    assertEquals(List.of("body-2", "body-3"), cursor.onAcknowledged(again.upTo()));
  }

  @Test
  void movedOnItStillKnowsWhatWasPushedBefore() {
    cursor.moveTo(at(0), 12);
    answerRead(1, 2);
    push(1);
    push(2);
    cursor.moveTo(at(6), 17);
    answerRead(7, 7);
    assertInstanceOf(Cursor.Accepted.class, cursor.check(point(2)));
    push(7);
    assertInstanceOf(Cursor.Refused.class, cursor.check(point(6)));
    assertInstanceOf(Cursor.Accepted.class, cursor.check(point(7)));
  }
}

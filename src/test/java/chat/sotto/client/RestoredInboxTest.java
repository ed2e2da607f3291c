package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.Ed25519;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.Restored;
import chat.sotto.protocol.FrameCodec;
import chat.sotto.protocol.FrameException;
import chat.sotto.protocol.ServerFrame.CaughtUp;
import chat.sotto.protocol.ServerFrame.CutOff;
import chat.sotto.protocol.ServerFrame.EntryPush;
import chat.sotto.protocol.ServerFrame.RestoredPush;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An inbox whose server was restored from a copy, and one whose server only says so. */
class RestoredInboxTest {
  private static final long LATER = 1_764_000_000;
  private static final long MINUTE = 60_000;

  @TempDir Path folder;
  private Party alice;
  private Party bob;
  private final List<EntryPush> inbox = new ArrayList<>();
  private PostOffice copy;

  /** Bob has taken three entries; the copy was made after the first two. */
  @BeforeEach
  void makeParties() {
    alice = new Party("alice", folder);
    bob = new Party("bob", folder);
    say("one");
    say("two");
    copy = bob.inbox().copy();
    say("three");
    inbox.forEach(bob::receive);
  }

  @AfterEach
  void closeParties() {
    alice.close();
    bob.close();
  }

  private Bytes say(String text) {
    Bytes id = alice.write(bob, text);
    inbox.add(alice.send(bob));
    return id;
  }

  private Point point(int number) {
    return new Point(number, inbox.get(number - 1).hash());
  }

  private RestoredPush restore(long generation) {
    RestoredPush push = bob.inbox().restore(copy, generation);
    bob.signIn(generation, point(1), push.entry().point());
    return push;
  }

  @Test
  void restoredServerIsToldOnceAndTheChainGoesOn() {
    RestoredPush push = restore(LATER);
    bob.receive(inbox.get(1));
    Restoring.Outcome outcome = bob.receive(push);
    assertEquals(
        Optional.of(new ClientEvent.ServerRestored(push.copyTime(), 1)), outcome.told());
    assertEquals(push.entry().point(), bob.head());
    bob.receive(alice.say(bob, "four"));
    assertEquals(List.of("one", "two", "three", "four"), bob.texts(alice));
    // Before the acknowledgement came, the connection was lost.
    bob.signIn(LATER, point(1), bob.head());
    bob.receive(inbox.get(1));
    assertEquals(Optional.empty(), bob.receive(push).told());
    assertEquals(4, bob.head().sequenceNr());
    reached(LATER, bob.head());
  }

  @Test
  void whatTheDeviceHadNotSeenIsTakenBeforeItGoesOn() {
    EntryPush four = alice.say(bob, "four");
    copy = bob.inbox().copy();
    alice.say(bob, "five");
    RestoredPush push = restore(LATER);
    bob.receive(four);
    assertEquals(
        Optional.of(new ClientEvent.ServerRestored(push.copyTime(), 0)),
        bob.receive(push).told());
    assertEquals(5, bob.head().sequenceNr());
    assertEquals(List.of("one", "two", "three", "four"), bob.texts(alice));
  }

  // Forged

  private void refuses(RestoredPush push) {
    Point head = bob.head();
    Breach breach = assertThrows(Breach.class, () -> bob.receive(push));
    assertEquals(Alarm.RESTORE_REFUSED, breach.alarm());
    assertEquals(head, bob.head());
  }

  private static RestoredPush signed(
      Ed25519.SigningKey key, String host, String owner, long generation, Point previous) {
    return RestoredPush.of(
        2,
        Restored.sign(
            key, host, LogPoint.INBOX, owner, generation, previous, 2_000_000_000_000L, 1));
  }

  private RestoredPush signed(long generation, Point previous) {
    return signed(TestServer.anyKey(), Party.HOST, "bob", generation, previous);
  }

  @Test
  void whatTheServerDidNotSignIsAnAlarm() {
    RestoredPush good = restore(LATER);
    refuses(signed(new TestServer().signKey, Party.HOST, "bob", LATER, point(2)));
    refuses(signed(TestServer.anyKey(), "elsewhere", "bob", LATER, point(2)));
    byte[] altered = good.signature().toArray();
    altered[0] ^= 1;
    refuses(
        new RestoredPush(
            2, good.kind(), good.owner(), good.generation(), good.sequenceNr(), good.time(),
            good.hash(), good.previous(), good.copyTime(), Bytes.of(altered)));
    refuses(
        new RestoredPush(
            2, good.kind(), good.owner(), good.generation(), good.sequenceNr(), good.time(),
            good.hash(), good.previous(), good.copyTime() - 1, good.signature()));
    bob.receive(good);
  }

  @Test
  void entryOfAnotherInboxIsAnAlarm() {
    restore(LATER);
    RestoredPush others = signed(TestServer.anyKey(), Party.HOST, "alice", LATER, point(2));
    assertEquals(
        Alarm.INBOX_ALTERED,
        assertThrows(Breach.class, () -> bob.receive(others)).alarm());
  }

  @Test
  void copyTimeAfterTheEntryIsNoFrame() {
    RestoredPush good = restore(LATER);
    String json = new String(FrameCodec.encode(good), StandardCharsets.UTF_8);
    String wrong =
        json.replace("\"copyTime\":" + good.copyTime(), "\"copyTime\":" + (good.time() + 1));
    assertThrows(
        FrameException.class,
        () -> FrameCodec.decodeServer(wrong.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void previousThatIsNotOursIsAnAlarm() {
    restore(LATER);
    refuses(signed(LATER, new Point(2, Bytes.of(new byte[32]))));
    refuses(signed(LATER, new Point(4, point(3).hash())));
    refuses(signed(LATER, new Point(0, point(1).hash())));
  }

  @Test
  void generationThatWasNotClaimedIsAnAlarm() {
    refuses(signed(LATER, point(2)));
    RestoredPush good = restore(LATER);
    refuses(signed(LATER + 1, point(2)));
    bob.receive(good);
    refuses(signed(LATER + 1, point(2)));
  }

  @Test
  void claimThatIsNeverProvedIsAnAlarm() {
    restore(LATER);
    bob.receive(inbox.get(1));
    Breach breach = assertThrows(Breach.class, () -> reached(LATER, bob.inbox().head()));
    assertEquals(Alarm.INBOX_ROLLED_BACK, breach.alarm());
    assertThrows(Breach.class, () -> reached(1, point(2)));
    assertThrows(Breach.class, () -> reached(1, bob.head()));
  }

  @Test
  void entriesAfterTheHeadAreComparedInspiteOfAClaim() {
    EntryPush four = alice.say(bob, "four");
    EntryPush five = alice.say(bob, "five");
    restore(LATER);
    assertEquals(
        Alarm.INBOX_ALTERED, assertThrows(Breach.class, () -> bob.receive(five)).alarm());
    EntryPush otherGeneration =
        new EntryPush(
            2, four.kind(), four.owner(), LATER, four.sequenceNr(), four.time(),
            four.entryKind(), four.fromUser(), four.fromDevice(), four.messageId(),
            four.bodies(), four.hash(), four.ciphertext());
    assertThrows(Breach.class, () -> bob.receive(otherGeneration));
    bob.receive(four);
  }

  @Test
  void lowerGenerationOrHeadAfterARestoreIsAnAlarm() {
    RestoredPush push = restore(LATER);
    bob.receive(push);
    bob.receive(alice.say(bob, "four"));
    Point head = bob.head();
    for (long generation : List.of(1L, LATER - 1)) {
      assertEquals(
          Alarm.INBOX_ROLLED_BACK,
          assertThrows(Breach.class, () -> bob.signIn(generation, point(1), head)).alarm());
    }
    assertEquals(
        Alarm.INBOX_ROLLED_BACK,
        assertThrows(
                Breach.class, () -> bob.signIn(LATER, point(1), push.entry().point()))
            .alarm());
    assertFalse(bob.signIn(LATER, point(1), head).storeWasOld());
  }

  // More than once

  @Test
  void oneCopyMayBeRestoredTwice() {
    bob.receive(restore(LATER));
    bob.receive(alice.say(bob, "four"));
    bob.receive(alice.say(bob, "five"));
    RestoredPush second = restore(LATER + 100);
    bob.receive(inbox.get(1));
    assertEquals(
        Optional.of(new ClientEvent.ServerRestored(second.copyTime(), 3)),
        bob.receive(second).told());
    bob.receive(alice.say(bob, "six"));
    assertEquals(
        List.of("one", "two", "three", "four", "five", "six"), bob.texts(alice));
  }

  @Test
  void logMayLeadThroughARestoreThatTheDeviceHasNotSeen() {
    RestoredPush first = bob.inbox().restore(copy, LATER);
    EntryPush four = alice.say(bob, "four");
    copy = bob.inbox().copy();
    RestoredPush second = restore(LATER + 100);
    bob.receive(inbox.get(1));
    assertTrue(bob.receive(first).told().isPresent());
    bob.receive(four);
    assertTrue(bob.receive(second).told().isPresent());
    reached(LATER + 100, second.entry().point());
    assertEquals(List.of("one", "two", "three", "four"), bob.texts(alice));
  }

  /** The wrong copy was taken first, and is given up for a newer one. */
  @Test
  void secondRestoreMayLeadBackToWhatTheFirstOneLeft() {
    EntryPush unseen = alice.say(bob, "unseen");
    PostOffice newer = bob.inbox().copy();
    bob.receive(restore(LATER));
    bob.receive(alice.say(bob, "in between"));
    copy = newer;
    RestoredPush second = restore(LATER + 100);
    bob.receive(inbox.get(1));
    bob.receive(inbox.get(2));
    bob.receive(unseen);
    assertTrue(bob.receive(second).told().isPresent());
    assertEquals(5, bob.head().sequenceNr());
    bob.receive(alice.say(bob, "after"));
    assertTrue(bob.texts(alice).containsAll(List.of("three", "unseen", "after")));
    assertEquals(6, bob.messages(alice).size());
    bob.signIn(LATER + 100, point(2), bob.head());
    bob.receive(inbox.get(2));
    bob.receive(unseen);
    assertEquals(6, bob.messages(alice).size());
  }

  @Test
  void oldStoreOfARestoredServerGoesOnFromTheCursor() {
    EntryPush four = alice.say(bob, "four");
    copy = bob.inbox().copy();
    RestoredPush push = bob.inbox().restore(copy, LATER);
    EntryPush after = alice.say(bob, "after");
    Point cursor = new Point(4, four.hash());
    assertTrue(bob.signIn(LATER, cursor, bob.inbox().head()).storeWasOld());
    assertTrue(bob.receive(push).told().isPresent());
    bob.receive(after);
    reached(LATER, bob.inbox().head());
    bob.receive(alice.say(bob, "later"));
    assertEquals(7, bob.head().sequenceNr());
  }

  @Test
  void cursorOfAnOldStoreMayLieInALaterGeneration() {
    bob.inbox().restore(copy, LATER);
    EntryPush four = alice.say(bob, "four");
    EntryPush five = alice.say(bob, "five");
    Point cursor = new Point(4, four.hash());
    assertTrue(bob.signIn(LATER, cursor, bob.inbox().head()).storeWasOld());
    bob.receive(five);
    reached(LATER, bob.inbox().head());
  }

  private void reached(long generation, Point point) {
    var caughtUp =
        new CaughtUp(
            2, LogPoint.INBOX, "bob", generation, point.sequenceNr(), point.hash());
    bob.store.transaction(
        rows -> {
          new Inbox(rows, Self.of(rows)).requireReached(caughtUp);
          return null;
        });
  }

  // What is sent again

  private Set<?> cut(Party party, long generation, Point point) {
    var cut =
        new CutOff(
            2,
            LogPoint.INBOX,
            party.user.value(),
            generation,
            point.sequenceNr(),
            point.hash());
    return party.store.transaction(
        rows -> new Restoring(rows, Self.of(rows)).take(cut));
  }

  private RestoredPush restoreAlice(PostOffice aliceCopy) {
    RestoredPush push = alice.inbox().restore(aliceCopy, LATER);
    alice.signIn(LATER, aliceCopy.head(), push.entry().point());
    return push;
  }

  /** @param after how much later than the copy the server took them */
  private Bytes accepted(String text, long copyTime, long after) {
    Bytes id = alice.write(bob, text);
    Sending.Step.Ready item = alice.ready(bob);
    inbox.add(bob.inbox().append(alice, item));
    alice.store.transaction(
        rows ->
            new Answers(rows, alice.random, alice.now)
                .accepted(bob.user, item.key(), inbox.size(), id, copyTime + after));
    return id;
  }

  @Test
  void textsAcceptedSinceTheCopyAreSentAgainUnlessConfirmed() {
    PostOffice aliceCopy = alice.inbox().copy();
    long copyTime = 1_700_000_000_000L;
    accepted("long before", copyTime, -MINUTE - 1);
    Bytes before = accepted("just before", copyTime, -MINUTE);
    Bytes confirmed = accepted("confirmed", copyTime, 5);
    Bytes after = accepted("after", copyTime, 5);
    inbox.subList(3, inbox.size()).forEach(bob::receive);
    confirm(confirmed);
    Bytes pending = alice.write(bob, "pending");
    RestoredPush push = restoreAlice(aliceCopy);
    assertEquals(copyTime, push.copyTime());
    assertEquals(Set.of(bob.user), alice.receive(push).recipients());
    List<Bytes> sent = alice.sendAll(bob).stream().map(EntryPush::messageId).toList();
    assertEquals(List.of(pending, before), sent.subList(0, 2));
    assertEquals(inbox.subList(0, 3).stream().map(EntryPush::messageId).toList(),
        sent.subList(2, 5));
    assertEquals(List.of(after), sent.subList(5, sent.size()));
    assertEquals(Message.State.SENT, alice.message(bob, true, after).state());
    alice.receive(push);
    assertFalse(alice.hasWaiting(bob));
  }

  private void confirm(Bytes id) {
    bob.store.transaction(
        rows -> {
          new Outbox(rows)
              .add(
                  alice.user,
                  MessageIds.make(bob.random),
                  new Content.Receipt(List.of(id)),
                  bob.now);
          return null;
        });
    bob.sendAll(alice).forEach(alice::receive);
    assertEquals(Message.State.DELIVERED, alice.message(bob, true, id).state());
  }

  @Test
  void whatIsSentAgainIsShownOnceAndConfirmed() {
    Bytes id = accepted("only once", 1_700_000_000_000L, 0);
    bob.receive(inbox.get(3));
    restore(LATER);
    PostOffice aliceCopy = alice.inbox().copy();
    alice.receive(restoreAlice(aliceCopy));
    bob.receive(inbox.get(1));
    bob.receive(bob.inbox().restore(copy, LATER));
    EntryPush again = alice.send(bob);
    assertEquals(id, again.messageId());
    assertEquals(List.of(), bob.receive(again));
    assertEquals(List.of("one", "two", "three", "only once"), bob.texts(alice));
    bob.addReceipts();
    bob.sendAll(alice).forEach(alice::receive);
    assertEquals(Message.State.DELIVERED, alice.message(bob, true, id).state());
  }

  @Test
  void nothingIsSentAgainToAnotherAccountKey() {
    accepted("for bob", 1_700_000_000_000L, 0);
    acceptAnotherKeyOfBob();
    PostOffice aliceCopy = alice.inbox().copy();
    assertEquals(Set.of(), alice.receive(restoreAlice(aliceCopy)).recipients());
  }

  private void acceptAnotherKeyOfBob() {
    DeviceList other = bob.forgedList();
    alice.learn(bob.user, other);
    boolean isAccepted =
        alice.store.transaction(
            rows ->
                new Answers(rows, alice.random, alice.now)
                    .acceptKey(bob.user, other.accountKey()));
    assertTrue(isAccepted);
  }

  /** The server offers the key between the restore and the sending. */
  @Test
  void nothingThatWaitsToBeSentAgainGoesToAnotherAccountKey() {
    accepted("for bob", 1_700_000_000_000L, 0);
    PostOffice aliceCopy = alice.inbox().copy();
    assertEquals(Set.of(bob.user), alice.receive(restoreAlice(aliceCopy)).recipients());
    Bytes pending = alice.write(bob, "for whoever is bob now");
    acceptAnotherKeyOfBob();
    assertEquals(pending, alice.ready(bob).messageId());
    assertEquals(1, waiting());
  }

  private int waiting() {
    return alice.store.transaction(rows -> new Outbox(rows).numbers(bob.user).waiting());
  }

  @Test
  void cutOffThatHidesTheRestoreSendsEverythingUnconfirmedAgain() {
    Bytes id = accepted("long ago", 1, 0);
    alice.inbox().restore(alice.inbox().copy(), LATER);
    EntryPush gone = bob.say(alice, "gone");
    alice.signIn(LATER, alice.head(), alice.inbox().head());
    assertEquals(Set.of(bob.user), cut(alice, LATER, new Point(2, gone.hash())));
    alice.receive(bob.say(alice, "still there"));
    assertTrue(
        alice.sendAll(bob).stream().map(EntryPush::messageId).anyMatch(id::equals));
  }

  @Test
  void newOneTimePrekeysArePutUp() {
    bob.giveNoMoreOneTimePrekeys();
    RestoredPush push = bob.inbox().restore(copy, LATER);
    Prekeys.Offer offer =
        bob.signIn(LATER, point(1), push.entry().point()).offer().orElseThrow();
    assertFalse(offer.prekeys().isEmpty());
    assertTrue(
        offer.prekeys().stream()
            .filter(prekey -> prekey.kind() == Prekey.Kind.ONE_TIME)
            .noneMatch(bob.registered.prekeys()::contains));
  }
}

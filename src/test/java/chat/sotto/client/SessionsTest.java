package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.Ciphertext;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Prekey;
import chat.sotto.protocol.ServerFrame.DeviceKeys;
import chat.sotto.protocol.ServerFrame.EntryPush;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsTest {
  private static final List<String> TEXTS =
      IntStream.range(0, 200).mapToObj("text %03d"::formatted).toList();

  @TempDir Path folder;
  private Party alice;
  private Party bob;

  @BeforeEach
  void makeParties() {
    alice = new Party("alice", folder);
    bob = new Party("bob", folder);
  }

  @AfterEach
  void closeParties() {
    alice.close();
    bob.close();
  }

  private static Ciphertext ciphertext(EntryPush push) {
    return Ciphertext.fromBytes(push.ciphertext().orElseThrow().toArray());
  }

  @Test
  void firstMessagesNeedNoAnswerAndTheConfirmationTurnsTheRatchet() {
    EntryPush first = alice.say(bob, "one");
    EntryPush second = alice.say(bob, "two");
    assertTrue(ciphertext(first).opening().isPresent());
    assertTrue(ciphertext(second).opening().isPresent());
    bob.receive(first);
    bob.receive(second);
    assertEquals(List.of("one", "two"), bob.texts(alice));

    EntryPush confirmation = bob.send(alice);
    assertEquals(0, ciphertext(confirmation).header().n());
    assertEquals(List.of(), alice.receive(confirmation));
    EntryPush third = alice.say(bob, "three");
    assertTrue(ciphertext(third).opening().isEmpty());
    assertNotEquals(
        Bytes.of(ciphertext(first).header().dh()), Bytes.of(ciphertext(third).header().dh()));
    bob.receive(third);
    assertEquals(List.of("one", "two", "three"), bob.texts(alice));
  }

  @Test
  void oneTimePrekeyUnsignedIsRefused() {
    alice.learn(bob);
    alice.write(bob, "secret");
    DeviceKeys given = bob.giveKeys().get(0);
    Prekey good = given.oneTimePrekey().orElseThrow();
    // A server's own key under the name of bob's: nothing else about it is wrong.
    var mallory = new Party("mallory", folder);
    Bytes malloryKey = mallory.giveKeys().get(0).oneTimePrekey().orElseThrow().key();
    var swapped =
        new Prekey(good.id(), good.kind(), good.suite(), malloryKey, good.signature());
    var bad = List.of(new DeviceKeys(given.device(), given.signedPrekey(), Optional.of(swapped)));
    Breach breach = assertThrows(Breach.class, () -> alice.next(bob, "", bad));
    assertEquals(Alarm.PREKEY_REFUSED, breach.alarm());
    assertEquals(List.of(), alice.sessions(bob));

    var wrongSigned =
        new Prekey(
            given.signedPrekey().id(),
            Prekey.Kind.SIGNED,
            1,
            malloryKey,
            given.signedPrekey().signature());
    var alsoBad = List.of(new DeviceKeys(given.device(), wrongSigned, Optional.empty()));
    assertThrows(Breach.class, () -> alice.next(bob, "", alsoBad));
    assertEquals(List.of(), alice.sessions(bob));
    mallory.close();
  }

  @Test
  void signedPrekeyAloneOpensASessionToo() {
    bob.giveNoMoreOneTimePrekeys();
    EntryPush push = alice.say(bob, "hello");
    assertEquals("signed", ciphertext(push).opening().orElseThrow().prekey().kind());
    bob.receive(push);
    assertEquals(List.of("hello"), bob.texts(alice));
  }

  @Test
  void oneTimePrekeyIsErasedInTheTransactionThatAcceptsTheOpening() {
    EntryPush push = alice.say(bob, "hello");
    var used = ciphertext(push).opening().orElseThrow().prekey();
    bob.store.failNext(1);
    assertThrows(StoreException.class, () -> bob.receive(push));
    assertTrue(hasPrekey(used.kind(), used.id()));
    bob.receive(push);
    assertFalse(hasPrekey(used.kind(), used.id()));
  }

  private boolean hasPrekey(String kind, long id) {
    return bob.store
        .transaction(rows -> new Prekeys(rows, Self.of(rows), bob.random).find(kind, id))
        .isPresent();
  }

  @Test
  void confirmationLostNextMessageConfirms() {
    bob.receive(alice.say(bob, "hello"));
    // The confirmation is made and never arrives; the server stores what bob says next.
    bob.ready(alice);
    loseFirstItem(bob, alice);
    EntryPush reply = bob.say(alice, "hi");
    assertEquals(1, ciphertext(reply).header().n());
    alice.receive(reply);
    assertEquals(List.of("hello", "hi"), alice.texts(bob));
    EntryPush next = alice.say(bob, "still there?");
    assertTrue(ciphertext(next).opening().isEmpty());
    bob.receive(next);
    assertEquals(List.of("hello", "hi", "still there?"), bob.texts(alice));
  }

  private static void loseFirstItem(Party from, Party to) {
    Sending.Step.Ready item = from.ready(to);
    from.store.transaction(
        rows ->
            new Answers(rows, from.random, from.now)
                .accepted(to.user, item.key(), 1, item.messageId(), 1));
  }

  @Test
  void bothSidesOpenAtOnceRatchetStillTurns() {
    EntryPush fromAlice = alice.say(bob, "from alice");
    EntryPush fromBob = bob.say(alice, "from bob");
    bob.receive(fromAlice);
    alice.receive(fromBob);
    assertEquals(2, alice.sessions(bob).size());
    // Both now send on the same one of the two.
    assertEquals(
        alice.sendingSession(bob).orElseThrow().id(), bob.sendingSession(alice).orElseThrow().id());
    alice.sendAll(bob).forEach(bob::receive);
    bob.sendAll(alice).forEach(alice::receive);
    Bytes before = dhOf(alice.say(bob, "one"), bob);
    bob.receive(lastPush);
    alice.receive(bob.say(alice, "two"));
    Bytes after = dhOf(alice.say(bob, "three"), bob);
    bob.receive(lastPush);
    assertNotEquals(before, after);
    assertTrue(ciphertext(lastPush).opening().isEmpty());
    assertEquals(List.of("from bob", "from alice", "one", "two", "three"), bob.texts(alice));
    assertEquals(List.of("from alice", "from bob", "one", "two", "three"), alice.texts(bob));
  }

  private EntryPush lastPush;

  private Bytes dhOf(EntryPush push, Party to) {
    lastPush = push;
    return Bytes.of(ciphertext(push).header().dh());
  }

  @Test
  void openingReplayedShowsNothingTwice() {
    EntryPush push = alice.say(bob, "pay me once");
    bob.receive(push);
    int sessions = bob.sessions(alice).size();
    // A malicious server chains the same ciphertext again, under its own and under another id.
    String device = bob.self().device().value();
    Bytes ciphertext = push.ciphertext().orElseThrow();
    EntryPush again = bob.inbox().append(alice, push.messageId(), device, ciphertext);
    assertEquals(List.of(), bob.receive(again));
    EntryPush renamed =
        bob.inbox().append(alice, MessageIds.make(bob.random), device, ciphertext);
    bob.receive(renamed);
    assertEquals(List.of("pay me once", "REPEATED"), bob.texts(alice));
    assertEquals(Message.State.CANNOT_OPEN, bob.messages(alice).get(1).state());
    assertEquals(sessions, bob.sessions(alice).size());
    assertEquals(bob.inbox().head(), bob.head());
  }

  @Test
  void openingReplayedAfterItsSessionWasDroppedShowsNothingTwice() {
    bob.giveNoMoreOneTimePrekeys();
    EntryPush push = alice.say(bob, "pay me once");
    bob.receive(push);
    for (int i = 0; i < Sessions.KEPT_MAX; i++) {
      bob.now++;
      repair(alice, bob);
      alice.sendAll(bob).forEach(bob::receive);
    }
    Bytes id = Bytes.of(ciphertext(push).header().sessionId());
    assertTrue(bob.sessions(alice).stream().noneMatch(session -> session.id().equals(id)));
    EntryPush again =
        bob.inbox()
            .append(
                alice,
                push.messageId(),
                bob.self().device().value(),
                push.ciphertext().orElseThrow());
    assertEquals(List.of(), bob.receive(again));
    assertEquals(List.of("pay me once"), bob.texts(alice));
  }

  private static void repair(Party who, Party with) {
    who.now++;
    who.store.transaction(
        rows -> {
          new Repairs(rows, who.random, who.now).begin(with.user);
          return null;
        });
  }

  @Test
  void retryAfterEditUsesNewKey() {
    alice.write(bob, "hello");
    Sending.Step.Ready first = alice.ready(bob);
    Sending.Step.Ready retry = alice.ready(bob);
    assertEquals(first.sealed(), retry.sealed(), "a retry sends the same bytes");
    // What is encrypted anew is something else.
    alice.store.transaction(
        rows -> {
          new Outbox(rows).unsealAll(bob.user);
          return null;
        });
    Sending.Step.Ready anew = alice.ready(bob);
    assertEquals(first.messageId(), anew.messageId());
    var before = Ciphertext.fromBytes(first.sealed().copies().get(0).ciphertext().toArray());
    var after = Ciphertext.fromBytes(anew.sealed().copies().get(0).ciphertext().toArray());
    assertEquals(Bytes.of(before.header().dh()), Bytes.of(after.header().dh()));
    assertEquals(before.header().n() + 1, after.header().n(), "a message key is used once");
    assertNotEquals(Bytes.of(before.nonce()), Bytes.of(after.nonce()));
    bob.receive(alice.send(bob));
    assertEquals(List.of("hello"), bob.texts(alice));
  }

  @Test
  void crashBetweenEncryptAndStoreUsesNoKeyTwice() {
    alice.learn(bob);
    alice.write(bob, "hello");
    List<DeviceKeys> keys = bob.giveKeys();
    alice.store.failNext(1);
    assertThrows(StoreException.class, () -> alice.next(bob, "", keys));
    assertEquals(List.of(), alice.sessions(bob), "nothing of it was kept, and nothing was sent");
    alice.next(bob, "", keys);
    bob.receive(alice.send(bob));
    assertEquals(List.of("hello"), bob.texts(alice));
  }

  @Test
  void crashBetweenDecryptAndStoreLosesNothing() {
    EntryPush first = alice.say(bob, "one");
    EntryPush second = alice.say(bob, "two");
    bob.store.failNext(1);
    assertThrows(StoreException.class, () -> bob.receive(first));
    assertEquals(0, bob.head().sequenceNr());
    assertEquals(List.of(), bob.texts(alice));
    assertEquals(List.of(), bob.sessions(alice));
    // Not acknowledged, so the server pushes it again.
    bob.receive(first);
    bob.store.failNext(1);
    assertThrows(StoreException.class, () -> bob.receive(second));
    bob.receive(second);
    assertEquals(List.of("one", "two"), bob.texts(alice));
    alice.receive(bob.send(alice));
    bob.receive(alice.say(bob, "three"));
    assertEquals(List.of("one", "two", "three"), bob.texts(alice));
  }

  @Test
  void deviceListRollbackIsRefused() {
    alice.learn(bob);
    DeviceList one = bob.list();
    DeviceList two = bob.nextList(1);
    alice.learn(bob.user, two);
    assertEquals(
        Alarm.DEVICE_LIST_ROLLED_BACK,
        assertThrows(Breach.class, () -> alice.learn(bob.user, one)).alarm());
    DeviceList otherTwo = bob.nextList(2);
    assertEquals(
        Alarm.DEVICE_LIST_ROLLED_BACK,
        assertThrows(Breach.class, () -> alice.learn(bob.user, otherTwo)).alarm());
    assertEquals(Optional.empty(), alice.learn(bob.user, two), "the same list again is fine");
  }

  @Test
  void thousandMessagesBothWaysArriveInAnyOrder() {
    long seed = System.nanoTime();
    var order = new Random(seed);
    bob.receive(alice.say(bob, "hello"));
    alice.receive(bob.send(alice));
    for (int round = 0; round < 5; round++) {
      shuffle(alice, bob, order, seed);
      shuffle(bob, alice, order, seed);
    }
  }

  /** Sends 200 messages and lets them arrive in another order than they were sent. */
  private static void shuffle(Party from, Party to, Random order, long seed) {
    List<Sending.Step.Ready> items = new ArrayList<>(from.sayAll(to, TEXTS));
    Collections.shuffle(items, order);
    int before = to.messages(from).size();
    to.receiveAll(items.stream().map(item -> to.inbox().append(from, item)).toList());
    List<String> got = new ArrayList<>(to.texts(from).subList(before, before + TEXTS.size()));
    Collections.sort(got);
    assertEquals(TEXTS, got, "seed " + seed);
  }

  @Test
  void confirmationGoesOnTheSessionThatItConfirms() {
    EntryPush fromAlice = alice.say(bob, "from alice");
    EntryPush fromBob = bob.say(alice, "from bob");
    bob.receive(fromAlice);
    alice.receive(fromBob);
    // Whichever of the two sessions both send on from now, each opener gets an answer on its own.
    EntryPush toBob = alice.send(bob);
    EntryPush toAlice = bob.send(alice);
    assertEquals(sessionOf(fromBob), sessionOf(toBob));
    assertEquals(sessionOf(fromAlice), sessionOf(toAlice));
    assertEquals(0, ciphertext(toBob).header().n());
    assertEquals(0, ciphertext(toAlice).header().n());
  }

  private static Bytes sessionOf(EntryPush push) {
    return Bytes.of(ciphertext(push).header().sessionId());
  }

  @Test
  void openingThatReplacesUsesTheSignedPrekey() {
    EntryPush first = alice.say(bob, "one");
    assertEquals("one-time", ciphertext(first).opening().orElseThrow().prekey().kind());
    repair(alice, bob);
    var opening = ciphertext(alice.send(bob)).opening().orElseThrow();
    assertEquals("signed", opening.prekey().kind());
    assertEquals(List.of(sessionOf(first)), opening.replaces().stream().map(Bytes::of).toList());
  }

  @Test
  void sessionThatOnlyTheOtherSideHasIsReplacedByTheRepair() {
    bob.receive(alice.say(bob, "one"));
    bob.sendAll(alice).forEach(alice::receive);
    Bytes lost = bob.sendingSession(alice).orElseThrow().id();
    bob.store.transaction(
        rows -> {
          new Sessions(rows, Self.of(rows), bob.random, bob.now).forget(alice.user);
          return null;
        });
    bob.receive(alice.say(bob, "two"));
    assertEquals(List.of("one", "NO_SESSION"), bob.texts(alice));
    repair(bob, alice);
    EntryPush opening = bob.send(alice);
    assertEquals(
        List.of(lost),
        ciphertext(opening).opening().orElseThrow().replaces().stream().map(Bytes::of).toList());
    alice.receive(opening);
    assertNotEquals(lost, alice.sendingSession(bob).orElseThrow().id());
    alice.sendAll(bob).forEach(bob::receive);
    assertEquals(List.of("one", "two"), bob.texts(alice));
  }

  @Test
  void missingMessagesAreTold() {
    bob.receive(alice.say(bob, "one"));
    alice.write(bob, "lost");
    loseFirstItem(alice, bob);
    List<ClientEvent> events = bob.receive(alice.say(bob, "three"));
    assertEquals(new ClientEvent.MessagesMissing(alice.user, 1), events.get(0));
    assertInstanceOf(ClientEvent.MessageShown.class, events.get(1));
  }

  @Test
  void keepsAtMostFiveSessionsWithOneDevice() {
    for (int i = 0; i < 8; i++) {
      alice.write(bob, "session " + i);
      alice.sendAll(bob).forEach(bob::receive);
      repair(alice, bob);
    }
    assertEquals(Sessions.KEPT_MAX, alice.sessions(bob).size());
    assertEquals(Sessions.KEPT_MAX, bob.sessions(alice).size());
    assertEquals(8, bob.messages(alice).size());
  }

  @Test
  void replacedSessionsGoAfterThirtyDays() {
    alice.say(bob, "one");
    repair(alice, bob);
    alice.sendAll(bob);
    assertEquals(2, alice.sessions(bob).size());
    alice.now += Duration.ofDays(31).toMillis();
    repair(alice, bob);
    alice.sendAll(bob);
    assertEquals(2, alice.sessions(bob).size(), "the first is gone, the second just replaced");
  }
}

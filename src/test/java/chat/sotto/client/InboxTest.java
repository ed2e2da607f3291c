package chat.sotto.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.model.BodyDigest;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.protocol.FrameCodec;
import chat.sotto.protocol.FrameException;
import chat.sotto.protocol.ServerFrame.CaughtUp;
import chat.sotto.protocol.ServerFrame.CutOff;
import chat.sotto.protocol.ServerFrame.EntryPush;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a malicious server can do to an inbox, and an honest one after a crash. */
class InboxTest {
  private static final ObjectMapper JSON = new ObjectMapper();

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

  private void refuses(EntryPush push) {
    Point head = bob.head();
    List<String> texts = bob.texts(alice);
    Breach breach = assertThrows(Breach.class, () -> bob.receive(push));
    assertEquals(Alarm.INBOX_ALTERED, breach.alarm());
    assertEquals(head, bob.head());
    assertEquals(texts, bob.texts(alice));
  }

  @Test
  void droppedEntryIsAnAlarm() {
    EntryPush first = alice.say(bob, "one");
    EntryPush second = alice.say(bob, "two");
    refuses(second);
    bob.receive(first);
    EntryPush third = alice.say(bob, "three");
    refuses(third);
  }

  @Test
  void reorderedEntriesAreAnAlarm() {
    EntryPush first = alice.say(bob, "one");
    EntryPush second = alice.say(bob, "two");
    refuses(altered(second, "sequenceNr", 1));
    bob.receive(first);
    refuses(altered(first, "sequenceNr", 2));
  }

  @Test
  void repeatedEntryIsDroppedSilently() {
    EntryPush first = alice.say(bob, "one");
    EntryPush second = alice.say(bob, "two");
    bob.receive(first);
    bob.receive(second);
    assertEquals(List.of(), bob.receive(first));
    assertEquals(List.of(), bob.receive(second));
    assertEquals(List.of("one", "two"), bob.texts(alice));
  }

  @Test
  void repeatedNumberWithOtherContentIsAnAlarm() {
    bob.receive(alice.say(bob, "one"));
    EntryPush other = new PostOffice(bob.user).append(alice, sealed("something else"));
    assertEquals(1, other.sequenceNr());
    refuses(other);
  }

  private Sending.Step.Ready sealed(String text) {
    alice.write(bob, text);
    return alice.ready(bob);
  }

  @Test
  void everyAlteredFieldIsAnAlarm() {
    EntryPush good = alice.say(bob, "one");
    var otherBytes = Bytes.of(new byte[16]);
    var otherDevice = new DeviceId("0".repeat(32));
    Bytes flipped = flipped(good.ciphertext().orElseThrow());
    refuses(altered(good, "time", good.time() + 1));
    refuses(altered(good, "entryKind", "other"));
    refuses(altered(good, "fromUser", "mallory"));
    refuses(altered(good, "fromDevice", otherDevice));
    refuses(altered(good, "messageId", otherBytes));
    refuses(altered(good, "owner", "mallory"));
    refuses(altered(good, "kind", "group"));
    refuses(altered(good, "generation", 2));
    refuses(altered(good, "hash", Bytes.of(new byte[32])));
    refuses(altered(good, "ciphertext", flipped));
    refuses(altered(good, "bodies", List.of()));
    refuses(
        altered(
            good,
            "bodies",
            List.of(new BodyDigest(otherDevice, good.bodies().get(0).digest()))));
    bob.receive(good);
    assertEquals(List.of("one"), bob.texts(alice));
  }

  private static Bytes flipped(Bytes bytes) {
    byte[] content = bytes.toArray();
    content[content.length - 1] ^= 1;
    return Bytes.of(content);
  }

  @Test
  void expiredCiphertextIsShownAndTheChainGoesOn() {
    EntryPush expired = without(alice.say(bob, "one"), "ciphertext");
    bob.receive(expired);
    Message shown = bob.messages(alice).get(0);
    assertEquals(Message.State.CANNOT_OPEN, shown.state());
    assertEquals(CannotOpen.Reason.EXPIRED.name(), shown.text());
    bob.receive(alice.say(bob, "two"));
    assertEquals(2, bob.messages(alice).size());
  }

  @Test
  void caughtUpMustNameWhatIsKnown() {
    EntryPush push = alice.say(bob, "one");
    bob.receive(push);
    requireReached(1, push.hash());
    assertThrows(Breach.class, () -> requireReached(2, push.hash()));
    assertThrows(Breach.class, () -> requireReached(1, Bytes.of(new byte[32])));
  }

  private void requireReached(long sequenceNr, Bytes hash) {
    var caughtUp = new CaughtUp(2, LogPoint.INBOX, "bob", 1, sequenceNr, hash);
    bob.store.transaction(
        rows -> {
          new Inbox(rows, Self.of(rows)).requireReached(caughtUp);
          return null;
        });
  }

  @Test
  void cutOffLetsTheChainGoOnAfterIt() {
    bob.receive(alice.say(bob, "one"));
    EntryPush lost = alice.say(bob, "lost");
    cutTo(lost.sequenceNr(), lost.hash());
    List<ClientEvent> events = bob.receive(alice.say(bob, "three"));
    assertEquals(new ClientEvent.MessagesMissing(alice.user, 1), events.get(0));
    assertEquals(List.of("one", "three"), bob.texts(alice));
  }

  @Test
  void cutOffAtAPointThatIsKnownMustAgreeWithIt() {
    EntryPush first = alice.say(bob, "one");
    bob.receive(first);
    EntryPush second = alice.say(bob, "two");
    bob.receive(second);
    cutTo(1, first.hash());
    assertEquals(2, bob.head().sequenceNr());
    Breach breach = assertThrows(Breach.class, () -> cutTo(2, first.hash()));
    assertEquals(Alarm.INBOX_ALTERED, breach.alarm());
    bob.receive(alice.say(bob, "three"));
    assertEquals(List.of("one", "two", "three"), bob.texts(alice));
  }

  private void cutTo(long sequenceNr, Bytes hash) {
    var cut = new CutOff(2, LogPoint.INBOX, "bob", 1, sequenceNr, hash);
    bob.store.transaction(
        rows -> {
          new Inbox(rows, Self.of(rows)).cutTo(cut);
          return null;
        });
  }

  @Test
  void entryOfAnUnknownKindIsChainedAndShownAsNeedingANewerVersion() {
    Sending.Step.Ready item = sealed("one");
    alice.store.transaction(
        rows ->
            new Answers(rows, alice.random, alice.now)
                .accepted(bob.user, item.key(), 1, item.messageId(), alice.now));
    bob.receive(bob.inbox().append(alice, item, "poll"));
    assertEquals(Message.State.UNSUPPORTED, bob.messages(alice).get(0).state());
    bob.receive(alice.say(bob, "two"));
    assertEquals(List.of("poll", "two"), bob.texts(alice));
  }

  @Test
  void serverThatLostHistoryIsAnAlarm() {
    Point start = bob.head();
    bob.receive(alice.say(bob, "one"));
    Breach breach = assertThrows(Breach.class, () -> bob.signIn(start, start));
    assertEquals(Alarm.INBOX_ROLLED_BACK, breach.alarm());
    var forked = new Point(1, Bytes.of(new byte[32]));
    assertEquals(
        Alarm.INBOX_ALTERED,
        assertThrows(Breach.class, () -> bob.signIn(start, forked)).alarm());
    assertEquals(
        Alarm.INBOX_ALTERED,
        assertThrows(Breach.class, () -> bob.signIn(forked, forked)).alarm());
    assertFalse(bob.signIn(bob.head(), bob.head()));
  }

  @Test
  void oldCopyOfAStoreIsToldAndOpensNewSessions() {
    bob.receive(alice.say(bob, "one"));
    bob.sendAll(alice).forEach(alice::receive);
    Bytes session = bob.sendingSession(alice).orElseThrow().id();
    // The newer copy of bob's store took these two, and acknowledged them.
    alice.say(bob, "two");
    EntryPush three = alice.say(bob, "three");
    assertTrue(bob.signIn(new Point(3, three.hash()), new Point(3, three.hash())));
    bob.receive(alice.say(bob, "four"));
    EntryPush answer = bob.say(alice, "new session");
    alice.receive(answer);
    assertFalse(bob.sendingSession(alice).orElseThrow().id().equals(session));
    assertEquals(
        bob.sendingSession(alice).orElseThrow().id(),
        alice.sendingSession(bob).orElseThrow().id());
    assertTrue(alice.texts(bob).contains("new session"));
  }

  private static EntryPush without(EntryPush push, String field) {
    return edited(push, json -> json.remove(field));
  }

  private static EntryPush altered(EntryPush push, String field, Object value) {
    return edited(push, json -> json.putPOJO(field, value));
  }

  private static EntryPush edited(EntryPush push, Consumer<ObjectNode> edit) {
    try {
      ObjectNode json = (ObjectNode) JSON.readTree(FrameCodec.encode(push));
      edit.accept(json);
      return (EntryPush) FrameCodec.decodeServer(JSON.writeValueAsBytes(json));
    } catch (IOException | FrameException e) {
      throw new AssertionError(e);
    }
  }
}

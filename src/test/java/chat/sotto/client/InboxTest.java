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
import chat.sotto.model.UserName;
import chat.sotto.protocol.ServerFrame.CaughtUp;
import chat.sotto.protocol.ServerFrame.CutOff;
import chat.sotto.protocol.ServerFrame.EntryPush;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a malicious server can do to an inbox, and an honest one after a crash. */
class InboxTest {
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
    refuses(withNumber(second, 1));
    bob.receive(first);
    refuses(withNumber(first, 2));
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
    refuses(copy(good).time(good.time() + 1).make());
    refuses(copy(good).entryKind("other").make());
    refuses(copy(good).fromUser(new UserName("mallory")).make());
    refuses(copy(good).fromDevice(otherDevice).make());
    refuses(copy(good).messageId(otherBytes).make());
    refuses(copy(good).owner("mallory").make());
    refuses(copy(good).kind("group").make());
    refuses(copy(good).generation(2).make());
    refuses(copy(good).hash(Bytes.of(new byte[32])).make());
    refuses(copy(good).ciphertext(Optional.of(flipped)).make());
    refuses(copy(good).bodies(List.of()).make());
    refuses(
        copy(good)
            .bodies(List.of(new BodyDigest(otherDevice, good.bodies().get(0).digest())))
            .make());
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
    EntryPush expired = copy(alice.say(bob, "one")).ciphertext(Optional.empty()).make();
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
    var cut = new CutOff(2, LogPoint.INBOX, "bob", 1, lost.sequenceNr(), lost.hash());
    bob.store.transaction(
        rows -> {
          new Inbox(rows, Self.of(rows)).cutTo(cut);
          return null;
        });
    List<ClientEvent> events = bob.receive(alice.say(bob, "three"));
    assertEquals(new ClientEvent.MessagesMissing(alice.user, 1), events.get(0));
    assertEquals(List.of("one", "three"), bob.texts(alice));
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

  private static EntryPush withNumber(EntryPush push, long sequenceNr) {
    return copy(push).sequenceNr(sequenceNr).make();
  }

  private static Copy copy(EntryPush push) {
    return new Copy(push);
  }

  /** An entry with some fields changed. */
  private static final class Copy {
    private final EntryPush from;
    private String kind;
    private String owner;
    private long generation;
    private long sequenceNr;
    private long time;
    private String entryKind;
    private UserName fromUser;
    private DeviceId fromDevice;
    private Bytes messageId;
    private List<BodyDigest> bodies;
    private Bytes hash;
    private Optional<Bytes> ciphertext;

    Copy(EntryPush from) {
      this.from = from;
      kind = from.kind();
      owner = from.owner();
      generation = from.generation();
      sequenceNr = from.sequenceNr();
      time = from.time();
      entryKind = from.entryKind();
      fromUser = from.fromUser();
      fromDevice = from.fromDevice();
      messageId = from.messageId();
      bodies = from.bodies();
      hash = from.hash();
      ciphertext = from.ciphertext();
    }

    Copy kind(String value) {
      kind = value;
      return this;
    }

    Copy owner(String value) {
      owner = value;
      return this;
    }

    Copy generation(long value) {
      generation = value;
      return this;
    }

    Copy sequenceNr(long value) {
      sequenceNr = value;
      return this;
    }

    Copy time(long value) {
      time = value;
      return this;
    }

    Copy entryKind(String value) {
      entryKind = value;
      return this;
    }

    Copy fromUser(UserName value) {
      fromUser = value;
      return this;
    }

    Copy fromDevice(DeviceId value) {
      fromDevice = value;
      return this;
    }

    Copy messageId(Bytes value) {
      messageId = value;
      return this;
    }

    Copy bodies(List<BodyDigest> value) {
      bodies = value;
      return this;
    }

    Copy hash(Bytes value) {
      hash = value;
      return this;
    }

    Copy ciphertext(Optional<Bytes> value) {
      ciphertext = value;
      return this;
    }

    EntryPush make() {
      return new EntryPush(
          from.nonce(),
          kind,
          owner,
          generation,
          sequenceNr,
          time,
          entryKind,
          fromUser,
          fromDevice,
          messageId,
          bodies,
          hash,
          ciphertext);
    }
  }
}

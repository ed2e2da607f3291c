package chat.sotto.crypto;

import static chat.sotto.crypto.TwoDevices.shown;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chat.sotto.crypto.DoubleRatchet.Result;
import chat.sotto.crypto.TwoDevices.Sent;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DoubleRatchetTest {
  private static final String REPEAT = new Result.Duplicate().toString();
  private static final String GONE = new Result.Failed("its key is gone").toString();
  private static final String TOO_FAR =
      new Result.Failed("too many messages are missing before it").toString();
  private static final String DOES_NOT_OPEN = new Result.Failed("does not open").toString();

  private final TwoDevices devices = new TwoDevices(new SecureRandom());

  @Test
  void bothSidesTalk() {
    for (int turn = 0; turn < 5; turn++) {
      for (int i = 0; i <= turn; i++) {
        assertEquals("a" + i, shown(devices.bobReceives(devices.aliceSends("a" + i))));
      }
      for (int i = 0; i <= turn; i++) {
        assertEquals("b" + i, shown(devices.aliceReceives(devices.bobSends("b" + i))));
      }
    }
    assertEquals(0, devices.alice.skippedCount());
  }

  @Test
  void openerWritesOnWhileNoAnswerComes() {
    List<Sent> sent = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      sent.add(devices.aliceSends("a" + i));
    }
    assertArrayEquals(devices.opening.r1(), sent.get(49).header().dh());
    for (int i = 0; i < 50; i++) {
      assertEquals("a" + i, shown(devices.bobReceives(sent.get(i))));
    }
  }

  @Test
  void bothWriteBeforeTheyHearEachOther() {
    Sent fromAlice = devices.aliceSends("a");
    Sent fromBob = devices.bobSends("b");
    assertEquals("b", shown(devices.aliceReceives(fromBob)));
    assertEquals("a", shown(devices.bobReceives(fromAlice)));
    assertEquals("a2", shown(devices.bobReceives(devices.aliceSends("a2"))));
    assertEquals("b2", shown(devices.aliceReceives(devices.bobSends("b2"))));
  }

  @Test
  void everyTurnMakesNewKeys() {
    Sent first = devices.aliceSends("a");
    devices.bobReceives(first);
    Sent answer = devices.bobSends("b");
    devices.aliceReceives(answer);
    Sent second = devices.aliceSends("a");
    assertFalse(Arrays.equals(first.header().dh(), second.header().dh()));
    assertEquals(0, second.header().n());
    assertEquals(1, second.header().pn());
  }

  @Test
  void opensInWhateverOrderMessagesCome() {
    var order = new Random(1);
    List<Sent> toBob = new ArrayList<>();
    List<Sent> toAlice = new ArrayList<>();
    int received = 0;
    for (int i = 0; i < 400; i++) {
      if (order.nextBoolean()) {
        toBob.add(devices.aliceSends("a"));
      } else {
        toAlice.add(devices.bobSends("b"));
      }
      if (order.nextInt(3) == 0 && !toBob.isEmpty()) {
        Sent any = toBob.remove(order.nextInt(toBob.size()));
        assertEquals("a", shown(devices.bobReceives(any)));
        assertEquals(REPEAT, shown(devices.bobReceives(any)));
        received++;
      }
      if (order.nextInt(3) == 0 && !toAlice.isEmpty()) {
        Sent any = toAlice.remove(order.nextInt(toAlice.size()));
        assertEquals("b", shown(devices.aliceReceives(any)));
        received++;
      }
    }
    Collections.shuffle(toBob, order);
    toBob.forEach(sent -> assertEquals("a", shown(devices.bobReceives(sent))));
    toAlice.forEach(sent -> assertEquals("b", shown(devices.aliceReceives(sent))));
    assertEquals(400, received + toBob.size() + toAlice.size());
    assertEquals(0, devices.bob.skippedCount());
  }

  @Test
  void repeatedMessageIsADuplicateEvenOfAChainThatEnded() {
    Sent first = devices.aliceSends("a");
    devices.bobReceives(first);
    assertEquals(REPEAT, shown(devices.bobReceives(first)));
    for (int turn = 0; turn < 10; turn++) {
      devices.aliceReceives(devices.bobSends("b"));
      devices.bobReceives(devices.aliceSends("a"));
    }
    assertEquals(REPEAT, shown(devices.bobReceives(first)));
  }

  @Test
  void missingMessagesAreCountedUntilTheyCome() {
    Sent lost = devices.aliceSends("lost");
    devices.aliceSends("lost too");
    devices.bobReceives(devices.aliceSends("a"));
    assertEquals(2, devices.bob.skippedCount());
    assertEquals("lost", shown(devices.bobReceives(lost)));
    assertEquals(1, devices.bob.skippedCount());
  }

  @Test
  void alteredMessageFailsAndChangesNothing() {
    Sent sent = devices.aliceSends("a");
    byte[] before = devices.bob.toBytes();
    for (Sent altered : alterations(sent)) {
      assertInstanceOf(Result.Failed.class, devices.bobReceives(altered));
    }
    assertArrayEquals(before, devices.bob.toBytes());
    assertEquals("a", shown(devices.bobReceives(sent)));
  }

  @Test
  void alteredMessageOfASkippedKeyFailsAndKeepsTheKey() {
    Sent late = devices.aliceSends("late");
    devices.bobReceives(devices.aliceSends("a"));
    assertEquals(DOES_NOT_OPEN, shown(devices.bobReceives(withCiphertextFlipped(late))));
    assertEquals("late", shown(devices.bobReceives(late)));
  }

  private static List<Sent> alterations(Sent sent) {
    var context = sent.context();
    var header = sent.header();
    byte[] otherNonce = sent.nonce().clone();
    otherNonce[0] ^= 1;
    byte[] otherId = new byte[16];
    var otherMessage =
        new DoubleRatchet.Context(
            context.suite(),
            context.sessionId(),
            context.fromUser(),
            context.fromDevice(),
            context.toUser(),
            context.toDevice(),
            otherId);
    var otherSession =
        new DoubleRatchet.Context(
            context.suite(),
            otherId,
            context.fromUser(),
            context.fromDevice(),
            context.toUser(),
            context.toDevice(),
            context.messageId());
    var otherSender =
        new DoubleRatchet.Context(
            context.suite(),
            context.sessionId(),
            "mallory",
            context.fromDevice(),
            context.toUser(),
            context.toDevice(),
            context.messageId());
    var otherPn = new DoubleRatchet.Header(header.sessionId(), header.dh(), 1, header.n());
    var otherN = new DoubleRatchet.Header(header.sessionId(), header.dh(), 0, header.n() + 1);
    var lowOrder = new DoubleRatchet.Header(header.sessionId(), new byte[32], 0, 0);
    return List.of(
        withCiphertextFlipped(sent),
        new Sent(context, header, otherNonce, sent.ct()),
        new Sent(context, header, new byte[11], sent.ct()),
        new Sent(context, header, sent.nonce(), new byte[0]),
        new Sent(otherMessage, header, sent.nonce(), sent.ct()),
        new Sent(otherSession, header, sent.nonce(), sent.ct()),
        new Sent(otherSender, header, sent.nonce(), sent.ct()),
        new Sent(context, otherPn, sent.nonce(), sent.ct()),
        new Sent(context, otherN, sent.nonce(), sent.ct()),
        new Sent(context, lowOrder, sent.nonce(), sent.ct()));
  }

  private static Sent withCiphertextFlipped(Sent sent) {
    byte[] ct = sent.ct().clone();
    ct[ct.length - 1] ^= 1;
    return new Sent(sent.context(), sent.header(), sent.nonce(), ct);
  }

  @Test
  void jumpsForwardOver2000MessagesAndNotOneMore() {
    var before = devices.bob;
    Sent atLimit = null;
    for (int i = 0; i <= DoubleRatchet.JUMP_MAX; i++) {
      atLimit = devices.aliceSends("a" + i);
    }
    Sent beyond = devices.aliceSends("beyond");
    assertEquals(TOO_FAR, shown(devices.open(before, beyond)));
    assertEquals("a" + DoubleRatchet.JUMP_MAX, shown(devices.bobReceives(atLimit)));
    assertEquals(DoubleRatchet.SKIPPED_MAX, devices.bob.skippedCount());
    assertEquals("beyond", shown(devices.bobReceives(beyond)));
  }

  @Test
  void jumpInAnEndedChainHasTheSameLimit() {
    devices.aliceReceives(devices.bobSends("b"));
    devices.bobReceives(devices.aliceSends("a"));
    for (int i = 0; i <= DoubleRatchet.JUMP_MAX; i++) {
      devices.aliceSends("lost");
    }
    devices.aliceReceives(devices.bobSends("b"));
    assertEquals(TOO_FAR, shown(devices.bobReceives(devices.aliceSends("a"))));
  }

  @Test
  void keepsTheNewest1000SkippedKeysAndTellsALossFromARepeat() {
    List<Sent> sent = new ArrayList<>();
    for (int i = 0; i < 1_002; i++) {
      sent.add(devices.aliceSends("a" + i));
    }
    assertEquals("a1001", shown(devices.bobReceives(sent.get(1_001))));
    assertEquals(GONE, shown(devices.bobReceives(sent.get(0))));
    assertEquals("a1", shown(devices.bobReceives(sent.get(1))));
    assertEquals(REPEAT, shown(devices.bobReceives(sent.get(1))));
    assertEquals("a1000", shown(devices.bobReceives(sent.get(1_000))));
  }

  @Test
  void newSkippedKeysDriveOutTheOldestOfOtherChains() {
    Sent oldest = devices.aliceSends("oldest");
    Sent next = devices.aliceSends("next");
    devices.bobReceives(devices.aliceSends("a"));
    devices.aliceReceives(devices.bobSends("b"));
    for (int i = 0; i < 999; i++) {
      devices.aliceSends("lost");
    }
    devices.bobReceives(devices.aliceSends("a"));
    assertEquals(1_000, devices.bob.skippedCount());
    assertEquals(GONE, shown(devices.bobReceives(oldest)));
    assertEquals("next", shown(devices.bobReceives(next)));
    assertEquals(REPEAT, shown(devices.bobReceives(next)));
  }

  @Test
  void numberAfterTheEndOfAnEndedChainFails() {
    Sent inFirstChain = devices.aliceSends("a");
    devices.bobReceives(inFirstChain);
    devices.aliceReceives(devices.bobSends("b"));
    devices.bobReceives(devices.aliceSends("a"));
    var header =
        new DoubleRatchet.Header(devices.sessionId, inFirstChain.header().dh(), 0, 1);
    var forged =
        new Sent(inFirstChain.context(), header, inFirstChain.nonce(), inFirstChain.ct());
    assertInstanceOf(Result.Failed.class, devices.bobReceives(forged));
  }

  @Test
  void stateComesBackFromItsBytes() {
    devices.aliceSends("lost");
    devices.bobReceives(devices.aliceSends("a"));
    devices.aliceReceives(devices.bobSends("b"));
    Sent late = devices.aliceSends("late");
    devices.bobReceives(devices.aliceSends("a"));
    byte[] bytes = devices.bob.toBytes();
    devices.bob = DoubleRatchet.fromBytes(bytes);
    assertArrayEquals(bytes, devices.bob.toBytes());
    assertEquals(2, devices.bob.skippedCount());
    assertEquals("late", shown(devices.bobReceives(late)));
    assertEquals(REPEAT, shown(devices.bobReceives(late)));
    assertEquals("b2", shown(devices.aliceReceives(devices.bobSends("b2"))));
  }

  @Test
  void storedStateStillTellsALossFromARepeat() {
    Sent dropped = devices.aliceSends("dropped");
    Sent used = null;
    for (int i = 0; i < DoubleRatchet.SKIPPED_MAX; i++) {
      used = devices.aliceSends("lost");
    }
    devices.bobReceives(devices.aliceSends("a"));
    devices.bobReceives(used);
    storeBob();
    assertEquals(GONE, shown(devices.bobReceives(dropped)));
    devices.aliceReceives(devices.bobSends("b"));
    devices.bobReceives(devices.aliceSends("in a new chain"));
    storeBob();
    assertEquals(GONE, shown(devices.bobReceives(dropped)));
    assertEquals(REPEAT, shown(devices.bobReceives(used)));
  }

  private void storeBob() {
    devices.bob = DoubleRatchet.fromBytes(devices.bob.toBytes());
  }

  @Test
  void refusesStatesOfOtherForm() {
    byte[] bytes = devices.bob.toBytes();
    byte[] otherFormat = bytes.clone();
    otherFormat[11] = 2;
    assertThrows(RefusedException.class, () -> DoubleRatchet.fromBytes(otherFormat));
    assertThrows(RefusedException.class, () -> DoubleRatchet.fromBytes(new byte[0]));
    byte[] cut = Arrays.copyOf(bytes, bytes.length - 1);
    assertThrows(RefusedException.class, () -> DoubleRatchet.fromBytes(cut));
  }

  @Test
  void retryAfterEditUsesNewKey() {
    Sent first = devices.aliceSends("draft");
    Sent edited = devices.aliceSends("edited");
    assertEquals(0, first.header().n());
    assertEquals(1, edited.header().n());
    assertFalse(Arrays.equals(first.nonce(), edited.nonce()));
  }

  @Test
  void textOfAStateShowsNothing() {
    assertEquals("DoubleRatchet[***]", devices.alice.toString());
    Result opened = devices.bobReceives(devices.aliceSends("a secret"));
    assertFalse(opened.toString().contains("secret"));
  }
}

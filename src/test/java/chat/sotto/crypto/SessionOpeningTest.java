package chat.sotto.crypto;

import static chat.sotto.crypto.TwoDevices.shown;
import static chat.sotto.crypto.TwoDevices.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chat.sotto.crypto.SessionOpening.Opening;
import chat.sotto.crypto.SessionOpening.Parties;
import chat.sotto.crypto.SessionOpening.PrekeyRef;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionOpeningTest {
  private final SecureRandom random = new SecureRandom();
  private final TwoDevices devices = new TwoDevices(random);
  private final Parties parties = devices.parties;
  private final Opening opening = devices.opening;

  @Test
  void recipientReadsWhatTheOpenerWritesAtOnceAndAnswers() {
    assertEquals("hello", shown(devices.bobReceives(devices.aliceSends("hello"))));
    assertEquals("confirm", shown(devices.aliceReceives(devices.bobSends("confirm"))));
    assertEquals("again", shown(devices.bobReceives(devices.aliceSends("again"))));
  }

  @Test
  void confirmationLostNextMessageConfirms() {
    devices.bobReceives(devices.aliceSends("hello"));
    devices.bobSends("confirm, lost");
    assertEquals("b", shown(devices.aliceReceives(devices.bobSends("b"))));
    assertEquals("a", shown(devices.bobReceives(devices.aliceSends("a"))));
  }

  @Test
  void openingMayComeWithAnyOfTheFirstMessages() {
    devices.aliceSends("lost");
    assertEquals("second", shown(devices.bobReceives(devices.aliceSends("second"))));
  }

  @Test
  void refusesWhenTheTwoDifferInAnyPartOfTheTranscript() {
    byte[] other = new byte[32];
    List<Parties> views =
        List.of(
            view("chat.other", "alice", parties.fromAccountKey(), parties.fromListHash()),
            view("chat.example", "mallory", parties.fromAccountKey(), parties.fromListHash()),
            view("chat.example", "alice", other, parties.fromListHash()),
            view("chat.example", "alice", parties.fromAccountKey(), other),
            viewOf("carol", TwoDevices.BOB_DEVICE, parties.toAccountKey(), parties.toListHash()),
            viewOf("bob", TwoDevices.ALICE_DEVICE, parties.toAccountKey(), parties.toListHash()),
            viewOf("bob", TwoDevices.BOB_DEVICE, other, parties.toListHash()),
            viewOf("bob", TwoDevices.BOB_DEVICE, parties.toAccountKey(), other));
    for (Parties view : views) {
      assertRefused(view, opening, devices.aliceKey.publicKey(), devices.bobPrekey);
    }
  }

  private Parties view(String host, String fromUser, byte[] accountKey, byte[] listHash) {
    return new Parties(
        parties.suite(),
        host,
        fromUser,
        parties.fromDevice(),
        accountKey,
        listHash,
        parties.toUser(),
        parties.toDevice(),
        parties.toAccountKey(),
        parties.toListHash());
  }

  private Parties viewOf(String toUser, String toDevice, byte[] accountKey, byte[] listHash) {
    return new Parties(
        parties.suite(),
        parties.serverHost(),
        parties.fromUser(),
        parties.fromDevice(),
        parties.fromAccountKey(),
        parties.fromListHash(),
        toUser,
        toDevice,
        accountKey,
        listHash);
  }

  @Test
  void refusesAnyPartOfTheOpeningChanged() {
    List<Opening> altered =
        List.of(
            altered(new PrekeyRef("signed", 7), opening.sessionId(), List.of(), opening.r1()),
            altered(new PrekeyRef("one-time", 8), opening.sessionId(), List.of(), opening.r1()),
            altered(opening.prekey(), new byte[16], List.of(), opening.r1()),
            altered(
                opening.prekey(), opening.sessionId(), List.of(new byte[16]), opening.r1()),
            altered(
                opening.prekey(), opening.sessionId(), List.of(), devices.bobPrekey.publicKey()),
            sealed(new byte[32], opening.sealedKey(), opening.signature()),
            sealed(opening.hpkeEnc(), flipped(opening.sealedKey()), opening.signature()),
            sealed(opening.hpkeEnc(), opening.sealedKey(), flipped(opening.signature())),
            sealed(opening.hpkeEnc(), opening.sealedKey(), Arrays.copyOf(opening.signature(), 65)),
            sealed(opening.hpkeEnc(), opening.sealedKey(), new byte[0]));
    for (Opening each : altered) {
      assertRefused(parties, each, devices.aliceKey.publicKey(), devices.bobPrekey);
    }
  }

  private Opening altered(PrekeyRef prekey, byte[] sessionId, List<byte[]> replaces, byte[] r1) {
    return new Opening(
        opening.senderDeviceList(),
        opening.recipientListVersion(),
        prekey,
        sessionId,
        replaces,
        r1,
        opening.hpkeEnc(),
        opening.sealedKey(),
        opening.signature());
  }

  private Opening sealed(byte[] hpkeEnc, byte[] sealedKey, byte[] signature) {
    return new Opening(
        opening.senderDeviceList(),
        opening.recipientListVersion(),
        opening.prekey(),
        opening.sessionId(),
        opening.replaces(),
        opening.r1(),
        hpkeEnc,
        sealedKey,
        signature);
  }

  @Test
  void refusesAnotherDevicesSignatureAndAnotherPrekey() {
    byte[] otherDevice = Ed25519.generate(random).publicKey();
    assertRefused(parties, opening, otherDevice, devices.bobPrekey);
    X25519.KeyPair otherPrekey = X25519.generateKeyPair(random);
    assertRefused(parties, opening, devices.aliceKey.publicKey(), otherPrekey);
  }

  /** Mallory cannot pass on alice's sealed session key as her own, though she signs for herself. */
  @Test
  void refusesASessionKeyThatAnotherUserSealed() {
    Ed25519.SigningKey mallory = Ed25519.generate(random);
    Parties asMallory =
        view("chat.example", "mallory", mallory.publicKey(), parties.fromListHash());
    byte[] sessionKey = new byte[32];
    byte[] transcript = transcriptOf(asMallory, opening.r1());
    Hpke.Sender sender =
        Hpke.setupBaseS(
            parties.suite(), devices.bobPrekey.publicKey(), transcript, random);
    byte[] sealedKey = sender.context().seal(Enc.encode("alice", sessionKey));
    byte[] signature =
        Ed25519.sign(
            mallory, Labels.OPENING, transcript, sender.enc(), Hash.sha256(sealedKey));
    Opening forged = sealed(sender.enc(), sealedKey, signature);
    assertRefused(asMallory, forged, mallory.publicKey(), devices.bobPrekey);

    byte[] honest = Enc.encode("mallory", sessionKey);
    Hpke.Sender again =
        Hpke.setupBaseS(
            parties.suite(), devices.bobPrekey.publicKey(), transcript, random);
    byte[] ownKey = again.context().seal(honest);
    byte[] ownSignature =
        Ed25519.sign(mallory, Labels.OPENING, transcript, again.enc(), Hash.sha256(ownKey));
    Opening own = sealed(again.enc(), ownKey, ownSignature);
    SessionOpening.accept(asMallory, own, mallory.publicKey(), devices.bobPrekey, random);
  }

  private byte[] transcriptOf(Parties view, byte[] r1) {
    return Enc.encode(
        "sotto/v1/opening",
        1,
        view.serverHost(),
        view.fromUser(),
        view.fromDevice(),
        view.fromAccountKey(),
        view.fromListHash(),
        view.toUser(),
        view.toDevice(),
        view.toAccountKey(),
        view.toListHash(),
        opening.prekey().kind(),
        opening.prekey().id(),
        opening.sessionId(),
        opening.replaces(),
        r1);
  }

  @Test
  void refusesAFirstRatchetKeyOfSmallOrderThoughWellSigned() {
    byte[] small = new byte[32];
    byte[] transcript = transcriptOf(parties, small);
    Hpke.Sender sender =
        Hpke.setupBaseS(
            parties.suite(), devices.bobPrekey.publicKey(), transcript, random);
    byte[] sealedKey = sender.context().seal(Enc.encode("alice", new byte[32]));
    byte[] signature =
        Ed25519.sign(
            devices.aliceKey, Labels.OPENING, transcript, sender.enc(), Hash.sha256(sealedKey));
    var forged =
        new Opening(
            text("{}"),
            1,
            opening.prekey(),
            opening.sessionId(),
            List.of(),
            small,
            sender.enc(),
            sealedKey,
            signature);
    assertRefused(parties, forged, devices.aliceKey.publicKey(), devices.bobPrekey);
  }

  @Test
  void everySessionHasItsOwnKeys() {
    SessionOpening.Created again =
        SessionOpening.create(
            parties,
            text("{}"),
            1,
            TwoDevices.PREKEY_REF,
            devices.bobPrekey.publicKey(),
            List.of(opening.sessionId()),
            devices.aliceKey,
            random);
    assertFalse(Arrays.equals(opening.sessionId(), again.opening().sessionId()));
    DoubleRatchet bob =
        SessionOpening.accept(
            parties, again.opening(), devices.aliceKey.publicKey(), devices.bobPrekey, random);
    var sent = devices.aliceSends("on the first session");
    assertInstanceOf(DoubleRatchet.Result.Failed.class, devices.open(bob, sent));
  }

  /** The wire form, whole: what it is made of comes back, and any change of a length is refused. */
  @Test
  void ciphertextComesBackFromItsBytes() {
    var sent = devices.aliceSends("hello");
    var whole =
        new Ciphertext(
            Suite.X25519, Optional.of(opening), sent.header(), sent.nonce(), sent.ct());
    byte[] bytes = whole.toBytes();
    assertEquals(1, bytes[0]);
    Ciphertext parsed = Ciphertext.fromBytes(bytes);
    assertArrayEquals(bytes, parsed.toBytes());
    assertArrayEquals(opening.toBytes(), parsed.opening().orElseThrow().toBytes());
    var without =
        new Ciphertext(
            Suite.X25519, Optional.empty(), sent.header(), sent.nonce(), sent.ct());
    assertEquals(Optional.empty(), Ciphertext.fromBytes(without.toBytes()).opening());
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThrows(RefusedException.class, () -> Ciphertext.fromBytes(cut));
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThrows(RefusedException.class, () -> Ciphertext.fromBytes(longer));
    byte[] otherSuite = bytes.clone();
    otherSuite[0] = 2;
    assertThrows(RefusedException.class, () -> Ciphertext.fromBytes(otherSuite));
  }

  @Test
  void refusesIdsAndKeysOfOtherLength() {
    byte[] longId = new byte[17];
    byte[] shortKey = new byte[31];
    for (Opening each :
        List.of(
            altered(opening.prekey(), longId, List.of(), opening.r1()),
            altered(opening.prekey(), opening.sessionId(), List.of(longId), opening.r1()),
            altered(opening.prekey(), opening.sessionId(), List.of(), shortKey))) {
      byte[] bytes = each.toBytes();
      assertThrows(RefusedException.class, () -> Opening.fromBytes(bytes));
    }
    for (var header :
        List.of(
            new DoubleRatchet.Header(longId, opening.r1(), 0, 0),
            new DoubleRatchet.Header(opening.sessionId(), shortKey, 0, 0))) {
      byte[] bytes = header.toBytes();
      assertThrows(RefusedException.class, () -> DoubleRatchet.Header.fromBytes(bytes));
    }
  }

  private void assertRefused(
      Parties view, Opening each, byte[] signKey, X25519.KeyPair prekey) {
    assertThrows(
        RefusedException.class,
        () -> SessionOpening.accept(view, each, signKey, prekey, random));
  }

  private static byte[] flipped(byte[] bytes) {
    byte[] flipped = bytes.clone();
    flipped[3] ^= 1;
    return flipped;
  }
}

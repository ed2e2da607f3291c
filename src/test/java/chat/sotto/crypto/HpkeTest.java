package chat.sotto.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContext;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.junit.jupiter.api.Test;

/**
 * RFC 9180. Its Appendix A has no vector of exactly our suite; the CFRG's test-vectors.json, from
 * which the appendix was taken, has one for base mode. PSK mode is held by BouncyCastle, which
 * holds the PSK vector of Appendix A.1.2 itself.
 */
class HpkeTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  private static final byte[] INFO = Hex.bytes("4f6465206f6e2061204772656369616e2055726e");
  private static final byte[] PLAINTEXT =
      Hex.bytes("4265617574792069732074727574682c20747275746820626561757479");
  private static final byte[] PSK =
      Hex.bytes("0247fd33b913760fa1fa51e1892d9f307fbe65eb171e8132c2af18555a738b82");
  private static final byte[] PSK_ID = Hex.bytes("456e6e796e20447572696e206172616e204d6f726961");

  // mode 0, kem 0x0020, kdf 0x0001, aead 0x0002.
  private static final X25519.KeyPair EPHEMERAL =
      keyPair("179d4b53b6365c45b600c4163b61d95cbc2f4d9e36f1695558dce265ab8bab11");
  private static final X25519.KeyPair RECIPIENT =
      keyPair("497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d");
  private static final String ENC =
      "6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256";
  private static final String FIRST_CIPHERTEXT =
      "e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a925cdad859d5b7a";

  @Test
  void senderHoldsTheCfrgVectorOfOurSuite() {
    Hpke.Sender sender =
        Hpke.setupBaseS(Suite.X25519, RECIPIENT.publicKey(), INFO, EPHEMERAL);
    assertEquals(ENC, Hex.text(sender.enc()));
    assertEquals(
        FIRST_CIPHERTEXT, Hex.text(sender.context().seal(ascii("Count-0"), PLAINTEXT)));
    assertEquals(
        "ded6cffafaea6b812cbf3e241e88332adbc077aca81512914213810ee291770a",
        Hex.text(sender.context().export("", 32)));
    assertEquals(
        "7c5ded445732c14fe09727d29b4251c0fd38455fe8440571e687f0886aac94d2",
        Hex.text(sender.context().export("TestContext", 32)));
  }

  @Test
  void receiverHoldsTheCfrgVectorOfOurSuite() {
    Hpke.ReceiverContext receiver =
        Hpke.setupBaseR(Suite.X25519, Hex.bytes(ENC), RECIPIENT, INFO);
    assertArrayEquals(
        PLAINTEXT, receiver.open(ascii("Count-0"), Hex.bytes(FIRST_CIPHERTEXT)));
    assertEquals(
        "7c5ded445732c14fe09727d29b4251c0fd38455fe8440571e687f0886aac94d2",
        Hex.text(receiver.export("TestContext", 32)));
  }

  /** The accumulated form of the same vector, as Go's standard library keeps it. */
  @Test
  void holdsTheAccumulatedVectorOver1000MessagesAnd1000Exports() {
    Hpke.SenderContext sender =
        Hpke.setupBaseS(Suite.X25519, RECIPIENT.publicKey(), INFO, EPHEMERAL).context();
    Hpke.ReceiverContext receiver =
        Hpke.setupBaseR(Suite.X25519, Hex.bytes(ENC), RECIPIENT, INFO);
    var source = new SHAKEDigest(128);
    var sink = new SHAKEDigest(128);
    for (int i = 0; i < 1000; i++) {
      byte[] aad = draw(source);
      byte[] plaintext = draw(source);
      byte[] ciphertext = sender.seal(aad, plaintext);
      sink.update(ciphertext, 0, ciphertext.length);
      assertArrayEquals(plaintext, receiver.open(aad, ciphertext));
    }
    assertEquals("1702e73e1e71705faa8241022af1deea", Hex.text(squeeze(sink, 16)));

    source = new SHAKEDigest(128);
    sink = new SHAKEDigest(128);
    for (int length = 0; length < 1000; length++) {
      byte[] context = draw(source);
      byte[] value = sender.export(context, length);
      sink.update(value, 0, length);
      assertArrayEquals(value, receiver.export(context, length));
    }
    assertEquals("5cb678bf1c52afbd9afb58b8f7c1ced3", Hex.text(squeeze(sink, 16)));
  }

  @Test
  void bouncyCastleHoldsThePskVectorOfAppendixA12() throws Exception {
    var hpke =
        new HPKE(
            HPKE.mode_psk, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM128);
    AsymmetricCipherKeyPair recipient =
        theirs(
            hpke, keyPair("c5eb01eb457fe6c6f57577c5413b931550a162c71a03ac8d196babbd4e5ce0fd"));
    byte[] enc = Hex.bytes("0ad0950d9fb9588e59690b74f1237ecdf1d775cd60be2eca57af5a4b0471c91b");
    HPKEContext receiver = hpke.setupPSKR(enc, recipient, INFO, PSK, PSK_ID);
    byte[] ciphertext =
        Hex.bytes(
            "e52c6fed7f758d0cf7145689f21bc1be6ec9ea097fef4e959440012f4feb73fb",
            "611b946199e681f4cfc34db8ea");
    assertArrayEquals(PLAINTEXT, receiver.open(ascii("Count-0"), ciphertext));
    assertEquals(
        "dff17af354c8b41673567db6259fd6029967b4e1aad13023c2ae5df8f4f43bf6",
        Hex.text(receiver.export(new byte[0], 32)));
  }

  @Test
  void bouncyCastleOpensWhatWeSeal() throws Exception {
    X25519.KeyPair recipient = X25519.generateKeyPair(RANDOM);
    HPKE base = theirHpke(HPKE.mode_base);
    Hpke.Sender ours = Hpke.setupBaseS(Suite.X25519, recipient.publicKey(), INFO, RANDOM);
    assertTheyOpen(ours, base.setupBaseR(ours.enc(), theirs(base, recipient), INFO));

    HPKE psk = theirHpke(HPKE.mode_psk);
    ours =
        Hpke.setupPskS(Suite.X25519, recipient.publicKey(), INFO, PSK, PSK_ID, RANDOM);
    assertTheyOpen(ours, psk.setupPSKR(ours.enc(), theirs(psk, recipient), INFO, PSK, PSK_ID));
  }

  @Test
  void weOpenWhatBouncyCastleSeals() throws Exception {
    X25519.KeyPair recipient = X25519.generateKeyPair(RANDOM);
    HPKE base = theirHpke(HPKE.mode_base);
    HPKEContextWithEncapsulation theirs =
        base.setupBaseS(base.deserializePublicKey(recipient.publicKey()), INFO);
    assertWeOpen(
        theirs,
        Hpke.setupBaseR(Suite.X25519, theirs.getEncapsulation(), recipient, INFO));

    HPKE psk = theirHpke(HPKE.mode_psk);
    theirs =
        psk.SetupPSKS(psk.deserializePublicKey(recipient.publicKey()), INFO, PSK, PSK_ID);
    assertWeOpen(
        theirs,
        Hpke.setupPskR(
            Suite.X25519, theirs.getEncapsulation(), recipient, INFO, PSK, PSK_ID));
  }

  @Test
  void opensOnlyTheNextCiphertextAndOnlyOnce() {
    var pair = new Pair();
    byte[] first = pair.sender.seal(PLAINTEXT);
    byte[] second = pair.sender.seal(PLAINTEXT);
    assertThrows(RefusedException.class, () -> pair.receiver.open(second));
    assertArrayEquals(PLAINTEXT, pair.receiver.open(first));
    assertThrows(RefusedException.class, () -> pair.receiver.open(first));
    assertArrayEquals(PLAINTEXT, pair.receiver.open(second));
  }

  @Test
  void failureDoesNotAdvanceTheContext() {
    var pair = new Pair();
    byte[] ciphertext = pair.sender.seal(PLAINTEXT);
    for (int i = 0; i < ciphertext.length; i++) {
      byte[] flipped = ciphertext.clone();
      flipped[i] ^= 1;
      assertThrows(RefusedException.class, () -> pair.receiver.open(flipped));
    }
    assertThrows(RefusedException.class, () -> pair.receiver.open(new byte[0]));
    assertThrows(RefusedException.class, () -> pair.receiver.open(new byte[15]));
    assertThrows(RefusedException.class, () -> pair.receiver.open(new byte[] {1}, ciphertext));
    assertArrayEquals(PLAINTEXT, pair.receiver.open(ciphertext));
  }

  @Test
  void anotherInfoPskOrModeSharesNothing() {
    X25519.KeyPair recipient = X25519.generateKeyPair(RANDOM);
    Hpke.Sender sender =
        Hpke.setupPskS(Suite.X25519, recipient.publicKey(), INFO, PSK, PSK_ID, RANDOM);
    byte[] ciphertext = sender.context().seal(PLAINTEXT);
    byte[] otherPsk = PSK.clone();
    otherPsk[31] ^= 1;
    var others =
        new Hpke.ReceiverContext[] {
          pskR(recipient, sender.enc(), ascii("other"), PSK, PSK_ID),
          pskR(recipient, sender.enc(), INFO, otherPsk, PSK_ID),
          pskR(recipient, sender.enc(), INFO, PSK, ascii("other")),
          Hpke.setupBaseR(Suite.X25519, sender.enc(), recipient, INFO),
          pskR(X25519.generateKeyPair(RANDOM), sender.enc(), INFO, PSK, PSK_ID)
        };
    for (Hpke.ReceiverContext other : others) {
      assertThrows(RefusedException.class, () -> other.open(ciphertext));
    }
    assertArrayEquals(
        PLAINTEXT, pskR(recipient, sender.enc(), INFO, PSK, PSK_ID).open(ciphertext));
  }

  @Test
  void refusesKeysOfSmallOrderAndOfOtherLength() {
    X25519.KeyPair recipient = X25519.generateKeyPair(RANDOM);
    for (byte[] key : new byte[][] {new byte[32], new byte[31], new byte[33], new byte[0]}) {
      assertThrows(
          RefusedException.class, () -> Hpke.setupBaseS(Suite.X25519, key, INFO, RANDOM));
      assertThrows(
          RefusedException.class, () -> Hpke.setupBaseR(Suite.X25519, key, recipient, INFO));
      assertThrows(
          RefusedException.class,
          () -> Hpke.setupPskS(Suite.X25519, key, INFO, PSK, PSK_ID, RANDOM));
      assertThrows(
          RefusedException.class, () -> pskR(recipient, key, INFO, PSK, PSK_ID));
    }
  }

  @Test
  void pskOfLessThan32BytesOrWithoutIdIsAMistakeOfTheCaller() {
    byte[] key = RECIPIENT.publicKey();
    byte[] shortPsk = new byte[31];
    byte[] noId = new byte[0];
    assertThrows(
        IllegalArgumentException.class,
        () -> Hpke.setupPskS(Suite.X25519, key, INFO, shortPsk, PSK_ID, RANDOM));
    assertThrows(
        IllegalArgumentException.class,
        () -> Hpke.setupPskS(Suite.X25519, key, INFO, PSK, noId, RANDOM));
    assertThrows(
        IllegalArgumentException.class,
        () -> pskR(RECIPIENT, Hex.bytes(ENC), INFO, shortPsk, PSK_ID));
  }

  @Test
  void unknownSuitesAreRefused() {
    assertEquals(Suite.X25519, Suite.of(1));
    for (int id : new int[] {0, 2, 3, -1, 255, 257}) {
      assertThrows(RefusedException.class, () -> Suite.of(id));
    }
  }

  private static final class Pair {
    final Hpke.SenderContext sender;
    final Hpke.ReceiverContext receiver;

    Pair() {
      X25519.KeyPair recipient = X25519.generateKeyPair(RANDOM);
      Hpke.Sender setup =
          Hpke.setupBaseS(Suite.X25519, recipient.publicKey(), INFO, RANDOM);
      sender = setup.context();
      receiver = Hpke.setupBaseR(Suite.X25519, setup.enc(), recipient, INFO);
    }
  }

  private static void assertTheyOpen(Hpke.Sender ours, HPKEContext theirs) throws Exception {
    for (int i = 0; i < 5; i++) {
      byte[] aad = ascii("Count-" + i);
      assertArrayEquals(PLAINTEXT, theirs.open(aad, ours.context().seal(aad, PLAINTEXT)));
    }
    assertArrayEquals(theirs.export(ascii("x"), 32), ours.context().export("x", 32));
  }

  private static void assertWeOpen(HPKEContext theirs, Hpke.ReceiverContext ours)
      throws Exception {
    for (int i = 0; i < 5; i++) {
      byte[] aad = ascii("Count-" + i);
      assertArrayEquals(PLAINTEXT, ours.open(aad, theirs.seal(aad, PLAINTEXT)));
    }
    assertArrayEquals(theirs.export(ascii("x"), 32), ours.export("x", 32));
  }

  private static Hpke.ReceiverContext pskR(
      X25519.KeyPair recipient, byte[] enc, byte[] info, byte[] psk, byte[] pskId) {
    return Hpke.setupPskR(Suite.X25519, enc, recipient, info, psk, pskId);
  }

  private static HPKE theirHpke(byte mode) {
    return new HPKE(
        mode, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
  }

  private static AsymmetricCipherKeyPair theirs(HPKE hpke, X25519.KeyPair pair) {
    return hpke.deserializePrivateKey(pair.exportPrivateKey(), pair.publicKey());
  }

  private static X25519.KeyPair keyPair(String privateKey) {
    return X25519.fromPrivateKey(Hex.bytes(privateKey));
  }

  private static byte[] draw(SHAKEDigest source) {
    return squeeze(source, squeeze(source, 1)[0] & 0xff);
  }

  private static byte[] squeeze(SHAKEDigest digest, int length) {
    byte[] output = new byte[length];
    digest.doOutput(output, 0, length);
    return output;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

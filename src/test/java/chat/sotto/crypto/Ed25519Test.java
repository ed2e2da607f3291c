package chat.sotto.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8032 §7.1, and what Wycheproof and others found implementations to accept. */
class Ed25519Test {
  private static final BigInteger PRIME = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger ORDER =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private static final byte[] MESSAGE = Hex.bytes("72");
  private static final byte[] PUBLIC_KEY =
      Hex.bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  private static final byte[] SIGNATURE =
      Hex.bytes(
          "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da",
          "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");

  @ParameterizedTest
  @CsvSource({
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
        + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
        + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
        + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
        + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
        + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,"
        + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
  })
  void holdsTheVectorsOfRfc8032(String seed, String key, String message, String signature) {
    Ed25519.SigningKey signingKey = Ed25519.fromSeed(Hex.bytes(seed));
    assertEquals(key, Hex.text(signingKey.publicKey()));
    assertEquals(signature, Hex.text(Ed25519.signRaw(signingKey, Hex.bytes(message))));
    assertTrue(Ed25519.verifyRaw(Hex.bytes(key), Hex.bytes(signature), Hex.bytes(message)));
  }

  @Test
  void signsTheEncodingOfLabelAndItems() {
    Ed25519.SigningKey key = Ed25519.generate(new SecureRandom());
    byte[] signature = Ed25519.sign(key, Labels.ACK, "a", 1);
    assertArrayEquals(Ed25519.signRaw(key, Enc.encode(Labels.ACK, "a", 1)), signature);
    assertTrue(Ed25519.verify(key.publicKey(), signature, Labels.ACK, "a", 1));
    assertFalse(Ed25519.verify(key.publicKey(), signature, Labels.ACK, "a", 2));
    assertFalse(Ed25519.verify(key.publicKey(), signature, Labels.PREKEY, "a", 1));
    byte[] otherKey = Ed25519.generate(new SecureRandom()).publicKey();
    assertFalse(Ed25519.verify(otherKey, signature, Labels.ACK, "a", 1));
  }

  /** Wycheproof's tcId 37 appends a zero byte, which the JDK 17 accepts. */
  @ParameterizedTest
  @ValueSource(ints = {0, 32, 63, 65, 128})
  void refusesSignaturesThatAreNot64Bytes(int length) {
    assertFalse(Ed25519.verifyRaw(PUBLIC_KEY, Arrays.copyOf(SIGNATURE, length), MESSAGE));
  }

  @Test
  void refusesSignaturesWithAnyBitFlipped() {
    for (int bit = 0; bit < SIGNATURE.length * 8; bit++) {
      byte[] flipped = SIGNATURE.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertFalse(Ed25519.verifyRaw(PUBLIC_KEY, flipped, MESSAGE), "bit " + bit);
    }
  }

  @Test
  void refusesSThatIsNotBelowTheGroupOrder() {
    BigInteger s = bigInteger(Arrays.copyOfRange(SIGNATURE, 32, 64));
    for (int multiple = 1; multiple <= 15; multiple++) {
      BigInteger malleated = s.add(ORDER.multiply(BigInteger.valueOf(multiple)));
      byte[] signature = Arrays.copyOf(SIGNATURE, 64);
      System.arraycopy(littleEndian(malleated), 0, signature, 32, 32);
      assertFalse(Ed25519.verifyRaw(PUBLIC_KEY, signature, MESSAGE), multiple + " times L");
    }
    byte[] orderItself = new byte[64];
    System.arraycopy(littleEndian(ORDER), 0, orderItself, 32, 32);
    assertFalse(Ed25519.verifyRaw(PUBLIC_KEY, orderItself, MESSAGE));
  }

  /** Under such a key one signature may be good for many messages. */
  @ParameterizedTest
  @MethodSource("keysOfSmallOrder")
  void refusesPublicKeysOfSmallOrder(byte[] key) {
    assertThrows(RefusedException.class, () -> Ed25519.requireValidPublicKey(key));
    byte[] neutral = littleEndian(BigInteger.ONE);
    byte[] signature = Arrays.copyOf(neutral, 64);
    for (int i = 0; i < 16; i++) {
      assertFalse(Ed25519.verifyRaw(key, signature, new byte[] {(byte) i}));
    }
  }

  static List<byte[]> keysOfSmallOrder() {
    String order8a = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";
    String order8b = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a";
    List<byte[]> keys = new ArrayList<>();
    for (BigInteger y :
        List.of(
            BigInteger.ZERO,
            BigInteger.ONE,
            PRIME.subtract(BigInteger.ONE),
            bigInteger(Hex.bytes(order8a)),
            bigInteger(Hex.bytes(order8b)))) {
      keys.add(littleEndian(y));
      keys.add(littleEndian(y.setBit(255)));
    }
    return keys;
  }

  @Test
  void refusesPublicKeysThatAreNotCanonical() {
    for (BigInteger y = PRIME; y.bitLength() == 255; y = y.add(BigInteger.ONE)) {
      byte[] key = littleEndian(y);
      assertThrows(RefusedException.class, () -> Ed25519.requireValidPublicKey(key));
      byte[] signed = littleEndian(y.setBit(255));
      assertThrows(RefusedException.class, () -> Ed25519.requireValidPublicKey(signed));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33})
  void refusesPublicKeysOfOtherLength(int length) {
    byte[] key = Arrays.copyOf(PUBLIC_KEY, length);
    assertThrows(RefusedException.class, () -> Ed25519.requireValidPublicKey(key));
    assertFalse(Ed25519.verifyRaw(key, SIGNATURE, MESSAGE));
  }

  @Test
  void takesEveryKeyThatItMakes() {
    for (int i = 0; i < 100; i++) {
      byte[] key = Ed25519.generate(new SecureRandom()).publicKey();
      assertDoesNotThrow(() -> Ed25519.requireValidPublicKey(key));
    }
  }

  @Test
  void keyComesBackFromItsSeedAndItsTextShowsNothing() {
    Ed25519.SigningKey key = Ed25519.generate(new SecureRandom());
    assertArrayEquals(key.publicKey(), Ed25519.fromSeed(key.exportSeed()).publicKey());
    assertEquals("Ed25519.SigningKey[***]", key.toString());
    assertThrows(RefusedException.class, () -> Ed25519.fromSeed(new byte[31]));
  }

  private static BigInteger bigInteger(byte[] littleEndian) {
    byte[] bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = littleEndian[littleEndian.length - 1 - i];
    }
    return new BigInteger(1, bigEndian);
  }

  private static byte[] littleEndian(BigInteger value) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < 32; i++) {
      bytes[i] = value.shiftRight(8 * i).byteValue();
    }
    return bytes;
  }
}

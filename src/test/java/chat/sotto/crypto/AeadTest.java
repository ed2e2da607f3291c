package chat.sotto.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AeadTest {
  private static final byte[] KEY = new byte[32];
  private static final byte[] AAD = {1, 2, 3};
  private static final byte[] TEXT = {4, 5, 6, 7};
  private final SecureRandom random = new SecureRandom();

  /** Test cases 13 and 14 of the GCM specification (McGrew and Viega). */
  @Test
  void holdsThePublishedVectorsOfAes256Gcm() {
    byte[] none = new byte[0];
    assertEquals(
        "530f8afbc74536b9a963b4f1c4cb738b",
        Hex.text(Aead.sealWithNonce(KEY, new byte[12], none, none)));
    assertEquals(
        "cea7403d4d606b6e074ec5d3baf39d18" + "d0d1c8a799996bf0265b98b5d48ab919",
        Hex.text(Aead.sealWithNonce(KEY, new byte[12], none, new byte[16])));
  }

  @Test
  void nonceIsInFrontAndNewEachTime() {
    byte[] sealed = Aead.seal(KEY, AAD, TEXT, random);
    assertEquals(12 + TEXT.length + 16, sealed.length);
    assertArrayEquals(TEXT, Aead.open(KEY, AAD, sealed));
    byte[] nonce = Arrays.copyOf(sealed, 12);
    byte[] again = Aead.seal(KEY, AAD, TEXT, random);
    assertFalse(Arrays.equals(nonce, Arrays.copyOf(again, 12)));
  }

  @Test
  void refusesAnyBitFlippedAnyLengthAndAnotherKeyOrAad() {
    byte[] sealed = Aead.seal(KEY, AAD, TEXT, random);
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] flipped = sealed.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertDoesNotOpen(KEY, AAD, flipped);
    }
    for (int length = 0; length < sealed.length; length++) {
      assertDoesNotOpen(KEY, AAD, Arrays.copyOf(sealed, length));
    }
    byte[] otherKey = KEY.clone();
    otherKey[31] = 1;
    assertDoesNotOpen(otherKey, AAD, sealed);
    assertDoesNotOpen(KEY, new byte[0], sealed);
  }

  private static void assertDoesNotOpen(byte[] key, byte[] aad, byte[] sealed) {
    var refused =
        assertThrows(RefusedException.class, () -> Aead.open(key, aad, sealed));
    assertEquals("does not open", refused.getMessage());
  }
}

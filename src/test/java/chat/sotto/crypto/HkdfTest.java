package chat.sotto.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** RFC 5869 Appendix A, the cases with SHA-256; RFC 4231 for HMAC. */
class HkdfTest {
  private static final byte[] NONE = new byte[0];

  @Test
  void holdsTestCase1OfRfc5869() {
    byte[] ikm = filled(0x0b, 22);
    byte[] salt = rising(0x00, 13);
    byte[] prk = Hkdf.extract(salt, ikm);
    assertEquals("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5", Hex.text(prk));
    assertEquals(
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        Hex.text(Hkdf.derive(salt, ikm, rising(0xf0, 10), 42)));
  }

  @Test
  void holdsTestCase2OfRfc5869WithLongInputs() {
    byte[] ikm = rising(0x00, 80);
    byte[] salt = rising(0x60, 80);
    assertEquals(
        "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
        Hex.text(Hkdf.extract(salt, ikm)));
    assertEquals(
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
            + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
            + "cc30c58179ec3e87c14c01d5c1f3434f1d87",
        Hex.text(Hkdf.derive(salt, ikm, rising(0xb0, 80), 82)));
  }

  @Test
  void holdsTestCase3OfRfc5869WithoutSaltAndInfo() {
    byte[] ikm = filled(0x0b, 22);
    assertEquals(
        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
        Hex.text(Hkdf.extract(NONE, ikm)));
    assertEquals(
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        Hex.text(Hkdf.derive(NONE, ikm, NONE, 42)));
    assertArrayEquals(Hkdf.extract(new byte[32], ikm), Hkdf.extract(NONE, ikm));
  }

  @Test
  void holdsTestCases2And6OfRfc4231() {
    assertEquals(
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        Hex.text(
            Hkdf.hmac(
                "Jefe".getBytes(), "what do ya ".getBytes(), "want for nothing?".getBytes())));
    assertEquals(
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        Hex.text(
            Hkdf.hmac(
                filled(0xaa, 131),
                "Test Using Larger Than Block-Size Key - Hash Key First".getBytes())));
  }

  @Test
  void givesUpTo255BlocksAndNotOneByteMore() {
    assertEquals(255 * 32, Hkdf.expand(new byte[32], NONE, 255 * 32).length);
    assertEquals(0, Hkdf.expand(new byte[32], NONE, 0).length);
    assertThrows(
        IllegalArgumentException.class, () -> Hkdf.expand(new byte[32], NONE, 255 * 32 + 1));
    assertThrows(IllegalArgumentException.class, () -> Hkdf.expand(new byte[32], NONE, -1));
  }

  private static byte[] filled(int value, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] rising(int from, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (from + i);
    }
    return bytes;
  }
}

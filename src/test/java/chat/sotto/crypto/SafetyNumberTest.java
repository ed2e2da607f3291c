package chat.sotto.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SafetyNumberTest {
  private static final byte[] ALICE = Hex.bytes("a1".repeat(32));
  private static final byte[] BOB = Hex.bytes("b0".repeat(32));

  @Test
  void isTheSameFromBothSides() {
    SafetyNumber number = SafetyNumber.of("chat.example", "alice", ALICE, "bob", BOB);
    assertEquals(number, SafetyNumber.of("chat.example", "bob", BOB, "alice", ALICE));
    assertTrue(number.digits().matches("[0-9]{60}"));
    assertTrue(number.qrText().matches("sotto1:[A-Za-z0-9_-]{86}\\.[A-Za-z0-9_-]{86}"));
  }

  /** docs/protocol.md §4.3 written down a second time. */
  @Test
  void isSignalsNumericFingerprintOf5200Hashes() {
    String a = digits(fingerprint("alice", ALICE));
    String b = digits(fingerprint("bob", BOB));
    SafetyNumber number = SafetyNumber.of("chat.example", "alice", ALICE, "bob", BOB);
    assertEquals(a.compareTo(b) < 0 ? a + b : b + a, number.digits());
    byte[] first = a.compareTo(b) < 0 ? fingerprint("alice", ALICE) : fingerprint("bob", BOB);
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(first);
    assertTrue(number.qrText().startsWith("sotto1:" + text + "."));
  }

  @Test
  void dependsOnEveryNameKeyAndServer() {
    String digits = SafetyNumber.of("chat.example", "alice", ALICE, "bob", BOB).digits();
    assertNotEquals(
        digits, SafetyNumber.of("chat.other", "alice", ALICE, "bob", BOB).digits());
    assertNotEquals(
        digits, SafetyNumber.of("chat.example", "alice2", ALICE, "bob", BOB).digits());
    assertNotEquals(
        digits, SafetyNumber.of("chat.example", "alice", BOB, "bob", ALICE).digits());
    assertNotEquals(
        digits, SafetyNumber.of("chat.example", "alice", ALICE, "bob", ALICE).digits());
  }

  private static byte[] fingerprint(String user, byte[] key) {
    byte[] data = Enc.encode("sotto/v1/safety", "chat.example", user, key);
    byte[] hash = Hash.sha512(new byte[2], data, key);
    for (int hashes = 1; hashes < 5_200; hashes++) {
      hash = Hash.sha512(hash, key);
    }
    return hash;
  }

  private static String digits(byte[] fingerprint) {
    var digits = new StringBuilder();
    for (int i = 0; i < 30; i += 5) {
      var group = new BigInteger(1, Arrays.copyOfRange(fingerprint, i, i + 5));
      digits.append(String.format("%05d", group.mod(BigInteger.valueOf(100_000))));
    }
    return digits.toString();
  }
}

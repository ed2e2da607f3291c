package chat.sotto.crypto;

import java.util.Base64;
import java.util.Locale;

/**
 * What two people compare to know that they have each other's account keys (docs/protocol.md §4.3):
 * Signal's numeric fingerprint. 30 digits a person are 99 bits, and each guess costs 5,200 hashes.
 *
 * @param digits 60 digits
 * @param qrText what the QR code holds
 */
public record SafetyNumber(String digits, String qrText) {
  private static final int ITERATIONS = 5_200;
  private static final byte[] VERSION = {0, 0};
  private static final String QR_PREFIX = "sotto1:";

  /** The same for both people, whoever asks. */
  public static SafetyNumber of(
      String serverHost, String userA, byte[] accountKeyA, String userB, byte[] accountKeyB) {
    byte[] a = fingerprint(serverHost, userA, accountKeyA);
    byte[] b = fingerprint(serverHost, userB, accountKeyB);
    String digitsA = digits(a);
    String digitsB = digits(b);
    boolean aFirst = digitsA.compareTo(digitsB) <= 0;
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String textA = base64.encodeToString(a);
    String textB = base64.encodeToString(b);
    return new SafetyNumber(
        aFirst ? digitsA + digitsB : digitsB + digitsA,
        QR_PREFIX + (aFirst ? textA + "." + textB : textB + "." + textA));
  }

  /** 64 bytes. */
  private static byte[] fingerprint(String serverHost, String user, byte[] accountKey) {
    byte[] data = Enc.encode(Labels.SAFETY, serverHost, user, accountKey);
    byte[] hash = Hash.sha512(VERSION, data, accountKey);
    for (int i = 1; i < ITERATIONS; i++) {
      hash = Hash.sha512(hash, accountKey);
    }
    return hash;
  }

  private static String digits(byte[] fingerprint) {
    var digits = new StringBuilder(30);
    for (int group = 0; group < 6; group++) {
      long value = 0;
      for (int i = 0; i < 5; i++) {
        value = value << 8 | fingerprint[group * 5 + i] & 0xff;
      }
      digits.append(String.format(Locale.ROOT, "%05d", value % 100_000));
    }
    return digits.toString();
  }
}

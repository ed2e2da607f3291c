package chat.sotto.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;

/**
 * The 128 bits that open an account whose password is forgotten (docs/protocol.md §12.2). The text
 * that people write down ends in a check, so that a slip of the pen is told from a wrong code.
 */
public final class RecoveryCode {
  public static final int BYTES = 16;
  private static final int CHECK_BYTES = 4;
  private static final int GROUP = 4;

  /** Crockford's Base32: no I, L, O and U. */
  private static final String SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  private static final int SYMBOL_BITS = 5;
  private static final int SYMBOL_COUNT = (BYTES + CHECK_BYTES) * 8 / SYMBOL_BITS;

  private final byte[] code;

  private RecoveryCode(byte[] code) {
    this.code = code;
  }

  public static RecoveryCode generate(SecureRandom random) {
    byte[] code = new byte[BYTES];
    random.nextBytes(code);
    return new RecoveryCode(code);
  }

  /** @param code 16 bytes, as a vault holds them */
  public static RecoveryCode of(byte[] code) {
    if (code.length != BYTES) {
      throw new IllegalArgumentException("a recovery code has 16 bytes");
    }
    return new RecoveryCode(code.clone());
  }

  /**
   * Reads what a person typed: in either case, O for 0, I or L for 1, spaces and hyphens anywhere.
   *
   * @throws RefusedException if it is no code, or its check is wrong
   */
  public static RecoveryCode read(String typed) {
    String symbols =
        typed
            .replaceAll("[\\s-]", "")
            .toUpperCase(Locale.ROOT)
            .replace('O', '0')
            .replace('I', '1')
            .replace('L', '1');
    if (symbols.length() != SYMBOL_COUNT) {
      throw new RefusedException("a recovery code has 32 symbols");
    }
    byte[] bytes = bytes(symbols);
    byte[] code = Arrays.copyOf(bytes, BYTES);
    byte[] check = Arrays.copyOfRange(bytes, BYTES, bytes.length);
    if (!MessageDigest.isEqual(check, check(code))) {
      throw new RefusedException("a recovery code with a slip");
    }
    return new RecoveryCode(code);
  }

  /** 32 symbols in eight groups of four. */
  public String text() {
    byte[] all = Arrays.copyOf(code, BYTES + CHECK_BYTES);
    System.arraycopy(check(code), 0, all, BYTES, CHECK_BYTES);
    var text = new StringBuilder();
    for (int i = 0; i < SYMBOL_COUNT; i++) {
      text.append(i > 0 && i % GROUP == 0 ? "-" : "").append(SYMBOLS.charAt(symbol(all, i)));
    }
    return text.toString();
  }

  /** As a vault holds it. */
  public byte[] toBytes() {
    return code.clone();
  }

  /** What proves to the server that one has the code, 32 bytes; it opens nothing. */
  public byte[] secret() {
    return derive(Labels.RECOVERY_SECRET);
  }

  /** The recovery vault that the server keeps; {@code content} is that of the vault. */
  public byte[] sealVault(String serverHost, String user, byte[] content, SecureRandom random) {
    return Aead.seal(derive(Labels.RECOVERY_VAULT), aad(serverHost, user), content, random);
  }

  /** @throws RefusedException unless it is this user's, under this code */
  public byte[] openVault(String serverHost, String user, byte[] recoveryVault) {
    return Aead.open(derive(Labels.RECOVERY_VAULT), aad(serverHost, user), recoveryVault);
  }

  @Override
  public String toString() {
    return "RecoveryCode[***]";
  }

  private byte[] derive(String label) {
    byte[] info = label.getBytes(StandardCharsets.UTF_8);
    return Hkdf.derive(new byte[0], code, info, Aead.KEY_BYTES);
  }

  private static byte[] aad(String serverHost, String user) {
    return Enc.encode(Labels.RECOVERY_VAULT, serverHost, user);
  }

  private static byte[] check(byte[] code) {
    return Arrays.copyOf(Hash.of(Labels.RECOVERY_CODE, code), CHECK_BYTES);
  }

  private static int symbol(byte[] bytes, int at) {
    int value = 0;
    for (int bit = at * SYMBOL_BITS; bit < (at + 1) * SYMBOL_BITS; bit++) {
      value = value << 1 | bytes[bit / 8] >> 7 - bit % 8 & 1;
    }
    return value;
  }

  private static byte[] bytes(String symbols) {
    byte[] bytes = new byte[SYMBOL_COUNT * SYMBOL_BITS / 8];
    for (int i = 0; i < SYMBOL_COUNT; i++) {
      int value = SYMBOLS.indexOf(symbols.charAt(i));
      if (value < 0) {
        throw new RefusedException("a symbol that no recovery code has");
      }
      for (int bit = 0; bit < SYMBOL_BITS; bit++) {
        int at = i * SYMBOL_BITS + bit;
        bytes[at / 8] |= (byte) ((value >> SYMBOL_BITS - 1 - bit & 1) << 7 - at % 8);
      }
    }
    return bytes;
  }
}

package chat.sotto.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.text.Normalizer;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What a client derives from a password (docs/protocol.md §3). The two are independent: who has the
 * auth secret, as the server does for a moment, does not have the vault key.
 */
public final class PasswordSecrets {
  public static final int ITERATIONS = 1_000_000;

  private final byte[] authSecret;
  private final byte[] vaultKey;

  private PasswordSecrets(byte[] authSecret, byte[] vaultKey) {
    this.authSecret = authSecret;
    this.vaultKey = vaultKey;
  }

  /**
   * PBKDF2-HMAC-SHA-256 (RFC 8018 §5.2), then HKDF. Takes up to a second.
   *
   * @throws RefusedException for a password that has no UTF-8 form
   */
  public static PasswordSecrets derive(String password, String serverHost, String user) {
    return derive(password, serverHost, user, ITERATIONS);
  }

  static PasswordSecrets derive(String password, String serverHost, String user, int iterations) {
    String normal = Normalizer.normalize(password, Normalizer.Form.NFKC);
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(normal)) {
      throw new RefusedException("password with an unpaired surrogate");
    }
    byte[] salt = Hash.of(Labels.PASSWORD, serverHost, user);
    byte[] p = pbkdf2(new PBEKeySpec(normal.toCharArray(), salt, iterations, 256));
    byte[] prk = Hkdf.extract(new byte[0], p);
    return new PasswordSecrets(
        Hkdf.expand(prk, Labels.AUTH_SECRET.getBytes(StandardCharsets.UTF_8), 32),
        Hkdf.expand(prk, Labels.VAULT_KEY.getBytes(StandardCharsets.UTF_8), 32));
  }

  /** The JDK takes the UTF-8 of the characters, and twice the speed of BouncyCastle. */
  private static byte[] pbkdf2(PBEKeySpec spec) {
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } finally {
      spec.clearPassword();
    }
  }

  /** Sent to the server at register and login, 32 bytes. */
  public byte[] authSecret() {
    return authSecret.clone();
  }

  /** Never sent, 32 bytes. */
  public byte[] vaultKey() {
    return vaultKey.clone();
  }

  /** The vault that the server keeps; {@code content} is its JSON. */
  public byte[] sealVault(String serverHost, String user, byte[] content, SecureRandom random) {
    return Aead.seal(vaultKey, Enc.encode(Labels.VAULT, serverHost, user), content, random);
  }

  /** @throws RefusedException unless it is this user's, under this password */
  public byte[] openVault(String serverHost, String user, byte[] vault) {
    return Aead.open(vaultKey, Enc.encode(Labels.VAULT, serverHost, user), vault);
  }

  @Override
  public String toString() {
    return "PasswordSecrets[***]";
  }
}

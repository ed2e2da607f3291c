package chat.sotto.crypto;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

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

  /** PBKDF2-HMAC-SHA-256 (RFC 8018 §5.2), then HKDF. Takes about a second. */
  public static PasswordSecrets derive(String password, String serverHost, String user) {
    return derive(password, serverHost, user, ITERATIONS);
  }

  static PasswordSecrets derive(String password, String serverHost, String user, int iterations) {
    byte[] normal =
        Normalizer.normalize(password, Normalizer.Form.NFKC).getBytes(StandardCharsets.UTF_8);
    var pbkdf2 = new PKCS5S2ParametersGenerator(new SHA256Digest());
    pbkdf2.init(normal, Hash.of(Labels.PASSWORD, serverHost, user), iterations);
    byte[] p = ((KeyParameter) pbkdf2.generateDerivedMacParameters(256)).getKey();
    byte[] prk = Hkdf.extract(new byte[0], p);
    return new PasswordSecrets(
        Hkdf.expand(prk, Labels.AUTH_SECRET.getBytes(StandardCharsets.UTF_8), 32),
        Hkdf.expand(prk, Labels.VAULT_KEY.getBytes(StandardCharsets.UTF_8), 32));
  }

  /** Sent to the server at register and login, 32 bytes. */
  public byte[] authSecret() {
    return authSecret.clone();
  }

  /** Never sent, 32 bytes. */
  public byte[] vaultKey() {
    return vaultKey.clone();
  }

  @Override
  public String toString() {
    return "PasswordSecrets[***]";
  }
}

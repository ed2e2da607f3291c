package chat.sotto.edge;

import chat.sotto.crypto.Aead;
import chat.sotto.crypto.Argon2id;
import chat.sotto.crypto.Enc;
import chat.sotto.crypto.Hkdf;
import chat.sotto.crypto.Labels;
import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * What the server keeps of a password, and how it checks one (docs/protocol.md §3). Every method
 * takes about 40 ms of a core.
 */
final class PasswordVerifier {
  private static final int KEY_BYTES = 32;
  private static final byte[] NO_SALT = new byte[0];
  private static final byte[] NOBODY = new byte[Argon2id.SALT_BYTES + KEY_BYTES];

  private PasswordVerifier() {}

  /**
   * What is stored.
   *
   * @param credentials salt and verifier
   * @param vault wrapped under the same secret, so that nobody tries passwords on a stolen one for
   *     less than on the verifier
   */
  record Stored(Bytes credentials, Bytes vault) {
    @Override
    public String toString() {
      return "Stored[***]";
    }
  }

  static Stored make(UserName user, byte[] authSecret, Bytes vault, SecureRandom random) {
    var salt = new byte[Argon2id.SALT_BYTES];
    random.nextBytes(salt);
    byte[] k = Argon2id.hash(authSecret, salt);
    Bytes credentials = Bytes.of(salt).concat(Bytes.of(derive(k, Labels.VERIFY)));
    return new Stored(credentials, wrap(user, k, vault, random));
  }

  /** @param credentials empty for a user who does not exist: costs the same and is false */
  static boolean matches(Optional<byte[]> credentials, byte[] authSecret) {
    return check(credentials, authSecret).isPresent();
  }

  /**
   * The vault as the client sealed it.
   *
   * @param wrapped empty if it is gone: nobody gets it then
   * @return empty if the password is wrong
   */
  static Optional<Bytes> unwrap(
      UserName user,
      Optional<byte[]> credentials,
      Optional<byte[]> wrapped,
      byte[] authSecret) {
    return check(credentials, authSecret)
        .flatMap(k -> wrapped.map(bytes -> Aead.open(wrapKey(k), wrapAad(user), bytes)))
        .map(Bytes::of);
  }

  /**
   * Another vault, wrapped for the same password.
   *
   * @return empty if the password is wrong
   */
  static Optional<Bytes> wrap(
      UserName user,
      Optional<byte[]> credentials,
      byte[] authSecret,
      Bytes vault,
      SecureRandom random) {
    return check(credentials, authSecret).map(k -> wrap(user, k, vault, random));
  }

  private static Bytes wrap(UserName user, byte[] k, Bytes vault, SecureRandom random) {
    return Bytes.of(Aead.seal(wrapKey(k), wrapAad(user), vault.toArray(), random));
  }

  private static byte[] wrapKey(byte[] k) {
    return derive(k, Labels.VAULT_WRAP);
  }

  private static byte[] wrapAad(UserName user) {
    return Enc.encode(Labels.VAULT_WRAP, user.value());
  }

  /** The secret that follows from the password, if it is right; whoever gets it forgets it. */
  private static Optional<byte[]> check(Optional<byte[]> credentials, byte[] authSecret) {
    Bytes stored = Bytes.of(credentials.orElse(NOBODY));
    byte[] salt = stored.slice(0, Argon2id.SALT_BYTES).toArray();
    byte[] verifier = stored.slice(Argon2id.SALT_BYTES, stored.size()).toArray();
    byte[] k = Argon2id.hash(authSecret, salt);
    boolean isRight = MessageDigest.isEqual(verifier, derive(k, Labels.VERIFY));
    return isRight && credentials.isPresent() ? Optional.of(k) : Optional.empty();
  }

  private static byte[] derive(byte[] k, String label) {
    return Hkdf.derive(NO_SALT, k, label.getBytes(StandardCharsets.UTF_8), KEY_BYTES);
  }
}

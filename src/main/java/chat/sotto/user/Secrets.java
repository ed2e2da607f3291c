package chat.sotto.user;

import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What opens an account, as it lies in the body table.
 *
 * @param credentials SHA-256 of the body that holds salt and verifier
 * @param vault SHA-256 of the body that holds the wrapped vault
 * @param vaultVersion 1 for the first vault
 * @param recovery SHA-256 of the body that belongs to the recovery code; absent without a code
 */
public record Secrets(
    Bytes credentials, Bytes vault, long vaultVersion, Optional<Bytes> recovery) {
  static final long FIRST_VERSION = 1;

  /** Where they lie. */
  Set<String> bodies(UserName user) {
    var ids = new HashSet<String>();
    ids.add(BodyIds.credentials(user, credentials));
    ids.add(BodyIds.vault(user, vault));
    recovery.ifPresent(digest -> ids.add(BodyIds.recovery(user, digest)));
    return ids;
  }

  /** Whether a proof that was checked against this body is still one. */
  boolean standFor(Bytes proven) {
    return proven.equals(credentials) || Optional.of(proven).equals(recovery);
  }
}

package chat.sotto.user;

import chat.sotto.model.Bytes;
import java.util.Optional;

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

  /** Whether a proof that was checked against this body is still one. */
  boolean standFor(Bytes proven) {
    return proven.equals(credentials) || Optional.of(proven).equals(recovery);
  }
}

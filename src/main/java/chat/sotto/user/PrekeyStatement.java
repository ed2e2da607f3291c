package chat.sotto.user;

import chat.sotto.crypto.Hash;
import chat.sotto.model.Bytes;
import chat.sotto.model.Prekey;
import java.util.Optional;

/**
 * A prekey as commands and events hold it. What is given out lies in the body table, and goes; the
 * event keeps what the signature covers, for whoever verifies it later.
 *
 * @param digest SHA-256 of the public key
 * @param signature the device's, over the key itself (docs/protocol.md §4.2)
 * @param key the public key; absent in events of the first form
 */
public record PrekeyStatement(
    long id,
    Prekey.Kind kind,
    int suite,
    Bytes digest,
    Bytes signature,
    Optional<Bytes> key) {
  public static PrekeyStatement of(Prekey prekey) {
    Bytes digest = Bytes.of(Hash.sha256(prekey.key().toArray()));
    return new PrekeyStatement(
        prekey.id(),
        prekey.kind(),
        prekey.suite(),
        digest,
        prekey.signature(),
        Optional.of(prekey.key()));
  }
}

package chat.sotto.user;

import chat.sotto.crypto.Hash;
import chat.sotto.model.Bytes;
import chat.sotto.model.Prekey;

/**
 * A prekey as commands and events hold it. The key itself lies in the body table.
 *
 * @param digest SHA-256 of the public key
 * @param signature the device's, over the key itself (docs/protocol.md §4.2)
 */
public record PrekeyStatement(
    long id, Prekey.Kind kind, int suite, Bytes digest, Bytes signature) {
  public static PrekeyStatement of(Prekey prekey) {
    Bytes digest = Bytes.of(Hash.sha256(prekey.key().toArray()));
    return new PrekeyStatement(
        prekey.id(), prekey.kind(), prekey.suite(), digest, prekey.signature());
  }
}

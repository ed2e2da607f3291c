package chat.sotto.user;

import chat.sotto.model.Bytes;
import chat.sotto.model.Prekey;
import java.util.Optional;

/**
 * Where a prekey of a {@link User.KeysGiven} is found.
 *
 * @param bodyId the body is the signature (64 bytes) followed by the public key
 */
public record PrekeyRef(long id, Prekey.Kind kind, int suite, String bodyId) {
  private static final int SIGNATURE_BYTES = 64;

  /** The prekey as it is given out, from its body. */
  public Prekey prekey(Bytes body) {
    return new Prekey(
        id,
        kind,
        suite,
        body.slice(SIGNATURE_BYTES, body.size()),
        body.slice(0, SIGNATURE_BYTES));
  }

  /** The public key in a body; empty if it is too short to hold one. */
  public static Optional<Bytes> key(Bytes body) {
    return body.size() > SIGNATURE_BYTES
        ? Optional.of(body.slice(SIGNATURE_BYTES, body.size()))
        : Optional.empty();
  }

  /** What is to be stored for a prekey under its body id. */
  public static Bytes body(Prekey prekey) {
    return prekey.signature().concat(prekey.key());
  }
}

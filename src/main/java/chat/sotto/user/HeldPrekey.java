package chat.sotto.user;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.Prekey;
import chat.sotto.model.UserName;

/** @param digest SHA-256 of the public key */
public record HeldPrekey(long id, Prekey.Kind kind, int suite, Bytes digest) {
  static HeldPrekey of(PrekeyStatement statement) {
    return new HeldPrekey(
        statement.id(), statement.kind(), statement.suite(), statement.digest());
  }

  PrekeyRef ref(UserName user, DeviceId device) {
    return new PrekeyRef(id, kind, suite, BodyIds.prekey(user, device, id, digest));
  }
}

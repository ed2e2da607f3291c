package chat.sotto.user;

import chat.sotto.model.BodyDigest;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;

/**
 * One device's ciphertext of an accepted entry.
 *
 * @param total bytes of all that was ever accepted for this device, this copy included
 */
public record StoredCopy(DeviceId device, String bodyId, int size, Bytes digest, long total) {
  BodyDigest bodyDigest() {
    return new BodyDigest(device, digest);
  }
}

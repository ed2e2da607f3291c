package chat.sotto.user;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;

/**
 * One device's ciphertext of a message, which lies in the body table.
 *
 * @param bodyId drawn anew for each attempt to send
 * @param size bytes of the ciphertext
 * @param digest SHA-256 of the ciphertext
 */
public record Copy(DeviceId device, String bodyId, int size, Bytes digest) {
  /** @param before bytes accepted for the device so far */
  StoredCopy stored(long before) {
    return new StoredCopy(device, bodyId, size, digest, before + size);
  }
}

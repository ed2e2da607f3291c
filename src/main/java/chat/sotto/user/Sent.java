package chat.sotto.user;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import java.util.List;

/**
 * A message for a user's inbox, its ciphertexts stored under ids of this attempt.
 *
 * @param n the sender device's own count of sends to this inbox, from 1
 * @param messageId 16 bytes, the sender's
 * @param copies one for each device of the list version that is named
 * @param answered whether the recipient ever sent the sender something, as far as is known
 * @param expiresAt when the bodies are dropped, milliseconds since 1970
 */
public record Sent(
    UserName fromUser,
    DeviceId fromDevice,
    long n,
    long deviceListVersion,
    Bytes messageId,
    List<Copy> copies,
    boolean answered,
    long expiresAt) {
  DeviceAddress from() {
    return new DeviceAddress(fromUser, fromDevice);
  }
}

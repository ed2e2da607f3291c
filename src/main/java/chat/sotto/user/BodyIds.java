package chat.sotto.user;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Where the bodies lie that a user keeps until they are replaced: credentials, vault, prekeys. An id
 * follows from owner, purpose and content, so an attempt that loses cannot overwrite the one that
 * won, and nobody can reach another's body by putting up the same content.
 */
public final class BodyIds {
  private BodyIds() {}

  /** @param digest SHA-256 of the body */
  public static Bytes credentials(UserName user, Bytes digest) {
    return id("credentials/" + user + "/" + digest);
  }

  /** @param digest SHA-256 of the body */
  public static Bytes vault(UserName user, Bytes digest) {
    return id("vault/" + user + "/" + digest);
  }

  /** @param digest SHA-256 of the public key, as in {@link PrekeyStatement} */
  public static Bytes prekey(UserName user, DeviceId device, long prekeyId, Bytes digest) {
    return id("prekey/" + user + "/" + device + "/" + prekeyId + "/" + digest);
  }

  /** No part can contain a slash, so no two paths are the same text. */
  private static Bytes id(String path) {
    try {
      byte[] text = path.getBytes(StandardCharsets.UTF_8);
      return Bytes.of(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

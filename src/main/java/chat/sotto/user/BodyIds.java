package chat.sotto.user;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import java.util.List;
import java.util.Locale;

/**
 * Where the bodies lie that a user keeps until they are replaced: credentials, vaults, sync,
 * prekeys. An id follows from owner, purpose and content, so an attempt that loses cannot overwrite
 * the one that won, and nobody reaches another's body by putting up the same content. No part can
 * contain a slash, so no two of them are the same text. The batches of an archive alone are found
 * by their numbers: the entity, which decides who is next, puts them there itself.
 */
public final class BodyIds {
  private BodyIds() {}

  /** @param digest SHA-256 of the body */
  public static String credentials(UserName user, Bytes digest) {
    return "credentials/" + user + "/" + digest;
  }

  /** @param digest SHA-256 of the body */
  public static String vault(UserName user, Bytes digest) {
    return "vault/" + user + "/" + digest;
  }

  /** @param digest SHA-256 of the body */
  public static String recovery(UserName user, Bytes digest) {
    return "recovery/" + user + "/" + digest;
  }

  /** @param digest SHA-256 of the body */
  public static String sync(UserName user, Bytes digest) {
    return "sync/" + user + "/" + digest;
  }

  /** All of the secrets of a user: bodies with ids that begin with one of these. */
  public static List<String> secrets(UserName user) {
    return List.of(
        "credentials/" + user + "/",
        "vault/" + user + "/",
        "recovery/" + user + "/",
        "sync/" + user + "/");
  }

  /** A text after all ids that begin with one of {@link #secrets} or {@link #batches}. */
  public static String after(String beginning) {
    return beginning + "~";
  }

  /** @param digest SHA-256 of the public key, as in {@link PrekeyStatement} */
  public static String prekey(UserName user, DeviceId device, long prekeyId, Bytes digest) {
    return "prekey/" + user + "/" + device + "/" + prekeyId + "/" + digest;
  }

  /** Of a batch of the archive; the texts stand in the order of the numbers. */
  public static String batch(UserName user, long nr) {
    return batches(user) + String.format(Locale.ROOT, "%016d", nr);
  }

  /** What the ids of all batches of a user begin with, and those of nothing else. */
  public static String batches(UserName user) {
    return "archive/" + user + "/";
  }
}

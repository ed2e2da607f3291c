package chat.sotto.edge;

import chat.sotto.crypto.Ed25519;
import chat.sotto.journal.DataFolder;
import java.security.SecureRandom;

/** The server's signing key: made once, kept in the data folder, pinned by every client. */
public final class ServerKey {
  private ServerKey() {}

  public static Ed25519.SigningKey open(DataFolder folder, SecureRandom random) {
    return folder
        .readSecret(DataFolder.SIGN_KEY_FILE)
        .map(Ed25519::fromSeed)
        .orElseGet(
            () -> {
              Ed25519.SigningKey fresh = Ed25519.generate(random);
              folder.writeSecret(DataFolder.SIGN_KEY_FILE, fresh.exportSeed());
              return fresh;
            });
  }
}

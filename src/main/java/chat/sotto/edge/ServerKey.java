package chat.sotto.edge;

import chat.sotto.crypto.Ed25519;
import chat.sotto.journal.DataFolder;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/** The server's signing key: made once, kept in the data folder, pinned by every client. */
public final class ServerKey {
  private ServerKey() {}

  /** That of a data folder, which may be in use; empty if it has none. */
  public static Optional<Ed25519.SigningKey> read(Path folder) {
    return DataFolder.readSecret(folder, DataFolder.SIGN_KEY_FILE).map(Ed25519::fromSeed);
  }

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

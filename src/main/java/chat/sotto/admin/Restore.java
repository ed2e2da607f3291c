package chat.sotto.admin;

import chat.sotto.crypto.Ed25519;
import chat.sotto.journal.DataFolder;
import chat.sotto.journal.DataFolderException;
import chat.sotto.journal.OfflineDatabase;
import chat.sotto.model.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes a data folder of a copy: every log goes on in a new generation (docs/protocol.md §10).
 *
 * <p><b>Invariant</b>: the folder has its name only once all of it is there and on disk. Until then
 * it has another, and no server opens it.
 */
public final class Restore {
  private Restore() {}

  /** @param copyTime when the copy was made, milliseconds since 1970 */
  public record Report(long users, long groups, long copyTime) {}

  /**
   * Restores a server.
   *
   * @param file from {@link Backup}, with secrets; only read
   * @param folder must not exist, or be empty
   * @throws DataFolderException if that cannot be, with a sentence for people; then nothing is left
   */
  public static Report run(Path file, Path folder, Clock clock) {
    Path target = folder.toAbsolutePath().normalize();
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try {
      requireEmpty(target);
      if (Files.exists(part)) {
        throw new DataFolderException(
            "The folder %s is there: another restore runs, or did not end. Remove it then."
                .formatted(part));
      }
      if (!Files.isRegularFile(file)) {
        throw new DataFolderException("There is no file %s.".formatted(file));
      }
      return fill(file, part, target, clock);
    } catch (IOException e) {
      throw new DataFolderException(
          "The folder %s cannot be made: %s.".formatted(folder, e), e);
    }
  }

  private static void requireEmpty(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder) || !list(folder).isEmpty()) {
      throw new DataFolderException(
          "%s is there and not an empty folder: a restore needs one of its own."
              .formatted(folder));
    }
  }

  private static Report fill(Path file, Path part, Path target, Clock clock)
      throws IOException {
    try {
      Report report;
      try (DataFolder folder = DataFolder.open(part)) {
        folder.beginFilling();
        Path database = folder.databaseFile();
        // Written into the file that has its mode already.
        try (var out = Files.newOutputStream(database)) {
          Files.copy(file, out);
        }
        report = restoreLogs(folder, database, clock);
        DataFolder.sync(database);
        folder.complete();
      }
      Files.createDirectories(target.getParent());
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      DataFolder.sync(target.getParent());
      return report;
    } catch (RuntimeException | IOException e) {
      delete(part);
      throw e;
    }
  }

  private static Report restoreLogs(DataFolder folder, Path database, Clock clock) {
    try (OfflineDatabase copy = OfflineDatabase.open(database)) {
      long copyTime = copyTime(copy);
      Ed25519.SigningKey key = signKey(copy);
      folder.writeSecret(DataFolder.SIGN_KEY_FILE, key.exportSeed());
      String host = meta(copy, DataFolder.SERVER_HOST);
      var logs = new RestoredLogs(copy, new RestoredLogs.Server(key, host), copyTime, clock);
      RestoredLogs.Count count = logs.write();
      copy.deleteMeta(CopyMeta.SIGN_KEY);
      copy.deleteMeta(DataFolder.COPY_TIME);
      copy.markWhole();
      copy.commit();
      return new Report(count.users(), count.groups(), copyTime);
    }
  }

  private static long copyTime(OfflineDatabase copy) {
    if (copy.meta(DataFolder.LEFT_OUT).isPresent()) {
      throw new DataFolderException(
          "The copy was made --without-secrets, for an auditor: no server can be restored from"
              + " it.");
    }
    try {
      return Long.parseLong(meta(copy, DataFolder.COPY_TIME));
    } catch (NumberFormatException e) {
      throw new DataFolderException("The copy does not say when it was made.", e);
    }
  }

  private static Ed25519.SigningKey signKey(OfflineDatabase copy) {
    try {
      byte[] seed = Bytes.fromBase64Url(meta(copy, CopyMeta.SIGN_KEY)).toArray();
      Ed25519.SigningKey key = Ed25519.fromSeed(seed);
      if (Bytes.of(key.publicKey()).toString().equals(meta(copy, DataFolder.SERVER_KEY))) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      throw new DataFolderException("The server's key in the copy is damaged.", e);
    }
    throw new DataFolderException("The copy holds the key of another server.");
  }

  private static String meta(OfflineDatabase copy, String key) {
    return copy.meta(key)
        .orElseThrow(
            () ->
                new DataFolderException(
                    "The file is no copy that 'sotto admin backup' made: it has no %s."
                        .formatted(key)));
  }

  private static void delete(Path part) throws IOException {
    if (Files.exists(part)) {
      for (Path each : list(part)) {
        Files.delete(each);
      }
      Files.delete(part);
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }
}

package chat.sotto.admin;

import chat.sotto.journal.DataFolder;
import chat.sotto.journal.DataFolderException;
import chat.sotto.journal.DatabaseCopy;
import chat.sotto.model.Bytes;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/**
 * Copies the data of a server, be it running or not, into one file: all of one moment. The file has
 * its name only once all of it is on disk.
 */
public final class Backup {
  private Backup() {}

  /** @param size of the file in bytes */
  public record Report(DatabaseCopy.Content content, long size) {}

  /**
   * Makes a copy.
   *
   * @param folder of the server
   * @param file must not exist
   * @param withSecrets whether the server's key, bodies and snapshots are in it: without them it is
   *     for auditors, and no server can be restored from it
   * @throws DataFolderException if that cannot be, with a sentence for people; then nothing is left
   */
  public static Report write(Path folder, Path file, boolean withSecrets, Clock clock) {
    Path database = DataFolder.databaseOf(folder);
    if (!Files.isReadable(database)) {
      throw new DataFolderException(
          "There is no data of a server in %s that can be read.".formatted(folder));
    }
    if (Files.exists(file)) {
      throw new DataFolderException(
          "The file %s exists: choose another name.".formatted(file));
    }
    // Before the copy's moment: what is accepted while it is made may not be in it.
    long copyTime = clock.millis();
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      DataFolder.createFile(part);
    } catch (FileAlreadyExistsException e) {
      throw new DataFolderException(
          "The file %s is there: another backup runs, or did not end. Remove it then."
              .formatted(part),
          e);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
    try {
      DatabaseCopy.Content content =
          DatabaseCopy.write(database, part, meta(folder, copyTime, withSecrets), withSecrets);
      long size = publish(part, file);
      return new Report(content, size);
    } catch (RuntimeException | IOException e) {
      delete(part);
      throw e instanceof IOException io ? unwritable(file, io) : (RuntimeException) e;
    }
  }

  private static Map<String, String> meta(Path folder, long copyTime, boolean withSecrets)
      throws IOException {
    Map<String, String> meta = new HashMap<>();
    meta.put(DataFolder.COPY_TIME, Long.toString(copyTime));
    if (withSecrets) {
      byte[] key = Files.readAllBytes(folder.resolve(DataFolder.SIGN_KEY_FILE));
      meta.put(CopyMeta.SIGN_KEY, Bytes.of(key).toString());
    } else {
      meta.put(DataFolder.LEFT_OUT, "bodies");
    }
    return meta;
  }

  private static long publish(Path part, Path file) throws IOException {
    DataFolder.sync(part);
    long size = Files.size(part);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    DataFolder.sync(file.toAbsolutePath().getParent());
    return size;
  }

  private static void delete(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      throw unwritable(part, e);
    }
  }

  private static DataFolderException unwritable(Path file, IOException cause) {
    return new DataFolderException(
        "The copy %s cannot be written: %s.".formatted(file, cause), cause);
  }
}

package chat.sotto.journal;

import chat.sotto.model.Bytes;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Tells the folder of a database's files from a place where its volume is not mounted: folder and
 * database both hold one random id.
 */
final class FileMarker {
  static final String META = "files-marker";
  private static final int BYTES = 16;
  private static final int ROW_BYTES = 100;

  private final Database database;
  private final FileFolder folder;
  private final StoredFiles files;
  private final SecureRandom random = new SecureRandom();
  private volatile Optional<String> known = Optional.empty();

  /** @param isNew made just now */
  private record Expected(String id, boolean isNew, boolean hasRows) {}

  FileMarker(Database database, FileFolder folder, StoredFiles files) {
    this.database = database;
    this.folder = folder;
    this.files = files;
  }

  /** The id, once {@link #isThere} looked for it. */
  String id() {
    return known.orElseThrow();
  }

  /** Whether the folder is there. It is marked now if it was not, and nothing can be missing. */
  CompletionStage<Boolean> isThere() {
    return files
        .onDisk(folder::marker)
        .thenCompose(
            found ->
                found.isPresent() && found.equals(known)
                    ? CompletableFuture.completedFuture(true)
                    : database
                        .write(ROW_BYTES, this::expected)
                        .thenCompose(expected -> files.onDisk(() -> settle(expected))));
  }

  private Expected expected(Tables tables) throws SQLException {
    boolean hasRows = !new FileTables(tables).page(Bytes.EMPTY, 1).isEmpty();
    Optional<String> stored = tables.meta(META);
    if (stored.isEmpty()) {
      var id = new byte[BYTES];
      random.nextBytes(id);
      tables.putMeta(META, HexFormat.of().formatHex(id));
    }
    return new Expected(tables.meta(META).orElseThrow(), stored.isEmpty(), hasRows);
  }

  private synchronized boolean settle(Expected expected) throws IOException {
    known = Optional.of(expected.id());
    Optional<String> found = folder.marker();
    // A database of before has rows and no id.
    boolean isOurs = !expected.hasRows() || expected.isNew() && folder.hasFolders();
    if (found.isEmpty() && isOurs) {
      folder.mark(expected.id());
      return true;
    }
    return found.equals(known);
  }
}

package chat.sotto.journal;

import chat.sotto.model.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ciphertexts too large for {@link Bodies}: a row each in the database, and their bytes in files of
 * the data folder. A row is there before its file and goes before it, so a crash leaves at most a
 * file without a row, which {@link #sweep} removes. What a row says is on disk is on disk.
 *
 * <p>Nothing here blocks who calls it. Continuations of stages must not block either.
 */
public final class StoredFiles {
  private static final Logger LOG = LoggerFactory.getLogger(StoredFiles.class);
  private static final int ROW_BYTES = 200;
  private static final int STEP = 50;
  private static final int THREADS = 4;

  private final Database database;
  private final FileFolder folder;
  private final FileMarker marker;
  private final ExecutorService disk =
      Executors.newFixedThreadPool(THREADS, task -> Readers.daemon(task, "sotto-files"));

  /** What all rows count for, once it was summed up. Only for the writer's thread. */
  private OptionalLong used = OptionalLong.empty();

  private volatile Consumer<List<Bytes>> onDeleted = ids -> {};

  StoredFiles(Database database, FileFolder folder) {
    this.database = database;
    this.folder = folder;
    this.marker = new FileMarker(database, folder, this);
  }

  /** Who is told, without blocking, of all files that are deleted from now on. */
  public void onDeleted(Consumer<List<Bytes>> listener) {
    onDeleted = listener;
  }

  /** Why a file has no place. */
  public enum Refusal {
    /** Somebody else's, or of another size. */
    TAKEN,
    /** Or the folder of the files is not there. */
    FULL
  }

  /**
   * Makes room for a file, or finds that it has it.
   *
   * @param wanted is stored unless the file is known
   * @return empty if it has its place
   */
  public CompletionStage<Optional<Refusal>> reserve(FileRow wanted, FileQuota quota) {
    return marker
        .isThere()
        .thenCompose(
            isThere ->
                isThere
                    ? reserveThere(wanted, quota)
                    : CompletableFuture.completedFuture(Optional.of(Refusal.FULL)));
  }

  private CompletionStage<Optional<Refusal>> reserveThere(FileRow wanted, FileQuota quota) {
    return database.write(
        ROW_BYTES,
        tables -> {
          var rows = new FileTables(tables);
          Optional<FileRow> known = rows.find(wanted.id());
          if (known.isPresent()) {
            return isSame(known.get(), wanted) ? renew(rows, known.get(), wanted) : taken();
          }
          long more = wanted.counts();
          if (used(rows) + more > quota.total()
              || rows.used(wanted.user()) + more > quota.perUser()) {
            return Optional.of(Refusal.FULL);
          }
          rows.put(wanted);
          used = OptionalLong.of(used(rows) + more);
          return Optional.empty();
        });
  }

  private long used(FileTables rows) throws SQLException {
    if (used.isEmpty()) {
      used = OptionalLong.of(rows.used());
    }
    return used.getAsLong();
  }

  private static boolean isSame(FileRow known, FileRow wanted) {
    return known.user().equals(wanted.user()) && known.size() == wanted.size();
  }

  private static Optional<Refusal> renew(FileTables rows, FileRow known, FileRow wanted)
      throws SQLException {
    if (!known.isWhole()) {
      rows.progress(known.id(), known.received(), wanted.expiresAt());
    }
    return Optional.empty();
  }

  private static Optional<Refusal> taken() {
    return Optional.of(Refusal.TAKEN);
  }

  public CompletionStage<Optional<FileRow>> find(Bytes id) {
    return database.read(tables -> new FileTables(tables).find(id));
  }

  /** Where the bytes of a whole file are. */
  public record Whole(Path path, long size) {}

  /** Empty if a file is not there, or not all of it. */
  public CompletionStage<Optional<Whole>> whole(Bytes id) {
    return find(id).thenCompose(row -> onDisk(() -> whole(row.filter(FileRow::isWhole))));
  }

  private Optional<Whole> whole(Optional<FileRow> row) throws IOException {
    return row.isPresent() && folder.isWhole(row.get())
        ? Optional.of(new Whole(folder.whole(row.get().id()), row.get().size()))
        : Optional.empty();
  }

  /**
   * Opens a file for what is missing of it.
   *
   * @param row as it is now; nobody else appends
   */
  public CompletionStage<IncomingFile> append(FileRow row) {
    return onDisk(
        () -> {
          if (folder.isWhole(row)) {
            return new IncomingFile(this, row, row.size(), Optional.empty());
          }
          long there = Math.min(row.received(), folder.partSize(row.id()));
          FileChannel channel = folder.append(row.id(), there);
          return new IncomingFile(this, row, there, Optional.of(channel));
        });
  }

  /** Deletes a user's file; nothing happens if it is not there, or not theirs. */
  public CompletionStage<Void> drop(Bytes id, String user) {
    return deleteStep(
            rows -> rows.find(id).filter(row -> row.user().equals(user)).stream().toList())
        .thenApply(deleted -> null);
  }

  /** Deletes what a user uploaded, in steps, so that nothing else waits for long. */
  public CompletionStage<Void> dropAll(String user) {
    return inSteps(rows -> rows.of(user, STEP));
  }

  /**
   * Deletes what has expired, rows of whole files that are gone, and files that have no row. The
   * last two only if the folder is the one in which the files are, and not a place where its volume
   * is not mounted.
   *
   * @param now milliseconds since 1970
   */
  public CompletionStage<Void> sweep(long now) {
    return inSteps(rows -> rows.expired(now, STEP))
        .thenCompose(done -> marker.isThere())
        .thenCompose(isThere -> isThere ? sweepFolder() : leaveFolder());
  }

  private CompletionStage<Void> leaveFolder() {
    LOG.error(
        "The folder of {} is not the one in which this server's files are: is its volume mounted?"
            + " No new file is taken until it is there. If the files are lost for good, write {}"
            + " into {}.",
        folder.markerFile(),
        marker.id(),
        folder.markerFile());
    return CompletableFuture.completedFuture(null);
  }

  private CompletionStage<Void> sweepFolder() {
    return dropLost(Bytes.EMPTY)
        .thenCompose(done -> onDisk(folder::folders))
        .thenCompose(this::deleteStrays);
  }

  private CompletionStage<Void> dropLost(Bytes after) {
    return database
        .read(tables -> new FileTables(tables).page(after, STEP))
        .thenCompose(
            page ->
                page.isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : onDisk(() -> lost(page))
                        .thenCompose(this::delete)
                        .thenCompose(done -> dropLost(page.get(page.size() - 1).id())));
  }

  private List<FileRow> lost(List<FileRow> rows) throws IOException {
    List<FileRow> lost = new ArrayList<>();
    for (FileRow row : rows) {
      if (row.isWhole() && !folder.isWhole(row)) {
        lost.add(row);
      }
    }
    return lost;
  }

  private CompletionStage<Void> deleteStrays(List<Path> folders) {
    CompletionStage<Void> done = CompletableFuture.completedFuture(null);
    for (Path each : folders) {
      done =
          done.thenCompose(before -> onDisk(() -> folder.ids(each)))
              // Read after the folder: whoever made a file since has a row before it.
              .thenCompose(ids -> database.readAfterWrites(tables -> strays(tables, ids)))
              .thenCompose(this::deleteFiles);
    }
    return done;
  }

  private static Set<Bytes> strays(Tables tables, List<Bytes> ids) throws SQLException {
    var rows = new FileTables(tables);
    Set<Bytes> strays = new HashSet<>();
    for (Bytes id : ids) {
      if (rows.find(id).isEmpty()) {
        strays.add(id);
      }
    }
    return strays;
  }

  private interface Choice {
    List<FileRow> of(FileTables rows) throws SQLException;
  }

  private CompletionStage<Void> inSteps(Choice choice) {
    return deleteStep(choice)
        .thenCompose(
            deleted ->
                deleted < STEP ? CompletableFuture.completedFuture(null) : inSteps(choice));
  }

  private CompletionStage<Integer> deleteStep(Choice choice) {
    return database
        .write(
            ROW_BYTES * STEP,
            tables -> {
              var rows = new FileTables(tables);
              List<Bytes> ids = choice.of(rows).stream().map(FileRow::id).toList();
              long before = used(rows);
              used = OptionalLong.of(before - rows.delete(ids));
              return ids;
            })
        .thenCompose(
            ids -> {
              onDeleted.accept(ids);
              return deleteFiles(ids).thenApply(done -> ids.size());
            });
  }

  private CompletionStage<Void> delete(List<FileRow> rows) {
    Set<Bytes> ids = new HashSet<>();
    rows.forEach(row -> ids.add(row.id()));
    return deleteStep(found -> rows).thenApply(done -> null);
  }

  private CompletionStage<Void> deleteFiles(Iterable<Bytes> ids) {
    return onDisk(
        () -> {
          for (Bytes id : ids) {
            folder.delete(id);
          }
          return null;
        });
  }

  /** @param expiresAt once so much is there. @return false if it was deleted meanwhile */
  CompletionStage<Boolean> progress(Bytes id, long received, long expiresAt) {
    return database.write(
        ROW_BYTES, tables -> new FileTables(tables).progress(id, received, expiresAt));
  }

  FileFolder folder() {
    return folder;
  }

  /** Runs something that waits for the disk. */
  <T> CompletionStage<T> onDisk(Callable<T> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return work.call();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        },
        disk);
  }

  void close() {
    disk.shutdown();
  }
}

package chat.sotto.journal;

import chat.sotto.model.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One file to which somebody appends. What is appended is on disk after every {@link #SYNC_BYTES},
 * and when it ends. Calls are carried out in their order.
 *
 * <p>What a sync failed for is given up: a later one that succeeds says nothing of it.
 */
public final class IncomingFile {
  static final long SYNC_BYTES = 4L * 1024 * 1024;

  private final StoredFiles files;
  private final FileRow row;
  private final Optional<FileChannel> channel;
  private final long start;
  private volatile long received;
  private long synced;
  private boolean syncFailed;
  private CompletionStage<Boolean> last = CompletableFuture.completedFuture(true);

  /**
   * @param there so many bytes are on disk
   * @param channel none if that is all of them
   */
  IncomingFile(StoredFiles files, FileRow row, long there, Optional<FileChannel> channel) {
    this.files = files;
    this.row = row;
    this.channel = channel;
    this.start = there;
    this.received = there;
    this.synced = there;
  }

  public long received() {
    return received;
  }

  public long missing() {
    return row.size() - received;
  }

  /** @return false if the file was deleted meanwhile; then nothing more is taken */
  public synchronized CompletionStage<Boolean> append(ByteBuffer bytes) {
    last =
        last.thenCompose(
            goesOn -> goesOn ? files.onDisk(() -> write(bytes)).thenCompose(this::note) : last());
    return last;
  }

  private static CompletionStage<Boolean> last() {
    return CompletableFuture.completedFuture(false);
  }

  /** True if so much was written that it is time to sync. */
  private boolean write(ByteBuffer bytes) throws IOException {
    FileChannel file = channel.orElseThrow(() -> new IOException("the file is whole"));
    if (bytes.remaining() > missing()) {
      throw new IOException("more than was asked for");
    }
    while (bytes.hasRemaining()) {
      received += file.write(bytes);
    }
    if (received - synced < SYNC_BYTES) {
      return false;
    }
    sync(file);
    return true;
  }

  private void sync(FileChannel file) throws IOException {
    try {
      file.force(false);
      synced = received;
    } catch (IOException e) {
      syncFailed = true;
      throw e;
    }
  }

  private CompletionStage<Boolean> note(boolean isSynced) {
    return isSynced && received < row.size()
        ? files.progress(row.id(), received, row.expiresAt())
        : CompletableFuture.completedFuture(true);
  }

  /**
   * Nothing more comes: what is there is kept.
   *
   * @param keptUntil of the file, if it is whole now
   * @return completed once all is on disk; false if the file was deleted meanwhile
   */
  public synchronized CompletionStage<Boolean> end(long keptUntil) {
    if (row.isWhole() && channel.isEmpty()) {
      return CompletableFuture.completedFuture(true);
    }
    // Ended whether or not the last write failed: what was written before it counts.
    last =
        last.handle((goesOn, failure) -> failure != null || goesOn)
            .thenCompose(goesOn -> files.onDisk(() -> close(goesOn)).thenApply(done -> goesOn))
            .thenCompose(goesOn -> goesOn ? noteEnd(keptUntil) : last());
    return last;
  }

  private Void close(boolean isKept) throws IOException {
    if (channel.isEmpty()) {
      return null;
    }
    try (FileChannel file = channel.get()) {
      if (syncFailed) {
        file.truncate(synced);
        received = synced;
      } else if (isKept) {
        sync(file);
      }
    }
    if (isKept && received == row.size()) {
      files.folder().finish(row.id());
    }
    return null;
  }

  /** Deleted meanwhile, its row is gone, and what was written since has none. */
  private CompletionStage<Boolean> noteEnd(long keptUntil) {
    long expiresAt = received == row.size() ? keptUntil : row.expiresAt();
    return files
        .progress(row.id(), received, expiresAt)
        .thenCompose(
            isThere -> isThere ? CompletableFuture.completedFuture(true) : deleteFile(row.id()));
  }

  private CompletionStage<Boolean> deleteFile(Bytes id) {
    return files.onDisk(
        () -> {
          files.folder().delete(id);
          return false;
        });
  }

  /** Nothing that came is kept; the file is as it was when it was opened. */
  public synchronized CompletionStage<Boolean> undo() {
    last =
        last.handle((goesOn, failure) -> true)
            .thenCompose(
                done ->
                    files.onDisk(
                        () -> {
                          if (channel.isPresent()) {
                            channel.get().truncate(start);
                          }
                          received = start;
                          synced = start;
                          return true;
                        }));
    return last;
  }
}

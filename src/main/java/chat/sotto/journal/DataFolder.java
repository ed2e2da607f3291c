package chat.sotto.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The folder with everything that a server keeps: created with mode 0700, its files 0600, used by
 * one server at a time. All methods throw {@link DataFolderException}.
 */
public final class DataFolder implements AutoCloseable {
  /** Form of folder and database. A higher number is refused: this Sotto cannot know it. */
  public static final int FORMAT = 1;

  /** What a database says of its server, in its table {@code meta}. */
  public static final String SERVER_HOST = "server-host";

  /** The public one. */
  public static final String SERVER_KEY = "server-key";

  /** Of a copy: when it was made, milliseconds since 1970. */
  public static final String COPY_TIME = "copy-time";

  /** Of a copy: what it was made without. */
  public static final String LEFT_OUT = "left-out";

  /** The server's secret sign key, 32 bytes. */
  public static final String SIGN_KEY_FILE = "server-sign-key";

  static final String FORMAT_FILE = "format";
  private static final String LOCK_FILE = "lock";
  static final String DATABASE_FILE = "sotto.db";

  /** Is there as long as what the folder holds is not complete. */
  private static final String INCOMPLETE_FILE = "incomplete";

  /** Less than the reserve is written in this time. */
  private static final long ROOM_NANOS_MAX = Duration.ofMillis(100).toNanos();

  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private final Path path;
  private final FileChannel lockChannel;
  private volatile Room room;

  /** @param seenAt as of {@link System#nanoTime} */
  private record Room(long bytes, long seenAt) {}

  private DataFolder(Path path, FileChannel lockChannel) {
    this.path = path;
    this.lockChannel = lockChannel;
    this.room = look();
  }

  /** Opens a folder, made if it is missing, and holds it until {@link #close()}. */
  public static DataFolder open(Path path) {
    try {
      Files.createDirectories(path, mode("rwx------"));
      var folder = new DataFolder(path, lock(path));
      try {
        folder.checkFormat();
        folder.requireComplete();
        return folder;
      } catch (DataFolderException | IOException e) {
        folder.close();
        throw e;
      }
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path.resolve(LOCK_FILE),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            mode("rw-------"));
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException heldInThisProcess) {
      channel.close();
      throw inUse(path);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw inUse(path);
  }

  private void requireComplete() {
    if (Files.exists(path.resolve(INCOMPLETE_FILE))) {
      throw new DataFolderException(
          ("The restore into %s did not end, so what is there is not used: remove the folder, and"
                  + " restore anew.")
              .formatted(path));
    }
  }

  /** Until {@link #complete()} nobody opens the folder any more. */
  public void beginFilling() {
    writeSecret(INCOMPLETE_FILE, new byte[0]);
  }

  /** Everything is there, on disk. */
  public void complete() {
    deleteSecret(INCOMPLETE_FILE);
  }

  private void checkFormat() throws IOException {
    Optional<byte[]> stored = readSecret(FORMAT_FILE);
    if (stored.isEmpty()) {
      writeSecret(FORMAT_FILE, (FORMAT + "\n").getBytes(StandardCharsets.UTF_8));
      return;
    }
    checkFormat(path, new String(stored.get(), StandardCharsets.UTF_8).strip());
  }

  static void checkFormat(Path path, String stored) {
    if (!stored.matches("[1-9][0-9]{0,8}")) {
      throw new UnknownFormatException(
          "The data in %s has no readable format number, so it is not used.".formatted(path));
    }
    if (Integer.parseInt(stored) > FORMAT) {
      throw new UnknownFormatException(
          "The data in %s has format %s, and this Sotto knows only %d: start a newer Sotto."
              .formatted(path, stored, FORMAT));
    }
  }

  public Path path() {
    return path;
  }

  /** Syncs a file, or the names in a folder: a new file survives a power cut only with both. */
  public static void sync(Path place) throws IOException {
    boolean isFolder = Files.isDirectory(place);
    if (POSIX || !isFolder) {
      StandardOpenOption option = isFolder ? StandardOpenOption.READ : StandardOpenOption.WRITE;
      try (var channel = FileChannel.open(place, option)) {
        channel.force(true);
      }
    }
  }

  /** A folder for its owner alone, made if it is missing, its name on disk. */
  static void createFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      createFolder(folder.getParent());
      try {
        Files.createDirectory(folder, mode("rwx------"));
      } catch (FileAlreadyExistsException madeMeanwhile) {
        // By another thread, which syncs it too; whoever was first.
      }
      sync(folder.getParent());
    }
  }

  /** A new file for its owner alone. */
  public static void createFile(Path file) throws IOException {
    Files.createFile(file, mode("rw-------"));
  }

  /** Where the database of a folder is. */
  public static Path databaseOf(Path folder) {
    return folder.resolve(DATABASE_FILE);
  }

  /** The database file, made empty with mode 0600 if it is missing. */
  public Path databaseFile() {
    Path file = path.resolve(DATABASE_FILE);
    try {
      if (!Files.exists(file)) {
        createFile(file);
        sync(path);
      }
      return file;
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  /** A file's content, empty if there is no such file. */
  public Optional<byte[]> readSecret(String name) {
    return readSecret(path, name);
  }

  /**
   * The content of a file in a folder that need not be open, and may be in use; empty if there is
   * no such file.
   */
  public static Optional<byte[]> readSecret(Path folder, String name) {
    try {
      return Optional.of(Files.readAllBytes(folder.resolve(name)));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  /** Replaces a file at once: after a crash it holds the old content or the new, on disk. */
  public void writeSecret(String name, byte[] content) {
    Path target = path.resolve(name);
    Path fresh = path.resolve(name + ".new");
    Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      Files.deleteIfExists(fresh);
      try (var channel = FileChannel.open(fresh, options, mode("rw-------"))) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      sync(path);
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  /** Erases a file's name; false if there was none. */
  public boolean deleteSecret(String name) {
    try {
      boolean deleted = Files.deleteIfExists(path.resolve(name));
      sync(path);
      return deleted;
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  /** Where the ciphertexts of files are. */
  FileFolder files() {
    return new FileFolder(path.resolve(FileFolder.NAME));
  }

  /** As of a look at the disk that may be a tenth of a second old. */
  boolean hasRoom(long bytes) {
    Room known = room;
    if (System.nanoTime() - known.seenAt() >= ROOM_NANOS_MAX) {
      known = look();
      room = known;
    }
    return known.bytes() >= bytes;
  }

  private Room look() {
    return new Room(path.toFile().getUsableSpace(), System.nanoTime());
  }

  private static FileAttribute<?>[] mode(String permissions) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static DataFolderException inUse(Path path) {
    return new DataFolderException(
        "Another server uses the data folder %s: stop it, or give this one a folder of its own."
            .formatted(path));
  }

  private static DataFolderException unusable(Path path, IOException cause) {
    return new DataFolderException(
        "The data folder %s cannot be used: %s.".formatted(path, cause), cause);
  }

  /** Lets another server use the folder. */
  @Override
  public void close() {
    try {
      lockChannel.close();
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }
}

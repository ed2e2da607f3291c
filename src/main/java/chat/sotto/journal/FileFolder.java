package chat.sotto.journal;

import chat.sotto.model.Bytes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where the bytes of files lie: in folders by the first two digits of their ids, with the ending
 * {@link #PART} as long as some are missing. Knows nothing of rows. Blocks.
 */
final class FileFolder {
  static final String NAME = "files";
  static final String PART = ".part";
  private static final String MARKER = "marker";
  private static final int PREFIX = 2;
  private static final int ID_BYTES = 32;

  private final Path root;

  FileFolder(Path root) {
    this.root = root;
  }

  Path whole(Bytes id) {
    String name = HexFormat.of().formatHex(id.toArray());
    return root.resolve(name.substring(0, PREFIX)).resolve(name);
  }

  private Path part(Bytes id) {
    Path whole = whole(id);
    return whole.resolveSibling(whole.getFileName() + PART);
  }

  boolean isWhole(FileRow row) throws IOException {
    try {
      return Files.size(whole(row.id())) == row.size();
    } catch (NoSuchFileException absent) {
      return false;
    }
  }

  /** So much is there of a file that is not whole. */
  long partSize(Bytes id) throws IOException {
    try {
      return Files.size(part(id));
    } catch (NoSuchFileException absent) {
      return 0;
    }
  }

  /** For what follows the first bytes; whatever stands after those is cut off. */
  FileChannel append(Bytes id, long from) throws IOException {
    Path part = part(id);
    DataFolder.createFolder(part.getParent());
    if (!Files.exists(part)) {
      DataFolder.createFile(part);
      DataFolder.sync(part.getParent());
    }
    FileChannel channel = FileChannel.open(part, Set.of(StandardOpenOption.WRITE));
    try {
      return channel.truncate(from).position(from);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Gives a file its name, on disk, once all of it is there. */
  void finish(Bytes id) throws IOException {
    Path whole = whole(id);
    Files.move(part(id), whole, StandardCopyOption.ATOMIC_MOVE);
    DataFolder.sync(whole.getParent());
  }

  void delete(Bytes id) throws IOException {
    Files.deleteIfExists(part(id));
    Files.deleteIfExists(whole(id));
  }

  /** Where the id is that tells that this is the right folder. */
  Path markerFile() {
    return root.resolve(MARKER);
  }

  Optional<String> marker() throws IOException {
    try {
      return Optional.of(Files.readString(markerFile()).strip());
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  /** Says that this is the right folder, on disk. */
  void mark(String id) throws IOException {
    DataFolder.createFolder(root);
    Path fresh = root.resolve(MARKER + ".new");
    Files.deleteIfExists(fresh);
    DataFolder.createFile(fresh);
    Files.writeString(fresh, id + "\n");
    DataFolder.sync(fresh);
    Files.move(fresh, markerFile(), StandardCopyOption.ATOMIC_MOVE);
    DataFolder.sync(root);
  }

  boolean hasFolders() throws IOException {
    return folders().stream().anyMatch(Files::isDirectory);
  }

  List<Path> folders() throws IOException {
    return list(root);
  }

  /** Ids of what is in a folder, each perhaps twice; what is of no id is left alone. */
  List<Bytes> ids(Path folder) throws IOException {
    List<Bytes> ids = new ArrayList<>();
    for (Path file : list(folder)) {
      id(file.getFileName().toString()).ifPresent(ids::add);
    }
    return ids;
  }

  private static Optional<Bytes> id(String name) {
    String hex =
        name.endsWith(PART) ? name.substring(0, name.length() - PART.length()) : name;
    return hex.matches("[0-9a-f]{" + 2 * ID_BYTES + "}")
        ? Optional.of(Bytes.of(HexFormat.of().parseHex(hex)))
        : Optional.empty();
  }

  private static List<Path> list(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
        all.forEach(found::add);
      }
    }
    return found;
  }
}

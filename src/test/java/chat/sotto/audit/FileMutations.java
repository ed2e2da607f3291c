package chat.sotto.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What a disk does to a database file. */
final class FileMutations {
  private static final int SECTOR = 512;

  private final Path file;
  private final RandomGenerator random;

  FileMutations(Path file, RandomGenerator random) {
    this.file = file;
    this.random = random;
  }

  Optional<Mutation> bit() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int at = random.nextInt(bytes.length);
    bytes[at] ^= (byte) (1 << random.nextInt(8));
    return written(bytes, "a bit of the file", "byte " + at);
  }

  Optional<Mutation> sector() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int at = random.nextInt(bytes.length / SECTOR) * SECTOR;
    Arrays.fill(bytes, at, at + SECTOR, (byte) 0);
    return written(bytes, "a sector of the file", "byte " + at);
  }

  Optional<Mutation> cutShort() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int size = random.nextInt(bytes.length);
    return written(Arrays.copyOf(bytes, size), "the file cut short", size + " bytes");
  }

  private Optional<Mutation> written(byte[] bytes, String kind, String where) throws IOException {
    Files.write(file, bytes);
    return Optional.of(Mutation.anywhere(kind, where));
  }
}

package chat.sotto.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A small ext4 file system in a file, mounted through a loop device: a disk of its own that can
 * lose its power and run full.
 */
final class LoopDisk implements AutoCloseable {
  private static final String BYTES = "512M";
  private static final long PATIENCE_SECONDS = 30;

  /** Columns of {@code /sys/block/loop0/stat} that move when something is written or flushed. */
  private static final List<Integer> WRITES = List.of(4, 6, 8, 15);

  private static final int IN_FLIGHT = 8;

  private final Path image;
  private final Path mountPoint;
  private final Thread unmountAtExit = new Thread(this::unmountQuietly, "unmount");

  /** @throws IOException where loop devices are not allowed */
  LoopDisk(Path folder) throws IOException, InterruptedException {
    image = folder.resolve("disk.img");
    mountPoint = Files.createDirectories(folder.resolve("disk"));
    Command.run("truncate", "-s", BYTES, image);
    Command.run(
        "mkfs.ext4",
        "-q",
        "-F",
        "-m",
        "0",
        "-N",
        "256",
        "-E",
        "lazy_itable_init=0,lazy_journal_init=0",
        image);
    mount();
    Runtime.getRuntime().addShutdownHook(unmountAtExit);
  }

  private void mount() throws IOException, InterruptedException {
    Command.run("mount", "-o", "loop", image, mountPoint);
  }

  Path folder() {
    return mountPoint;
  }

  /**
   * Cuts the power after whoever wrote here has died. What the device was given stays, and that is
   * what ext4 wrote for an fsync, or by itself; what was written and not synced is in memory only,
   * and is lost with the mount. The copy is one moment of the device: it is taken again if anything
   * was written meanwhile.
   */
  void losePower() throws IOException, InterruptedException {
    Path copy = image.resolveSibling("copy.img");
    Path statistics = statistics();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    List<String> before;
    List<String> after = columns(statistics);
    do {
      assertTrue(System.nanoTime() < deadline, "the disk never becomes quiet");
      before = after;
      Command.run("cp", "--sparse=always", image, copy);
      after = columns(statistics);
    } while (!isQuiet(before, after));
    // This writes what is in memory, into the file that is thrown away.
    unmount();
    Files.delete(image);
    Files.move(copy, image);
    mount();
  }

  private Path statistics() throws IOException, InterruptedException {
    Path device = Path.of(Command.run("findmnt", "-n", "-o", "SOURCE", mountPoint));
    return Path.of("/sys/block").resolve(device.getFileName()).resolve("stat");
  }

  private static List<String> columns(Path statistics) throws IOException {
    return List.of(Files.readString(statistics).strip().split(" +"));
  }

  private static boolean isQuiet(List<String> before, List<String> after) {
    return before.get(IN_FLIGHT).equals("0")
        && after.get(IN_FLIGHT).equals("0")
        && WRITES.stream().allMatch(column -> before.get(column).equals(after.get(column)));
  }

  /** Takes the space of the disk, but for so many bytes. */
  void leave(long bytes) throws IOException, InterruptedException {
    long taken = mountPoint.toFile().getUsableSpace() - bytes;
    Command.run("fallocate", "-l", taken, ballast());
  }

  /** Takes all the space, of which whoever writes here gets the last part in a race. */
  void fill() throws IOException, InterruptedException {
    leave(1 << 20);
    String[] untilItFails = {
      "dd", "if=/dev/zero", "of=" + ballast(), "bs=4k", "oflag=append", "conv=notrunc"
    };
    assertTrue(!Command.succeeds((Object[]) untilItFails), "the disk has no end");
  }

  void makeRoom() throws IOException {
    Files.delete(ballast());
  }

  private Path ballast() {
    return mountPoint.resolve("ballast");
  }

  private void unmount() throws IOException, InterruptedException {
    Command.run("umount", mountPoint);
  }

  private void unmountQuietly() {
    try {
      if (!Command.succeeds("umount", mountPoint)) {
        Command.succeeds("umount", "--lazy", mountPoint);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    unmountQuietly();
    Runtime.getRuntime().removeShutdownHook(unmountAtExit);
  }
}

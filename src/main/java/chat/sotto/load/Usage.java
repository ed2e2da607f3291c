package chat.sotto.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a process has used up to a moment. Memory, threads and files are known where there is a
 * {@code /proc}.
 */
record Usage(
    Duration cpu,
    OptionalLong residentKib,
    OptionalLong threads,
    OptionalLong files,
    long atNanos) {

  static Usage of(ProcessHandle process) {
    Path folder = Path.of("/proc", Long.toString(process.pid()));
    return new Usage(
        process.info().totalCpuDuration().orElse(Duration.ZERO),
        status(folder, "VmRSS:"),
        status(folder, "Threads:"),
        files(folder),
        System.nanoTime());
  }

  private static OptionalLong status(Path folder, String name) {
    try (Stream<String> lines = Files.lines(folder.resolve("status"))) {
      return lines
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong files(Path folder) {
    try (Stream<Path> open = Files.list(folder.resolve("fd"))) {
      return OptionalLong.of(open.count());
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  double cpuSecondsSince(Usage before) {
    return cpu.minus(before.cpu).toNanos() / 1e9;
  }

  double secondsSince(Usage before) {
    return (atNanos - before.atNanos) / 1e9;
  }
}

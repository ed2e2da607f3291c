package chat.sotto.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A command of the system, run to its end. */
final class Command {
  private Command() {}

  private record Result(int status, String said) {}

  /**
   * What it printed.
   *
   * @throws IOException with what it printed, if it fails
   */
  static String run(Object... command) throws IOException, InterruptedException {
    Result result = call(command);
    if (result.status() != 0) {
      throw new IOException(
          Arrays.toString(command) + " ended with " + result.status() + ": " + result.said());
    }
    return result.said();
  }

  /** False also if there is no such command. */
  static boolean succeeds(Object... command) throws InterruptedException {
    try {
      return call(command).status() == 0;
    } catch (IOException notInstalled) {
      return false;
    }
  }

  private static Result call(Object... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(Arrays.stream(command).map(Object::toString).toList())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), said.strip());
  }
}

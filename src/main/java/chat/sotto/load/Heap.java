package chat.sotto.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a Java process what its heap holds, with the JDK's own tool. */
final class Heap {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

  private Heap() {}

  /**
   * Bytes of all that can be reached, after a collection.
   *
   * @return empty without a JDK, or if it is no Java process of this user
   */
  static OptionalLong liveBytes(ProcessHandle process) {
    Path tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    if (!Files.isExecutable(tool)) {
      return OptionalLong.empty();
    }
    try {
      Process asked =
          new ProcessBuilder(
                  tool.toString(), Long.toString(process.pid()), "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      String said =
          new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher total = TOTAL.matcher(said);
      return total.find()
          ? OptionalLong.of(Long.parseLong(total.group(1)))
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}

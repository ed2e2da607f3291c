package chat.sotto;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How tests start Java processes of their own, which live for seconds. */
public final class JavaCommand {
  private JavaCommand() {}

  /** With the classes of this process. */
  public static List<String> of(Class<?> main, String... arguments) {
    return line(
        List.of("-cp", System.getProperty("java.class.path"), main.getName()), arguments);
  }

  /** Of the finished jar. */
  public static List<String> ofJar(String... arguments) {
    return line(List.of("-jar", System.getProperty("sotto.jar")), arguments);
  }

  /** Half of a short life would be spent in the better compiler. */
  private static List<String> line(List<String> program, String... arguments) {
    var line = new ArrayList<String>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("-XX:TieredStopAtLevel=1");
    line.addAll(program);
    line.addAll(List.of(arguments));
    return line;
  }
}

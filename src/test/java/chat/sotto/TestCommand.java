package chat.sotto;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A command as it is typed. @param said on both outputs */
public record TestCommand(int status, String said) {
  /** Runs it in this process; nothing else may print meanwhile. */
  public static synchronized TestCommand run(String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    var said = new ByteArrayOutputStream();
    try (var both = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      System.setOut(both);
      System.setErr(both);
      int status = Main.run(args);
      return new TestCommand(status, said.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}

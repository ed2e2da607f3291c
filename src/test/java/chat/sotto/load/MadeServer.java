package chat.sotto.load;

import chat.sotto.Main;
import chat.sotto.audit.MadeJournal;
import java.io.File;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Starts servers in processes of their own, with the classes of this one but for its tests'. */
final class MadeServer {
  private static final String TESTS = "test-classes";
  private static final Path ARCHIVE = Path.of("target", "growth.jsa");

  private MadeServer() {}

  /** What the journal of a server is to hold. */
  interface Filling {
    void into(MadeJournal journal) throws SQLException;
  }

  /** With nothing in it. */
  static OwnServer fresh() {
    return new OwnServer(classes());
  }

  /** With a journal that was made before, without a server. */
  static OwnServer with(Filling filling) {
    return new OwnServer(classes(), data -> fill(data, filling));
  }

  /** The jar, as {@code ./run} starts it first: at its end it writes down what classes it had. */
  static OwnServer archiving() {
    return new OwnServer(jar("-XX:ArchiveClassesAtExit=" + ARCHIVE));
  }

  /** The jar, as {@code ./run} starts it from then on. */
  static OwnServer archived(Filling filling) {
    return new OwnServer(jar("-XX:SharedArchiveFile=" + ARCHIVE), data -> fill(data, filling));
  }

  private static List<String> jar(String option) {
    return List.of(
        java(),
        option,
        "-Xlog:cds=off",
        "-Xlog:cds+dynamic=off",
        "-jar",
        Path.of("target", "sotto.jar").toString());
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static void fill(Path data, Filling filling) {
    try (var journal = new MadeJournal(data)) {
      filling.into(journal);
    } catch (SQLException e) {
      throw new LoadException("no journal could be made: " + e.getMessage(), e);
    }
  }

  /** The settings of tests would keep the server from saying what it does. */
  private static List<String> classes() {
    String classes =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(place -> !Path.of(place).endsWith(TESTS))
            .collect(Collectors.joining(File.pathSeparator));
    return List.of(
        java(),
        "-cp",
        classes,
        Main.class.getName());
  }
}

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

  private MadeServer() {}

  /** What the journal of a server is to hold. */
  interface Filling {
    void into(MadeJournal journal) throws SQLException;
  }

  /** With nothing in it. */
  static OwnServer fresh() {
    return new OwnServer(java());
  }

  /** With a journal that was made before, without a server. */
  static OwnServer with(Filling filling) {
    return new OwnServer(java(), data -> fill(data, filling));
  }

  private static void fill(Path data, Filling filling) {
    try (var journal = new MadeJournal(data)) {
      filling.into(journal);
    } catch (SQLException e) {
      throw new LoadException("no journal could be made: " + e.getMessage(), e);
    }
  }

  /** The settings of tests would keep the server from saying what it does. */
  private static List<String> java() {
    String classes =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(place -> !Path.of(place).endsWith(TESTS))
            .collect(Collectors.joining(File.pathSeparator));
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        classes,
        Main.class.getName());
  }
}

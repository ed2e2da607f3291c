package chat.sotto.load;

import chat.sotto.Main;
import chat.sotto.audit.MadeJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Starts servers in processes of their own, with the classes of this one. */
final class MadeServer {
  private MadeServer() {}

  /** What the journal of a server is to hold. */
  interface Filling {
    void into(MadeJournal journal) throws SQLException;
  }

  /** With nothing in it. */
  static OwnServer fresh() {
    return new OwnServer(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName()));
  }

  /** With a journal that was made before, without a server. */
  static OwnServer with(Filling filling) throws SQLException, IOException {
    OwnServer server = fresh();
    server.stop();
    delete(server.data());
    try (var journal = new MadeJournal(server.data())) {
      filling.into(journal);
    }
    server.start();
    return server;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}

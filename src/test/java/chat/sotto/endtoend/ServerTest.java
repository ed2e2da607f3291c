package chat.sotto.endtoend;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** One real server for all tests of a class; each uses people of its own. */
abstract class ServerTest {
  @TempDir static Path folder;
  static RunningServer server;

  @BeforeAll
  static void startServer() {
    server = new RunningServer(folder.resolve("data"));
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  static Person registered(String name) throws Exception {
    return Person.registered(name, server.url(), folder);
  }
}

package chat.sotto.edge;

import chat.sotto.TestServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A server for a class, and for each test somebody with a second device that may be linked. */
abstract class TwoDevices {
  @TempDir static Path data;
  static TestServer server;
  static int names;

  final TestUser alice = new TestUser("alice-" + names++);
  final TestDevice second = new TestDevice(alice);

  @BeforeAll
  static void start() {
    server = TestServer.start(data);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  static RawClient connect() throws Exception {
    return RawClient.connect(server.server());
  }
}

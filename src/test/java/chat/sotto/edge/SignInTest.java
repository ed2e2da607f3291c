package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import chat.sotto.TestServer;
import chat.sotto.protocol.ServerFrame;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignInTest {
  @TempDir static Path data;
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start(data);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void registersLogsInAndResumes() throws Exception {
    var alice = new TestUser("alice");
    ServerFrame.SignedIn registered;
    try (var client = RawClient.connect(server.server())) {
      registered = client.register(alice);
      client.assertAlive();
    }
    ServerFrame.SignedIn loggedIn;
    try (var client = RawClient.connect(server.server())) {
      loggedIn = client.login(alice);
      client.assertAlive();
    }
    assertNotEquals(registered.token(), loggedIn.token());
    try (var client = RawClient.connect(server.server())) {
      assertEquals(loggedIn.token(), client.resume(alice, loggedIn.token()).token());
      client.assertAlive();
    }
  }
}

package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestServer;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.ServerFrame;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** A group of alice, to which bob is invited, and what bob hears of it. */
abstract class GroupStretches {
  @TempDir static Path data;
  static TestServer server;

  final TestGroup group = new TestGroup();
  TestUser alice;
  TestUser bob;
  RawClient a;
  RawClient b;

  @BeforeAll
  static void start() {
    server = TestServer.start(data);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /** Alice's group, to which bob is invited. */
  @BeforeEach
  void make(TestInfo test) throws Exception {
    String own = Integer.toHexString(test.getDisplayName().hashCode());
    alice = new TestUser("alice-" + own);
    bob = new TestUser("bob-" + own);
    a = RawClient.registered(server.server(), alice);
    b = RawClient.registered(server.server(), bob);
    group.append(a, alice, group.commit(TestGroup.found(alice)));
    invite();
  }

  @AfterEach
  void leave() {
    a.close();
    b.close();
  }

  void invite() throws Exception {
    group.append(a, alice, group.commit(TestGroup.invite(bob)));
  }

  void remove() throws Exception {
    group.append(a, alice, group.commit(TestGroup.remove(bob)));
  }

  Bytes post() throws Exception {
    Bytes ciphertext = TestGroup.random(100);
    group.append(a, alice, group.post(alice), ciphertext);
    return ciphertext;
  }

  void reconnect() throws Exception {
    b.close();
    b = RawClient.connect(server.server());
    b.login(bob);
    assertEquals(bob.name.value(), b.hear(ServerFrame.CaughtUp.class).owner());
  }

  /** What was to be read from the disk for a push would have been, meanwhile. */
  void assertNothingMore() throws Exception {
    for (int i = 0; i < 10; i++) {
      b.assertAlive();
    }
    assertTrue(b.heardNothingMore());
  }

  <T extends ServerFrame> T hear(Class<T> type) throws Exception {
    ServerFrame next = b.hear();
    while (!type.isInstance(next)) {
      next = b.hear();
    }
    return type.cast(next);
  }
}

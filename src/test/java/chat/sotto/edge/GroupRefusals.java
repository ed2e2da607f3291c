package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.TestServer;
import chat.sotto.model.GroupContent;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * A group and what its log does not take: each is answered by name, keeps no body, and leaves the
 * log as it was, so that what comes next is taken.
 */
abstract class GroupRefusals {
  @TempDir static Path data;
  static final MovableClock CLOCK = new MovableClock();
  static TestServer server;

  final TestGroup group = new TestGroup();
  TestUser alice;
  TestUser bob;
  TestUser carol;
  RawClient a;
  RawClient b;
  RawClient c;

  @BeforeAll
  static void start() {
    server = TestServer.start(data, Map.of(), CLOCK);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /** Alice's group with bob in it; carol is not. */
  @BeforeEach
  void make(TestInfo test) throws Exception {
    String own = Integer.toHexString(test.getDisplayName().hashCode());
    alice = new TestUser("alice-" + own);
    bob = new TestUser("bob-" + own);
    carol = new TestUser("carol-" + own);
    a = RawClient.registered(server.server(), alice);
    b = RawClient.registered(server.server(), bob);
    c = RawClient.registered(server.server(), carol);
    group.append(a, alice, group.commit(TestGroup.found(alice)));
    group.append(a, alice, group.commit(TestGroup.invite(bob)));
    group.append(b, bob, group.confirm(alice));
  }

  @AfterEach
  void leave() {
    a.close();
    b.close();
    c.close();
  }

  void assertRefused(
      ErrorCode code, RawClient client, TestUser by, GroupContent content) throws Exception {
    assertRefused(code, client, nonce -> group.frame(client, nonce, by, content));
  }

  ServerFrame.Failed assertRefused(
      ErrorCode code, RawClient client, Function<Long, ClientFrame> frame) throws Exception {
    long bodies = server.bodies();
    long before = group.head().sequenceNr();
    var refused = client.ask(ServerFrame.Failed.class, frame);
    assertEquals(code, refused.code());
    assertEquals(bodies, server.bodies());
    var next = group.append(a, alice, group.post(alice));
    assertEquals(next.sequenceNr() - 1, before);
    return refused;
  }
}

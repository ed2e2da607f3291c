package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestServer;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupProposal;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.protocol.TypingRequest;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of groups one user may use up; what is too much leaves nothing behind. */
class GroupRateTest {
  @TempDir Path data;
  private final TestGroup group = new TestGroup();
  private final TestUser alice = new TestUser("alice");
  private final TestUser bob = new TestUser("bob");
  private TestServer server;
  private RawClient a;
  private RawClient b;

  /** A server with a rate of so many at once, and alice's group on it. */
  private void start(String rate, int burst) throws Exception {
    server =
        TestServer.start(
            data,
            Map.of(
                "sotto.limits." + rate + ".burst", burst,
                "sotto.limits." + rate + ".every", "1 h"));
    a = RawClient.registered(server.server(), alice);
    b = RawClient.registered(server.server(), bob);
    group.append(a, alice, group.commit(TestGroup.found(alice)));
  }

  @AfterEach
  void stop() throws Exception {
    a.close();
    b.close();
    server.close();
  }

  private void assertTooMuch(Function<Long, ClientFrame> frame) throws Exception {
    long bodies = server.bodies();
    var refused = a.ask(ServerFrame.Failed.class, frame);
    assertEquals(ErrorCode.RATE_LIMITED, refused.code());
    assertTrue(refused.retryAfter().orElseThrow() > 60_000);
    assertEquals(bodies, server.bodies());
  }

  private void assertTooMuch(GroupContent content) throws Exception {
    assertTooMuch(nonce -> group.frame(a, nonce, alice, content));
  }

  @Test
  void changesOfOneUser() throws Exception {
    start("group-changes-per-user", 3);
    group.append(a, alice, group.commit(TestGroup.invite(bob)));
    group.append(a, alice, group.commit());
    assertTooMuch(group.commit());
    assertTooMuch(group.propose(new GroupProposal.Rekey()));
    group.append(b, bob, group.confirm(alice));
    group.append(a, alice, group.post(alice));
  }

  @Test
  void postsOfOneUser() throws Exception {
    start("posts-per-user", 2);
    group.append(a, alice, group.post(alice));
    group.append(a, alice, group.post(alice));
    assertTooMuch(group.post(alice));
    group.append(a, alice, group.commit(TestGroup.invite(bob)));
    group.append(b, bob, group.confirm(alice));
    group.append(b, bob, group.post(bob));
  }

  @Test
  void bytesOfOneUser() throws Exception {
    // One KiB of the first commit's name, then two.
    start("group-kib-per-user", 3);
    group.append(a, alice, group.post(alice), TestGroup.random(1025));
    assertTooMuch(group.post(alice));
    assertTooMuch(group.commit());
    group.append(a, alice, group.propose(new GroupProposal.Rekey()));
  }

  @Test
  void lookUpsOfOneUser() throws Exception {
    start("group-look-ups-per-user", 2);
    Function<Long, ClientFrame> keys =
        nonce -> new ClientFrame.GroupKeys(nonce, a.token(), group.id, Optional.empty());
    Function<Long, ClientFrame> seen =
        nonce -> new ClientFrame.GroupSeen(nonce, a.token(), group.id, 1);
    a.ask(ServerFrame.GroupKeyPage.class, keys);
    a.ask(ServerFrame.GroupSeenBy.class, seen);
    assertTooMuch(keys);
    assertTooMuch(seen);
  }

  @Test
  void typingOfOneUser() throws Exception {
    start("typing-per-user", 2);
    Function<Long, ClientFrame> typing =
        nonce ->
            new TypingRequest(
                nonce,
                a.token(),
                Optional.empty(),
                Optional.of(group.id),
                Bytes.of(new byte[] {1}));
    a.ask(ServerFrame.Done.class, typing);
    a.ask(ServerFrame.Done.class, typing);
    assertTooMuch(typing);
  }

  @Test
  void invitationsThatSomebodyGets() throws Exception {
    start("invitations-of-user", 1);
    group.append(a, alice, group.commit(TestGroup.invite(bob)));
    var other = new TestGroup();
    other.append(a, alice, other.commit(TestGroup.found(alice)));
    assertTooMuch(
        nonce -> other.frame(a, nonce, alice, other.commit(TestGroup.invite(bob))));
    other.append(a, alice, other.commit());
    b.assertRefused(
        ErrorCode.NOT_MEMBER,
        nonce -> new ClientFrame.Follow(nonce, b.token(), other.id, 0));
  }
}

package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestServer;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.Limits;
import chat.sotto.protocol.ServerFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** One connection with several logs: what is under way in them, and what of it is stored. */
class GroupAckTest {
  private static final int IN_FLIGHT_MAX = 20;

  @TempDir static Path data;
  private static TestServer server;

  private TestUser alice;
  private TestUser bob;
  private RawClient a;
  private RawClient b;

  @BeforeAll
  static void start() {
    server =
        TestServer.start(
            data,
            Map.of(
                "sotto.limits.entries-in-flight-max", IN_FLIGHT_MAX,
                "sotto.limits.posts-per-group.burst", 1_000));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void register(TestInfo test) throws Exception {
    String own = Integer.toHexString(test.getDisplayName().hashCode());
    alice = new TestUser("alice-" + own);
    bob = new TestUser("bob-" + own);
    a = RawClient.registered(server.server(), alice);
    b = RawClient.registered(server.server(), bob);
  }

  @AfterEach
  void leave() {
    a.close();
    b.close();
  }

  /** A group of alice to which bob is invited; alice acknowledges. */
  private TestGroup groupWithBob() throws Exception {
    var group = new TestGroup();
    group.append(a, alice, group.commit(TestGroup.found(alice)));
    group.append(a, alice, group.commit(TestGroup.invite(bob)));
    TestGroup.acknowledge(a, alice, group.hearHead(a));
    return group;
  }

  private void send(long n) throws Exception {
    a.askKeeping(
        ServerFrame.Accepted.class,
        nonce ->
            new ClientFrame.Send(
                nonce,
                a.token(),
                bob.name,
                n,
                1,
                TestGroup.random(16),
                List.of(new ClientFrame.Copy(bob.device, TestGroup.random(50)))));
  }

  private void reconnect() throws Exception {
    b.close();
    b = RawClient.connect(server.server());
    b.login(bob);
  }

  private static LogPoint point(ServerFrame.EntryPush push) {
    return new LogPoint(
        push.kind(), push.owner(), push.generation(), push.sequenceNr(), push.hash());
  }

  private void assertRefused(long nonce, LogPoint... points) throws Exception {
    TestGroup.acknowledge(b, bob, nonce, points);
    var refused = b.hear(ServerFrame.Failed.class);
    assertEquals(ErrorCode.ACK_REFUSED, refused.code());
  }

  @Test
  void oneStatementSpeaksOfTheInboxAndOfGroups() throws Exception {
    TestGroup one = groupWithBob();
    ServerFrame.GroupEntryPush ofOne = one.hearHead(b);
    TestGroup two = groupWithBob();
    ServerFrame.GroupEntryPush ofTwo = two.hearHead(b);
    b.hear(ServerFrame.CaughtUp.class);
    send(1);
    var message = b.hear(ServerFrame.EntryPush.class);
    TestGroup.acknowledge(
        b,
        bob,
        message.nonce(),
        TestGroup.point(ofOne),
        point(message),
        TestGroup.point(ofTwo));
    b.assertAlive();
    one.append(a, alice, one.post(alice));
    send(2);
    reconnect();
    assertEquals(2, b.hear(ServerFrame.EntryPush.class).sequenceNr());
    assertEquals(2, b.hear(ServerFrame.CaughtUp.class).sequenceNr());
    Set<String> caughtUp = new HashSet<>();
    while (caughtUp.size() < 2) {
      ServerFrame next = b.hear();
      if (next instanceof ServerFrame.GroupEntryPush push) {
        assertEquals(one.head(), push.entry().point());
      } else {
        caughtUp.add(((ServerFrame.CaughtUp) next).owner());
      }
    }
    assertEquals(Set.of(one.id.value(), two.id.value()), caughtUp);
  }

  @Test
  void aStatementWithOneWrongPointChangesNothing() throws Exception {
    TestGroup group = groupWithBob();
    ServerFrame.GroupEntryPush push = group.hearHead(b);
    b.hear(ServerFrame.CaughtUp.class);
    send(1);
    var message = b.hear(ServerFrame.EntryPush.class);
    LogPoint good = TestGroup.point(push);
    String owner = good.owner();
    String other = new TestGroup().id.value();
    Bytes hash = good.hash();
    for (LogPoint bad :
        List.of(
            new LogPoint(LogPoint.GROUP, owner, 1, 3, hash),
            new LogPoint(LogPoint.GROUP, owner, 1, 2, TestGroup.random(32)),
            new LogPoint(LogPoint.GROUP, owner, 2, 2, hash),
            new LogPoint(LogPoint.GROUP, other, 1, 2, hash),
            new LogPoint(LogPoint.GROUP, "no group", 1, 2, hash),
            new LogPoint("else", owner, 1, 2, hash))) {
      assertRefused(message.nonce(), point(message), bad);
    }
    assertRefused(message.nonce(), point(message), good, good);
    reconnect();
    assertEquals(1, b.hear(ServerFrame.EntryPush.class).sequenceNr());
    b.hear(ServerFrame.CaughtUp.class);
    b.hear(ServerFrame.GroupStart.class);
    group.hearHead(b);
  }

  @Test
  void theInboxGoesFirstAndNoLogWaitsForAnother() throws Exception {
    b.close();
    TestGroup stalled = groupWithBob();
    TestGroup live = groupWithBob();
    for (int i = 1; i <= Limits.GROUP_IN_FLIGHT_MAX; i++) {
      stalled.append(a, alice, stalled.post(alice));
    }
    for (int n = 1; n <= IN_FLIGHT_MAX + 1; n++) {
      send(n);
    }
    reconnect();
    var heard = new ArrayList<ServerFrame.Push>();
    while (heard.size() < IN_FLIGHT_MAX + Limits.GROUP_IN_FLIGHT_MAX + 1) {
      ServerFrame next = b.hear();
      if (next instanceof ServerFrame.GroupEntryPush || next instanceof ServerFrame.EntryPush) {
        heard.add((ServerFrame.Push) next);
      }
    }
    for (int n = 0; n < IN_FLIGHT_MAX; n++) {
      assertInstanceOf(ServerFrame.EntryPush.class, heard.get(n));
    }
    assertPushed(Limits.GROUP_IN_FLIGHT_MAX, stalled, heard);
    assertPushed(1, live, heard);
    b.assertAlive();
    assertTrue(b.heardNothingMore());
    live.append(a, alice, live.post(alice));
    live.hearHead(b);
    var last = (ServerFrame.GroupEntryPush) heard.get(heard.size() - 1);
    assertEquals(stalled.id, last.owner());
    TestGroup.acknowledge(b, bob, last);
    stalled.hearHead(b);
  }

  private static void assertPushed(
      int expected, TestGroup group, List<ServerFrame.Push> heard) {
    assertEquals(
        expected,
        heard.stream()
            .filter(
                push ->
                    push instanceof ServerFrame.GroupEntryPush entry
                        && entry.owner().equals(group.id))
            .count());
  }

  @Test
  void groupsThatAreNotAcknowledgedKeepNoOtherFromCatchingUp() throws Exception {
    b.close();
    for (int i = 0; i < 9; i++) {
      TestGroup stalled = groupWithBob();
      for (int n = 1; n <= Limits.GROUP_IN_FLIGHT_MAX; n++) {
        stalled.append(a, alice, stalled.post(alice));
      }
    }
    reconnect();
    Set<GroupId> begun = new HashSet<>();
    while (begun.size() < 9) {
      if (b.hear() instanceof ServerFrame.GroupStart start) {
        begun.add(start.owner());
      }
    }
  }

  @Test
  void manyGroupsAllCatchUp() throws Exception {
    b.close();
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      expected.add(groupWithBob().id.value());
    }
    reconnect();
    b.hear(ServerFrame.CaughtUp.class);
    Set<String> caughtUp = new HashSet<>();
    while (caughtUp.size() < expected.size()) {
      ServerFrame next = b.hear();
      if (next instanceof ServerFrame.CaughtUp one) {
        caughtUp.add(one.owner());
      } else if (next instanceof ServerFrame.GroupEntryPush push) {
        TestGroup.acknowledge(b, bob, push);
      }
    }
    assertEquals(expected, caughtUp);
  }

  @Test
  void theOwnPieceIsDroppedOnceItIsAcknowledged() throws Exception {
    TestGroup group = groupWithBob();
    ServerFrame.GroupEntryPush push = group.hearHead(b);
    assertTrue(push.piece().isPresent());
    long bodies = server.bodies();
    TestGroup.acknowledge(b, bob, push);
    while (server.bodies() != bodies - 1) {
      b.assertAlive();
    }
  }
}

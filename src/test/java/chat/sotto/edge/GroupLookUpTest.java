package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestServer;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What members may ask of the people of a group, and how much inviting may find out. */
class GroupLookUpTest {
  @TempDir Path data;
  private final TestGroup group = new TestGroup();
  private final TestUser alice = new TestUser("alice");
  private final TestUser bob = new TestUser("bob");
  private final TestUser carol = new TestUser("carol");

  private static ClientFrame.GroupKeys keys(
      RawClient from, long nonce, TestGroup group, Optional<UserName> after) {
    return new ClientFrame.GroupKeys(nonce, from.token(), group.id, after);
  }

  @Test
  void keysOfEverybodyComeInPagesAndTakeNoOneTimePrekeyAway() throws Exception {
    try (var server = TestServer.start(data)) {
      List<TestUser> guests = new ArrayList<>();
      for (int i = 0; i < 34; i++) {
        guests.add(new TestUser("guest%02d".formatted(i)));
        RawClient.registered(server.server(), guests.get(i)).close();
      }
      lookUp(server, guests);
    }
  }

  /** Whoever asks comes when all are there: a connection that waits so long is closed. */
  private void lookUp(TestServer server, List<TestUser> guests) throws Exception {
    try (var a = RawClient.registered(server.server(), alice)) {
      group.append(a, alice, group.commit(TestGroup.found(alice)));
      invite(a, guests.subList(0, 20));
      invite(a, guests.subList(20, 34));
      var first =
          a.ask(
              ServerFrame.GroupKeyPage.class,
              nonce -> keys(a, nonce, group, Optional.empty()));
      assertEquals(32, first.users().size());
      assertTrue(first.more());
      UserName last = first.users().get(31).deviceList().user();
      var second =
          a.ask(
              ServerFrame.GroupKeyPage.class,
              nonce -> keys(a, nonce, group, Optional.of(last)));
      assertEquals(false, second.more());
      assertEquals(
          Stream.concat(Stream.of(alice), guests.stream()).map(one -> one.name).toList(),
          Stream.concat(first.users().stream(), second.users().stream())
              .map(one -> one.deviceList().user())
              .toList());
      ServerFrame.UserKeys guest = first.users().get(1);
      assertEquals(guests.get(0).deviceList, guest.deviceList());
      Prekey signed = guest.keys().get(0).signedPrekey();
      assertTrue(
          Statements.verifyPrekey(
              guests.get(0).deviceKey(), guests.get(0).name, guests.get(0).device, signed));
      try (var client = RawClient.connect(server.server())) {
        assertEquals(List.of(2L, 3L), client.login(guests.get(0)).oneTimePrekeyIds());
      }
    }
  }

  private void invite(RawClient a, List<TestUser> guests) throws Exception {
    GroupOp[] invites = guests.stream().map(TestGroup::invite).toArray(GroupOp[]::new);
    group.append(a, alice, group.commit(invites));
  }

  @Test
  void whoHasNotSeenAnEntryYetIsToldToMembersOnly() throws Exception {
    try (var server = TestServer.start(data);
        var a = RawClient.registered(server.server(), alice);
        var b = RawClient.registered(server.server(), bob);
        var c = RawClient.registered(server.server(), carol)) {
      group.append(a, alice, group.commit(TestGroup.found(alice)));
      for (ClientFrame frame :
          List.of(
              new ClientFrame.GroupSeen(2, b.token(), group.id, 1),
              keys(b, 4, group, Optional.empty()),
              new ClientFrame.GroupSeen(6, b.token(), new TestGroup().id, 1))) {
        b.say(frame);
        assertEquals(ErrorCode.NOT_MEMBER, b.hear(ServerFrame.Failed.class).code());
      }
      group.append(
          a, alice, group.commit(TestGroup.invite(bob), TestGroup.invite(carol)));
      TestGroup.acknowledge(a, alice, group.hearHead(a));
      TestGroup.acknowledge(b, bob, group.hearHead(b));
      group.hearHead(c);
      awaitUnseen(a, 2, Set.of(carol.name));
      awaitUnseen(a, 1, Set.of(carol.name));
      awaitUnseen(a, 3, Set.of(alice.name, bob.name, carol.name));
      b.say(new ClientFrame.GroupSeen(8, b.token(), group.id, 2));
      assertEquals(ErrorCode.NOT_MEMBER, ((ServerFrame.Failed) b.reply()).code());
    }
  }

  private void awaitUnseen(RawClient a, long sequenceNr, Set<UserName> users)
      throws Exception {
    Set<UserName> unseen;
    do {
      unseen =
          Set.copyOf(
              a.ask(
                      ServerFrame.GroupSeenBy.class,
                      nonce ->
                          new ClientFrame.GroupSeen(nonce, a.token(), group.id, sequenceNr))
                  .unseen());
      assertTrue(unseen.containsAll(users), unseen::toString);
    } while (!unseen.equals(users));
  }

  @Test
  void invitingStrangersCountsAsLookingThemUpAllOfThemOrNone() throws Exception {
    var settings =
        Map.<String, Object>of(
            "sotto.limits.look-ups-per-user.burst", 3,
            "sotto.limits.look-ups-per-user.every", "1 h");
    try (var server = TestServer.start(data, settings);
        var a = RawClient.registered(server.server(), alice);
        var b = RawClient.registered(server.server(), bob);
        var c = RawClient.registered(server.server(), carol)) {
      group.append(a, alice, group.commit(TestGroup.found(alice)));
      group.append(
          a, alice, group.commit(TestGroup.invite(bob), TestGroup.invite(carol)));
      GroupOp[] two = {
        TestGroup.invite(new TestUser("nobody1")), TestGroup.invite(new TestUser("nobody2"))
      };
      var refused =
          a.ask(
              ServerFrame.Failed.class,
              nonce -> group.frame(a, nonce, alice, group.commit(two)));
      assertEquals(ErrorCode.RATE_LIMITED, refused.code());
      assertTrue(refused.retryAfter().isPresent());
      a.assertRefused(
          ErrorCode.UNKNOWN_USER,
          nonce -> group.frame(a, nonce, alice, group.commit(two[0])));
      a.assertRefused(
          ErrorCode.RATE_LIMITED,
          nonce -> group.frame(a, nonce, alice, group.commit(two[0])));
      var ofBob = group.commit(new GroupOp.Devices(bob.name, bob.nextDeviceList()));
      a.assertRefused(
          ErrorCode.RATE_LIMITED, nonce -> group.frame(a, nonce, alice, ofBob));
      var own = group.propose(new GroupProposal.Devices(alice.deviceList));
      a.assertRefused(
          ErrorCode.GROUP_REFUSED, nonce -> group.frame(a, nonce, alice, own));
    }
  }

  @Test
  void aFullDiskTakesNothing() throws Exception {
    try (var server = TestServer.start(data);
        var a = RawClient.registered(server.server(), alice)) {
      group.append(a, alice, group.commit(TestGroup.found(alice)));
    }
    var full = Map.<String, Object>of("sotto.journal.free-space-reserve", "1000 TiB");
    try (var server = TestServer.start(data, full);
        var a = RawClient.connect(server.server())) {
      a.login(alice);
      a.assertRefused(
          ErrorCode.SERVER_FULL, nonce -> group.frame(a, nonce, alice, group.post(alice)));
      a.assertRefused(
          ErrorCode.SERVER_FULL, nonce -> group.frame(a, nonce, alice, group.commit()));
    }
  }
}

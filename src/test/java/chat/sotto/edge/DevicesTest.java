package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.crypto.Ed25519;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Point;
import chat.sotto.protocol.AccountReply;
import chat.sotto.protocol.AccountRequest;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.CloseCode;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Several devices of a user over real sockets: linked, revoked, and what is refused on the way. */
class DevicesTest extends TwoDevices {
  private DeviceList present() throws Exception {
    try (var asker = RawClient.registered(server.server(), new TestUser("asker-" + names++))) {
      return asker
          .ask(
              ServerFrame.DeviceListReply.class,
              nonce -> new ClientFrame.Devices(nonce, asker.token(), alice.name))
          .deviceList();
    }
  }

  private ErrorCode refusedFirst(
      Function<Bytes, ClientFrame.First> frame, TestDevice device)
      throws Exception {
    try (var client = connect()) {
      var refused =
          assertInstanceOf(ServerFrame.Failed.class, client.first(frame, device.key));
      client.assertClosed(CloseCode.NORMAL);
      return refused.code();
    }
  }

  @Test
  void aLinkedDeviceIsToldOfAndGetsWhatComes() throws Exception {
    var bob = new TestUser("bob-" + names++);
    try (var a = connect();
        var a2 = connect();
        var b = RawClient.registered(server.server(), bob)) {
      a.register(alice);
      assertEquals(1, a.hearAccount().vaultVersion());
      DeviceList list = second.link(a2);

      assertEquals(list, a.hearAccount().deviceList());
      assertEquals(2, a2.hearAccount().vaultVersion());
      var own =
          a.askKeeping(
              AccountReply.OwnDevices.class,
              nonce -> new AccountRequest.OwnDevices(nonce, a.token()));
      assertEquals(
          List.of(alice.device, second.id),
          own.devices().stream().map(AccountReply.OwnDevice::id).toList());
      assertTrue(own.devices().stream().allMatch(one -> one.connected() && one.lastSeen() > 0));
      byte[] text = TestUser.random(40);
      var messageId = Bytes.of(TestUser.random(16));
      b.ask(
          ServerFrame.Accepted.class,
          nonce ->
              new ClientFrame.Send(
                  nonce,
                  b.token(),
                  alice.name,
                  1,
                  2,
                  messageId,
                  List.of(
                      new ClientFrame.Copy(alice.device, Bytes.of(text)),
                      new ClientFrame.Copy(second.id, Bytes.of(text)))));
      b.assertRefused(
          ErrorCode.DEVICES_CHANGED,
          nonce ->
              new ClientFrame.Send(
                  nonce,
                  b.token(),
                  alice.name,
                  2,
                  1,
                  messageId,
                  List.of(new ClientFrame.Copy(alice.device, Bytes.of(text)))));
      for (RawClient client : List.of(a, a2)) {
        ServerFrame next = client.hear();
        while (!(next instanceof ServerFrame.EntryPush)) {
          next = client.hear();
        }
        assertEquals(
            Optional.of(Bytes.of(text)), ((ServerFrame.EntryPush) next).ciphertext());
      }
    }
  }

  @Test
  void ofTwoThatLinkAtOnceOneIsStaleAndComesAgain() throws Exception {
    var third = new TestDevice(alice);
    try (var a = connect();
        var one = connect();
        var other = connect()) {
      a.register(alice);
      AccountReply.Linking first = second.login(one);
      AccountReply.Linking late = third.login(other);
      one.link(
          second.link(
              one.nextNonce(), second.listWith(first.deviceList(), first.inbox().head()), 2));
      DeviceList forked = third.listWith(late.deviceList(), late.inbox().head());
      other.assertRefused(ErrorCode.STALE, nonce -> third.link(nonce, forked, 2));
      try (var again = connect()) {
        assertEquals(3, third.link(again).version());
      }
    }
  }

  @Test
  void linkingMayEndAtEachStep() throws Exception {
    try (var a = connect()) {
      a.register(alice);
      try (var interrupted = connect()) {
        second.login(interrupted);
      }
      DeviceList list;
      try (var lost = connect()) {
        AccountReply.Linking linking = second.login(lost);
        list = second.listWith(linking.deviceList(), linking.inbox().head());
        lost.say(second.link(lost.nextNonce(), list, 2));
        // The other device hears that it was linked; the answer is nobody's.
        while (a.hearAccount().deviceList().version() < 2) {}
      }
      try (var again = connect()) {
        var signedIn =
            assertInstanceOf(
                ServerFrame.SignedIn.class, again.first(second::login, second.key));
        assertEquals(2, signedIn.deviceListVersion());
      }
      assertEquals(list, present());
    }
  }

  @Test
  void nothingButLinkAndPingWhileLinking() throws Exception {
    try (var a = connect();
        var a2 = connect()) {
      a.register(alice);
      AccountReply.Linking linking = second.login(a2);
      Secret none = Secret.of(new byte[32]);
      a2.ask(ServerFrame.Pong.class, nonce -> new ClientFrame.Ping(nonce, none));
      a2.assertRefused(
          ErrorCode.UNKNOWN_TYPE, nonce -> new ClientFrame.Devices(nonce, none, alice.name));
      DeviceList list = second.listWith(linking.deviceList(), linking.inbox().head());
      a2.assertRefused(
          ErrorCode.SIGN_IN_FAILED,
          nonce -> second.link(nonce, list, 2, Secret.of(TestUser.random(32))));
      assertEquals(alice.deviceList, present());
    }
  }

  @Test
  void ghostsAndForksAreRefusedAndChangeNothing() throws Exception {
    var ghost = new TestDevice(alice);
    Ed25519.SigningKey stranger = Ed25519.generate(TestUser.RANDOM);
    try (var a = connect();
        var a2 = connect()) {
      a.register(alice);
      AccountReply.Linking linking = second.login(a2);
      Point head = linking.inbox().head();
      Device own = alice.deviceList.devices().get(0);
      Device changed =
          new Device(own.id(), ghost.publicKey(), own.suites(), own.addedAt(), own.inboxStart());
      for (DeviceList bad :
          List.of(
              TestDevice.next(stranger, alice.deviceList, List.of(own, second.row(head))),
              TestDevice.next(
                  alice.accountKey, alice.deviceList, List.of(changed, second.row(head))),
              TestDevice.next(
                  alice.accountKey,
                  alice.deviceList,
                  List.of(own, ghost.row(head), second.row(head))),
              TestDevice.next(alice.accountKey, alice.deviceList, List.of(own, ghost.row(head))))) {
        a2.assertRefused(
            ErrorCode.DEVICE_LIST_REFUSED, nonce -> second.link(nonce, bad, 2));
      }
      for (DeviceList stale :
          List.of(
              TestDevice.next(
                  alice.accountKey,
                  TestDevice.next(alice.accountKey, alice.deviceList, List.of(own)),
                  List.of(own, second.row(head))),
              alice.deviceList)) {
        a2.assertRefused(ErrorCode.STALE, nonce -> second.link(nonce, stale, 2));
      }
      DeviceList good = second.listWith(alice.deviceList, head);
      a2.assertRefused(ErrorCode.STALE, nonce -> second.link(nonce, good, 1));
      a2.assertRefused(ErrorCode.STALE, nonce -> second.link(nonce, good, 3));
      assertEquals(alice.deviceList, present());
    }
  }

  @Test
  void aRevokedDeviceIsCutOffAndCanDoNothingMore() throws Exception {
    try (var a = connect();
        var a2 = connect()) {
      a.register(alice);
      DeviceList list = second.link(a2);
      Secret token = a2.token();
      DeviceList left = second.listWithout(list);

      a.ask(
          ServerFrame.Done.class,
          nonce ->
              TestUser.change(
                  a,
                  nonce,
                  Optional.of(alice.authSecret),
                  Optional.of(left),
                  3,
                  Optional.empty()));

      a2.awaitClosed(CloseCode.DEVICE_REMOVED);
      assertEquals(
          ErrorCode.DEVICE_REVOKED, refusedFirst(key -> second.resume(key, token), second));
      assertEquals(ErrorCode.DEVICE_REVOKED, refusedFirst(second::login, second));
      assertEquals(
          ErrorCode.SIGN_IN_FAILED,
          refusedFirst(key -> second.login(key, Secret.of(TestUser.random(32))), second));
      assertEquals(left, present());
    }
  }

  @Test
  void revokedDeviceCannotAddDevice() throws Exception {
    var ghost = new TestDevice(alice);
    try (var a = connect();
        var a2 = connect();
        var third = connect()) {
      a.register(alice);
      DeviceList list = second.link(a2);
      // It holds a list that names the ghost, well signed at a time when it had the password.
      DeviceList kept = ghost.listWith(list, list.devices().get(1).inboxStart());
      a2.assertRefused(
          ErrorCode.DEVICE_LIST_REFUSED,
          nonce ->
              new AccountRequest.Change(
                  nonce,
                  a2.token(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of(kept),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty()));
      a2.assertRefused(
          ErrorCode.DEVICE_LIST_REFUSED,
          nonce ->
              TestUser.change(
                  a2,
                  nonce,
                  Optional.of(alice.authSecret),
                  Optional.of(kept),
                  3,
                  Optional.empty()));
      DeviceList left = second.listWithout(list);
      a.ask(
          ServerFrame.Done.class,
          nonce ->
              TestUser.change(
                  a,
                  nonce,
                  Optional.of(alice.authSecret),
                  Optional.of(left),
                  3,
                  Optional.empty()));
      ghost.login(third);
      third.assertRefused(ErrorCode.STALE, nonce -> ghost.link(nonce, kept, 4));
      assertEquals(left, present());
    }
  }
}

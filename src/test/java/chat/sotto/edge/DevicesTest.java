package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestServer;
import chat.sotto.crypto.Ed25519;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Point;
import chat.sotto.model.Statements;
import chat.sotto.protocol.AccountReply;
import chat.sotto.protocol.AccountRequest;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.CloseCode;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several devices of a user over real sockets: linked, revoked, and what is refused on the way. */
class DevicesTest {
  @TempDir static Path data;
  private static TestServer server;
  private static int names;

  private final TestUser alice = new TestUser("alice-" + names++);
  private final TestDevice second = new TestDevice(alice);

  @BeforeAll
  static void start() {
    server = TestServer.start(data);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static RawClient connect() throws Exception {
    return RawClient.connect(server.server());
  }

  private static AccountReply.Linking login(RawClient client, TestDevice device)
      throws Exception {
    return assertInstanceOf(
        AccountReply.Linking.class, client.first(device::login, device.key));
  }

  private DeviceList link(RawClient client, TestDevice device) throws Exception {
    AccountReply.Linking linking = login(client, device);
    DeviceList list = device.listWith(linking.deviceList(), linking.inbox().head());
    client.link(device.link(client.nextNonce(), list, linking.vaultVersion() + 1));
    client.hear(ServerFrame.CaughtUp.class);
    return list;
  }

  private static AccountRequest.Change change(
      RawClient client,
      long nonce,
      Optional<Secret> authSecret,
      Optional<DeviceList> list,
      long vaultVersion,
      Optional<Secret> newAuthSecret) {
    return new AccountRequest.Change(
        nonce,
        client.token(),
        authSecret,
        Optional.empty(),
        list,
        Optional.of(Bytes.of(TestUser.random(130))),
        Optional.of(vaultVersion),
        Optional.empty(),
        newAuthSecret,
        Optional.empty());
  }

  private static DeviceList without(TestUser user, DeviceList list, TestDevice gone) {
    return TestDevice.next(
        user.accountKey,
        list,
        list.devices().stream().filter(row -> !row.id().equals(gone.id)).toList());
  }

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
      DeviceList list = link(a2, second);

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
      AccountReply.Linking first = login(one, second);
      AccountReply.Linking late = login(other, third);
      one.link(
          second.link(
              one.nextNonce(), second.listWith(first.deviceList(), first.inbox().head()), 2));
      DeviceList forked = third.listWith(late.deviceList(), late.inbox().head());
      other.assertRefused(ErrorCode.STALE, nonce -> third.link(nonce, forked, 2));
      try (var again = connect()) {
        assertEquals(3, link(again, third).version());
      }
    }
  }

  @Test
  void linkingMayEndAtEachStep() throws Exception {
    try (var a = connect()) {
      a.register(alice);
      try (var interrupted = connect()) {
        login(interrupted, second);
      }
      DeviceList list;
      try (var lost = connect()) {
        AccountReply.Linking linking = login(lost, second);
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
      AccountReply.Linking linking = login(a2, second);
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
      AccountReply.Linking linking = login(a2, second);
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
      DeviceList list = link(a2, second);
      Secret token = a2.token();
      DeviceList left = without(alice, list, second);

      a.ask(
          ServerFrame.Done.class,
          nonce ->
              change(
                  a,
                  nonce,
                  Optional.of(alice.authSecret),
                  Optional.of(left),
                  3,
                  Optional.empty()));

      Object next = a2.next();
      while (!(next instanceof RawClient.Closed)) {
        next = a2.next();
      }
      assertEquals(new RawClient.Closed(CloseCode.DEVICE_REMOVED.code()), next);
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
      DeviceList list = link(a2, second);
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
              change(
                  a2,
                  nonce,
                  Optional.of(alice.authSecret),
                  Optional.of(kept),
                  3,
                  Optional.empty()));
      DeviceList left = without(alice, list, second);
      a.ask(
          ServerFrame.Done.class,
          nonce ->
              change(
                  a,
                  nonce,
                  Optional.of(alice.authSecret),
                  Optional.of(left),
                  3,
                  Optional.empty()));
      login(third, ghost);
      third.assertRefused(ErrorCode.STALE, nonce -> ghost.link(nonce, kept, 4));
      assertEquals(left, present());
    }
  }

  @Test
  void oldVaultIsGoneAfterPasswordChange(@TempDir Path folder) throws Exception {
    var bodies = new ArrayList<byte[]>();
    Secret newSecret = Secret.of(TestUser.random(32));
    try (var own = TestServer.start(folder)) {
      try (var a = RawClient.connect(own.server());
          var a2 = RawClient.connect(own.server())) {
        a.register(alice);
        link(a2, second);
        bodies.addAll(bodies(folder, "vault/" + alice.name));
        bodies.addAll(bodies(folder, "credentials/" + alice.name));
        assertEquals(2, bodies.size());
        a.ask(
            ServerFrame.Done.class,
            nonce ->
                change(
                    a,
                    nonce,
                    Optional.of(alice.authSecret),
                    Optional.empty(),
                    3,
                    Optional.of(newSecret)));
        Object next = a2.next();
        while (!(next instanceof RawClient.Closed)) {
          next = a2.next();
        }
        assertEquals(new RawClient.Closed(CloseCode.DEVICE_REMOVED.code()), next);
      }
      try (var old = RawClient.connect(own.server());
          var other = RawClient.connect(own.server());
          var good = RawClient.connect(own.server())) {
        assertEquals(
            ErrorCode.SIGN_IN_FAILED,
            assertInstanceOf(ServerFrame.Failed.class, old.first(alice::login, alice)).code());
        assertEquals(
            ErrorCode.TOKEN_REFUSED,
            assertInstanceOf(
                    ServerFrame.Failed.class,
                    other.first(
                        key -> second.resume(key, Secret.of(TestUser.random(32))), second.key))
                .code());
        assertInstanceOf(
            ServerFrame.SignedIn.class, good.first(key -> alice.login(key, newSecret), alice));
      }
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = latin1(Files.readAllBytes(file));
        for (byte[] body : bodies) {
          assertFalse(content.contains(latin1(body)), "left in " + file);
        }
      }
    }
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static List<byte[]> bodies(Path folder, String prefix) throws Exception {
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("sotto.db"));
        var query = connection.prepareStatement("SELECT bytes FROM body WHERE id LIKE ?")) {
      query.setString(1, prefix + "/%");
      var found = new ArrayList<byte[]>();
      try (var rows = query.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getBytes(1));
        }
      }
      return found;
    }
  }

  @Test
  void theRecoveryCodeOpensAndEndsAllTokens() throws Exception {
    Secret code = Secret.of(TestUser.random(32));
    Secret newSecret = Secret.of(TestUser.random(32));
    var recoveryVault = Bytes.of(TestUser.random(90));
    try (var a = connect();
        var a2 = connect()) {
      a.register(alice);
      assertEquals(
          ErrorCode.SIGN_IN_FAILED, refusedFirst(key -> second.recover(key, code), second));
      a.ask(
          ServerFrame.Done.class,
          nonce ->
              new AccountRequest.Change(
                  nonce,
                  a.token(),
                  Optional.of(alice.authSecret),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of(Bytes.of(TestUser.random(99))),
                  Optional.of(2L),
                  Optional.of(recoveryVault),
                  Optional.empty(),
                  Optional.of(code)));
      assertEquals(
          ErrorCode.SIGN_IN_FAILED,
          refusedFirst(key -> second.recover(key, Secret.of(TestUser.random(32))), second));
      var linking =
          assertInstanceOf(
              AccountReply.Linking.class,
              a2.first(key -> second.recover(key, code), second.key));
      assertEquals(recoveryVault, linking.vault());
      DeviceList list = second.listWith(linking.deviceList(), linking.inbox().head());
      a2.link(
          new ClientFrame.Link(
              a2.nextNonce(),
              Optional.empty(),
              Optional.of(code),
              list,
              Bytes.of(TestUser.random(99)),
              3,
              Optional.of(recoveryVault),
              second.prekeys,
              Optional.of(newSecret)));
      assertTrue(a2.hearAccount().hasRecovery());
      Object next = a.next();
      while (!(next instanceof RawClient.Closed)) {
        next = a.next();
      }
      assertEquals(new RawClient.Closed(CloseCode.DEVICE_REMOVED.code()), next);
    }
  }

  @Test
  void aForgottenPasswordIsResetOnceTheWaitIsOver(@TempDir Path folder) throws Exception {
    Ed25519.SigningKey newKey = Ed25519.generate(TestUser.RANDOM);
    DeviceList renewed =
        TestDevice.next(newKey, alice.deviceList, alice.deviceList.devices());
    DeviceList announced =
        renewed.with(
            Statements.signKeyChange(
                alice.deviceKey, alice.device, alice.deviceList, renewed.accountKey()));
    Secret newSecret = Secret.of(TestUser.random(32));
    try (var a = connect()) {
      a.register(alice);
      a.ask(ServerFrame.Done.class, nonce -> new AccountRequest.ResetAsk(nonce, a.token()));
      a.assertRefused(
          ErrorCode.RESET_REFUSED,
          nonce ->
              change(
                  a, nonce, Optional.empty(), Optional.of(announced), 2, Optional.of(newSecret)));
      assertEquals(alice.deviceList, present());
    }
    try (var own = TestServer.start(folder, Map.of("sotto.accounts.reset-wait", "0 s"));
        var a = RawClient.connect(own.server())) {
      a.register(alice);
      a.assertRefused(
          ErrorCode.RESET_REFUSED,
          nonce ->
              change(
                  a, nonce, Optional.empty(), Optional.of(announced), 2, Optional.of(newSecret)));
      a.ask(ServerFrame.Done.class, nonce -> new AccountRequest.ResetAsk(nonce, a.token()));
      a.assertRefused(
          ErrorCode.DEVICE_LIST_REFUSED,
          nonce ->
              change(
                  a, nonce, Optional.empty(), Optional.of(renewed), 2, Optional.of(newSecret)));
      a.ask(
          ServerFrame.Done.class,
          nonce ->
              change(
                  a, nonce, Optional.empty(), Optional.of(announced), 2, Optional.of(newSecret)));
      try (var again = RawClient.connect(own.server())) {
        assertInstanceOf(
            ServerFrame.SignedIn.class, again.first(key -> alice.login(key, newSecret), alice));
      }
    }
  }

  @Test
  void syncIsSharedAndPutInOrder() throws Exception {
    var blob = Bytes.of(TestUser.random(64));
    try (var a = connect();
        var a2 = connect()) {
      a.register(alice);
      link(a2, second);
      a.ask(
          ServerFrame.Done.class,
          nonce -> new AccountRequest.SyncPut(nonce, a.token(), 1, blob));
      a2.assertRefused(
          ErrorCode.STALE,
          nonce -> new AccountRequest.SyncPut(nonce, a2.token(), 1, Bytes.of(new byte[9])));
      a2.assertRefused(
          ErrorCode.STALE, nonce -> new AccountRequest.SyncPut(nonce, a2.token(), 1, blob));
      var shared =
          a2.ask(
              AccountReply.Sync.class, nonce -> new AccountRequest.Sync(nonce, a2.token()));
      assertEquals(Optional.of(blob), shared.blob());
      assertEquals(1, shared.counter());
      long counter = 0;
      while (counter < 1) {
        counter = a2.hearAccount().syncCounter();
      }
    }
  }

  @Test
  void aDeletedAccountMayBeOpenedAgainAndBegunAnew() throws Exception {
    var anew = new TestUser(alice.name.value());
    try (var a = connect()) {
      a.register(alice);
      a.assertRefused(
          ErrorCode.SIGN_IN_FAILED,
          nonce ->
              new AccountRequest.Delete(
                  nonce,
                  a.token(),
                  Optional.of(Secret.of(TestUser.random(32))),
                  Optional.empty()));
      a.ask(
          ServerFrame.Done.class,
          nonce ->
              new AccountRequest.Delete(
                  nonce, a.token(), Optional.of(alice.authSecret), Optional.empty()));
      a.assertClosed(CloseCode.DEVICE_REMOVED);
    }
    var reopening = new Reopening(server.system());
    try (var taken = connect();
        var told = connect();
        var again = connect()) {
      assertEquals(
          ErrorCode.NAME_TAKEN,
          assertInstanceOf(ServerFrame.Failed.class, taken.first(anew::register, anew)).code());
      assertEquals(
          Reopening.Outcome.REOPENED,
          reopening.reopen(alice.name, "asked for it").toCompletableFuture().get());
      var refused =
          assertInstanceOf(ServerFrame.Failed.class, told.first(anew::register, anew));
      assertEquals(ErrorCode.ACCOUNT_REOPENED, refused.code());
      DeviceList before = refused.deviceList().orElseThrow();
      Point head = refused.inbox().orElseThrow().head();
      DeviceList list =
          TestDevice.next(
              anew.accountKey,
              before,
              List.of(new Device(anew.device, anew.deviceKey(), List.of(1), 1, head)));
      assertInstanceOf(
          ServerFrame.SignedIn.class, again.first(key -> anew.register(key, list), anew));
    }
  }
}

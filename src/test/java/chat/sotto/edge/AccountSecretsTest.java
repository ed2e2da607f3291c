package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Password, recovery code, reset, sync and deletion of an account over real sockets. */
class AccountSecretsTest extends TwoDevices {
  private ErrorCode refusedFirst(Function<Bytes, ClientFrame.First> frame) throws Exception {
    try (var client = connect()) {
      return refused(client.first(frame, second.key));
    }
  }

  @Test
  void oldVaultIsGoneAfterPasswordChange(@TempDir Path folder) throws Exception {
    Secret newSecret = Secret.of(TestUser.random(32));
    var stored = new StoredBodies(folder);
    List<StoredBodies.Body> old = new ArrayList<>();
    try (var own = TestServer.start(folder)) {
      try (var a = RawClient.connect(own.server());
          var a2 = RawClient.connect(own.server())) {
        a.register(alice);
        second.link(a2);
        old.addAll(
            stored.await(2, "vault/" + alice.name + "/%", "credentials/" + alice.name + "/%"));
        a.ask(
            ServerFrame.Done.class,
            nonce ->
                TestUser.change(
                    a,
                    nonce,
                    Optional.of(alice.authSecret),
                    Optional.empty(),
                    3,
                    Optional.of(newSecret)));
        a2.awaitClosed(CloseCode.DEVICE_REMOVED);
      }
      assertOnlyTheNewPasswordOpens(own, newSecret);
    }
    assertEquals(List.of(), stored.inFiles(old));
    // What a crash right after the event leaves.
    stored.putBack(old);
    try (var own = TestServer.start(folder)) {
      assertOnlyTheNewPasswordOpens(own, newSecret);
    }
    assertEquals(List.of(), stored.inFiles(old));
  }

  private void assertOnlyTheNewPasswordOpens(TestServer own, Secret newSecret)
      throws Exception {
    Secret madeUp = Secret.of(TestUser.random(32));
    try (var old = RawClient.connect(own.server());
        var other = RawClient.connect(own.server());
        var good = RawClient.connect(own.server())) {
      assertEquals(ErrorCode.SIGN_IN_FAILED, refused(old.first(alice::login, alice)));
      assertEquals(
          ErrorCode.TOKEN_REFUSED,
          refused(other.first(key -> second.resume(key, madeUp), second.key)));
      assertInstanceOf(
          ServerFrame.SignedIn.class, good.first(key -> alice.login(key, newSecret), alice));
    }
  }

  private static ErrorCode refused(ServerFrame reply) {
    return assertInstanceOf(ServerFrame.Failed.class, reply).code();
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
          ErrorCode.SIGN_IN_FAILED, refusedFirst(key -> second.recover(key, code)));
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
          refusedFirst(key -> second.recover(key, Secret.of(TestUser.random(32)))));
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
      a.awaitClosed(CloseCode.DEVICE_REMOVED);
    }
  }

  private static AccountRequest.Change reset(
      RawClient client, long nonce, DeviceList list, Secret secret) {
    return TestUser.change(
        client, nonce, Optional.empty(), Optional.of(list), 2, Optional.of(secret));
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
          ErrorCode.RESET_REFUSED, nonce -> reset(a, nonce, announced, newSecret));
      DeviceList present =
          a.ask(
                  ServerFrame.DeviceListReply.class,
                  nonce -> new ClientFrame.Devices(nonce, a.token(), alice.name))
              .deviceList();
      assertEquals(alice.deviceList, present);
    }
    try (var own = TestServer.start(folder, Map.of("sotto.accounts.reset-wait", "0 s"));
        var a = RawClient.connect(own.server())) {
      a.register(alice);
      a.assertRefused(
          ErrorCode.RESET_REFUSED, nonce -> reset(a, nonce, announced, newSecret));
      a.ask(ServerFrame.Done.class, nonce -> new AccountRequest.ResetAsk(nonce, a.token()));
      a.assertRefused(
          ErrorCode.DEVICE_LIST_REFUSED, nonce -> reset(a, nonce, renewed, newSecret));
      a.ask(ServerFrame.Done.class, nonce -> reset(a, nonce, announced, newSecret));
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
      second.link(a2);
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

package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestServer;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.AccountReply;
import chat.sotto.protocol.AccountRequest;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.CloseCode;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What strangers, thieves and slow readers can use up of an account and of the server. */
class AccountLimitsTest {
  private static final int AT_ONCE = 100;

  private static final int SOCKET_BYTES = 65_536;

  @TempDir Path data;

  private final TestUser alice = new TestUser("alice");
  private final TestDevice second = new TestDevice(alice);

  private TestServer start(Map<String, Object> limits) {
    var settings = new HashMap<String, Object>();
    settings.put("akka.http.server.socket-options.so-send-buffer-size", SOCKET_BYTES);
    settings.put("akka.http.server.socket-options.so-receive-buffer-size", SOCKET_BYTES);
    limits.forEach((name, value) -> settings.put("sotto.limits." + name, value));
    return TestServer.start(data, settings);
  }

  private static ErrorCode refusedFirst(
      TestServer server, TestDevice device, Function<Bytes, ClientFrame.First> frame)
      throws Exception {
    try (var client = RawClient.connect(server.server())) {
      var refused =
          assertInstanceOf(ServerFrame.Failed.class, client.first(frame, device.key));
      client.assertClosed(CloseCode.NORMAL);
      return refused.code();
    }
  }

  private static AccountRequest.ResetCancel cancel(RawClient client, long nonce, Secret typed) {
    return new AccountRequest.ResetCancel(
        nonce, client.token(), Optional.of(typed), Optional.empty());
  }

  @Test
  void strangersWhoGuessDoNotKeepTheOwnerOut() throws Exception {
    Secret wrong = Secret.of(TestUser.random(32));
    try (var server =
            start(
                Map.of(
                    "sign-ins-per-user.burst", 1,
                    "sign-ins-per-user.every", "1 d",
                    "proofs-per-device.burst", 2,
                    "proofs-per-device.every", "1 d",
                    "account-changes-per-device.burst", 1,
                    "account-changes-per-device.every", "1 d"));
        var a = RawClient.registered(server.server(), alice)) {
      assertEquals(
          ErrorCode.SIGN_IN_FAILED,
          refusedFirst(server, second, key -> second.login(key, wrong)));
      assertEquals(ErrorCode.RATE_LIMITED, refusedFirst(server, second, second::login));

      a.ask(
          ServerFrame.Done.class, nonce -> new AccountRequest.ResetAsk(nonce, a.token()));
      a.assertRefused(
          ErrorCode.RATE_LIMITED, nonce -> new AccountRequest.ResetAsk(nonce, a.token()));
      a.ask(ServerFrame.Done.class, nonce -> cancel(a, nonce, alice.authSecret));
      try (var again = RawClient.connect(server.server())) {
        again.login(alice);
        again.hear(ServerFrame.CaughtUp.class);
        again.assertRefused(
            ErrorCode.RATE_LIMITED, nonce -> cancel(again, nonce, alice.authSecret));
      }
      assertEquals(
          ErrorCode.SIGN_IN_FAILED,
          refusedFirst(server, second, key -> second.recover(key, wrong)));
      assertEquals(
          ErrorCode.SIGN_IN_FAILED,
          refusedFirst(server, second, key -> second.recover(key, wrong)));
    }
  }

  @Test
  void aRecoveryVaultWithoutACodeIsNoFrameUnlessSomebodyWasQuicker() throws Exception {
    try (var server = start(Map.of());
        var a = RawClient.registered(server.server(), alice)) {
      a.assertRefused(ErrorCode.BAD_FRAME, nonce -> withRecoveryVault(a, nonce, 2));
      a.assertRefused(ErrorCode.STALE, nonce -> withRecoveryVault(a, nonce, 1));
    }
  }

  private AccountRequest.Change withRecoveryVault(
      RawClient client, long nonce, long vaultVersion) {
    return new AccountRequest.Change(
        nonce,
        client.token(),
        Optional.of(alice.authSecret),
        Optional.empty(),
        Optional.empty(),
        Optional.of(Bytes.of(TestUser.random(130))),
        Optional.of(vaultVersion),
        Optional.of(Bytes.of(TestUser.random(90))),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void whoLinksProvesItselfThreeTimesAtMost() throws Exception {
    Secret wrong = Secret.of(TestUser.random(32));
    try (var server = start(Map.of());
        var a = RawClient.registered(server.server(), alice);
        var a2 = RawClient.connect(server.server())) {
      var linking =
          assertInstanceOf(AccountReply.Linking.class, a2.first(second::login, second.key));
      var list = second.listWith(linking.deviceList(), linking.inbox().head());
      for (int i = 0; i < 3; i++) {
        a2.assertRefused(
            ErrorCode.SIGN_IN_FAILED, nonce -> second.link(nonce, list, 2, wrong));
      }
      a2.assertRefused(ErrorCode.RATE_LIMITED, nonce -> second.link(nonce, list, 2));
      a.assertAlive();
    }
  }

  @Test
  void whoLinksAndDoesNotReadIsNotReadFrom() throws Exception {
    int count = 12_000;
    try (var server = start(Map.of());
        var a = RawClient.registered(server.server(), alice);
        var a2 = RawClient.connect(server.server())) {
      assertInstanceOf(AccountReply.Linking.class, a2.first(second::login, second.key));
      ClientFrame repeated = new ClientFrame.Ping(0, Secret.of(new byte[32]));
      Unread.say(a2, repeated, count);
      a.assertAlive();
    }
  }

  private static void assertDone(RawClient client, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      assertInstanceOf(ServerFrame.Done.class, client.reply());
    }
  }

  @Test
  void whoDoesNotReadHearsOfTheAccountOnlyAsItIsThen() throws Exception {
    int count = 900;
    try (var server =
            start(
                Map.of(
                    "account-changes-per-device.burst", count,
                    "account-changes-per-device.every", "1 d"));
        var a = RawClient.registered(server.server(), alice);
        var a2 = RawClient.connect(server.server())) {
      var linking =
          assertInstanceOf(AccountReply.Linking.class, a2.first(second::login, second.key));
      var list = second.listWith(linking.deviceList(), linking.inbox().head());
      a2.link(second.link(a2.nextNonce(), list, 2));
      a2.hear(ServerFrame.CaughtUp.class);
      a2.pauseReading();
      var blob = Bytes.of(TestUser.random(50));
      for (int i = 1; i <= count; i++) {
        a.say(new AccountRequest.SyncPut(a.nextNonce(), a.token(), i, blob));
        // On a slow machine the last of too many would wait longer than the server lets them.
        if (i % AT_ONCE == 0) {
          assertDone(a, AT_ONCE);
        }
      }
      a2.resumeReading();
      int heard = 0;
      while (a2.hearAccount().syncCounter() < count) {
        heard++;
      }
      assertTrue(heard < count * 3 / 4, "heard " + heard);
      a.assertRefused(
          ErrorCode.RATE_LIMITED,
          nonce -> new AccountRequest.SyncPut(nonce, a.token(), count + 1, blob));
    }
  }
}

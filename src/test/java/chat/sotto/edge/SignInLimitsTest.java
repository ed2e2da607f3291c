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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What registering and signing in refuse, how often one may try, and what a failure shows. */
class SignInLimitsTest {
  @TempDir Path data;

  private static ServerFrame.Failed refused(
      TestServer server, TestUser user, Function<Bytes, ClientFrame.First> frame)
      throws Exception {
    try (var client = RawClient.connect(server.server())) {
      var refused = assertInstanceOf(ServerFrame.Failed.class, client.first(frame, user));
      client.assertClosed(CloseCode.NORMAL);
      return refused;
    }
  }

  private static ErrorCode refusal(
      TestServer server, TestUser user, Function<Bytes, ClientFrame.First> frame)
      throws Exception {
    return refused(server, user, frame).code();
  }

  @Test
  void aFailedLoginNeverSaysWhy() throws Exception {
    try (var server = TestServer.start(data);
        var client = RawClient.connect(server.server())) {
      var alice = new TestUser("alice");
      client.register(alice);
      Secret wrong = Secret.of(TestUser.random(32));
      long before = System.nanoTime();
      var wrongPassword = refused(server, alice, key -> alice.login(key, wrong));
      long between = System.nanoTime();
      var nobody = new TestUser("nobody");
      var unknownUser = refused(server, nobody, nobody::login);
      long after = System.nanoTime();
      assertEquals(ErrorCode.SIGN_IN_FAILED, wrongPassword.code());
      assertEquals(wrongPassword, unknownUser);
      assertTrue(between - before >= Proofs.FAILURE_TAKES.toNanos());
      assertTrue(after - between >= Proofs.FAILURE_TAKES.toNanos());
      var invalid = refused(server, nobody, key -> withName(nobody.login(key), "No Name!"));
      assertEquals(wrongPassword, invalid);
    }
  }

  private static ClientFrame.Login withName(ClientFrame.Login login, String name) {
    return new ClientFrame.Login(
        login.nonce(),
        name,
        login.authSecret(),
        login.deviceId(),
        login.deviceKey(),
        login.connectionKey());
  }

  @Test
  void anotherDeviceWithTheRightPasswordMayBeLinked() throws Exception {
    try (var server = TestServer.start(data);
        var client = RawClient.connect(server.server());
        var another = RawClient.connect(server.server())) {
      var alice = new TestUser("alice");
      client.register(alice);
      var other = new TestUser("alice");
      ServerFrame answer = another.first(key -> other.login(key, alice.authSecret), other);
      assertEquals(
          alice.deviceList, assertInstanceOf(AccountReply.Linking.class, answer).deviceList());
      assertEquals(
          ErrorCode.SIGN_IN_FAILED, refusal(server, other, key -> other.login(key)));
    }
  }

  @Test
  void badRegistrationsAreRefusedWithTheirReason() throws Exception {
    try (var server = TestServer.start(data);
        var client = RawClient.connect(server.server())) {
      var alice = new TestUser("alice");
      client.register(alice);
      var second = new TestUser("alice");
      assertEquals(ErrorCode.NAME_TAKEN, refusal(server, second, second::register));
      var bob = new TestUser("bob");
      for (String bad : List.of("", "b", "Bob", "bob!", "-bob", "b".repeat(33), "bøb")) {
        assertEquals(
            ErrorCode.NAME_INVALID,
            refusal(server, bob, key -> withName(bob.register(key), bad)));
      }
      assertEquals(
          ErrorCode.DEVICE_LIST_REFUSED,
          refusal(server, bob, key -> withName(bob.register(key), "carol")));
      var elsewhere = new TestUser("bob", "elsewhere.example");
      assertEquals(
          ErrorCode.DEVICE_LIST_REFUSED, refusal(server, elsewhere, elsewhere::register));
      var other = new TestUser("bob");
      assertEquals(
          ErrorCode.PREKEY_REFUSED,
          refusal(server, bob, key -> bob.register(key, other.prekeys(1))));
      try (var last = RawClient.connect(server.server())) {
        last.register(bob);
      }
    }
  }

  private static ClientFrame.Register withName(ClientFrame.Register register, String name) {
    return new ClientFrame.Register(
        register.nonce(),
        name,
        register.authSecret(),
        register.deviceId(),
        register.deviceKey(),
        register.connectionKey(),
        register.deviceList(),
        register.prekeys(),
        register.vault());
  }

  @Test
  void oneAddressMayRegisterSoOften() throws Exception {
    var settings = Map.<String, Object>of("sotto.limits.registrations-per-address.burst", 2);
    try (var server = TestServer.start(data, settings)) {
      for (String name : List.of("alice", "bob")) {
        try (var client = RawClient.connect(server.server())) {
          client.register(new TestUser(name));
        }
      }
      var carol = new TestUser("carol");
      var refused = refused(server, carol, carol::register);
      assertEquals(ErrorCode.RATE_LIMITED, refused.code());
      assertTrue(refused.retryAfter().orElseThrow() > 50_000);
    }
  }

  @Test
  void oneUserAndOneAddressMayTryPasswordsSoOften() throws Exception {
    var settings =
        Map.<String, Object>of(
            "sotto.limits.sign-ins-per-user.burst", 1,
            "sotto.limits.sign-ins-per-user.every", "1 h",
            "sotto.limits.sign-ins-per-address.burst", 3,
            "sotto.limits.sign-ins-per-address.every", "1 h");
    try (var server = TestServer.start(data, settings);
        var client = RawClient.connect(server.server())) {
      var alice = new TestUser("alice");
      Secret token = client.register(alice).token();
      var nobody = new TestUser("nobody");
      assertEquals(ErrorCode.SIGN_IN_FAILED, refusal(server, nobody, nobody::login));
      assertEquals(ErrorCode.RATE_LIMITED, refusal(server, nobody, nobody::login));
      try (var next = RawClient.connect(server.server())) {
        next.login(alice);
      }
      var carol = new TestUser("carol");
      assertEquals(ErrorCode.RATE_LIMITED, refusal(server, carol, carol::login));
      try (var next = RawClient.connect(server.server())) {
        var failed = (ServerFrame.Failed) next.first(key -> alice.resume(key, token), alice);
        assertEquals(ErrorCode.TOKEN_REFUSED, failed.code());
      }
    }
  }

  @Test
  void strangersMayBeLookedUpSoOftenAndFriendsAlways() throws Exception {
    var settings =
        Map.<String, Object>of(
            "sotto.limits.look-ups-per-user.burst", 2,
            "sotto.limits.look-ups-per-user.every", "1 h");
    try (var server = TestServer.start(data, settings);
        var a = RawClient.connect(server.server());
        var b = RawClient.connect(server.server())) {
      var alice = new TestUser("alice");
      var bob = new TestUser("bob");
      a.register(alice);
      b.register(bob);
      b.hear(ServerFrame.CaughtUp.class);
      a.ask(
          ServerFrame.Accepted.class,
          nonce ->
              new ClientFrame.Send(
                  nonce,
                  a.token(),
                  bob.name,
                  1,
                  1,
                  Bytes.of(TestUser.random(16)),
                  List.of(new ClientFrame.Copy(bob.device, Bytes.of(TestUser.random(9))))));
      b.hear(ServerFrame.EntryPush.class);
      var stranger = new TestUser("stranger");
      for (int i = 0; i < 2; i++) {
        b.assertRefused(
            ErrorCode.UNKNOWN_USER,
            nonce -> new ClientFrame.Devices(nonce, b.token(), stranger.name));
      }
      b.assertRefused(
          ErrorCode.RATE_LIMITED,
          nonce -> new ClientFrame.Keys(nonce, b.token(), stranger.name));
      b.ask(
          ServerFrame.KeyBundle.class,
          nonce -> new ClientFrame.Keys(nonce, b.token(), alice.name));
    }
  }

  @Test
  void nothingNewIsTakenWhenTheDiskIsNearlyFull() throws Exception {
    var alice = new TestUser("alice");
    Secret token;
    try (var server = TestServer.start(data);
        var client = RawClient.connect(server.server())) {
      token = client.register(alice).token();
    }
    var full = Map.<String, Object>of("sotto.journal.free-space-reserve", "1000 TiB");
    try (var server = TestServer.start(data, full);
        var client = RawClient.connect(server.server())) {
      var bob = new TestUser("bob");
      assertEquals(ErrorCode.SERVER_FULL, refusal(server, bob, bob::register));
      client.resume(alice, token);
      client.assertRefused(
          ErrorCode.SERVER_FULL,
          nonce -> new ClientFrame.PutPrekeys(nonce, token, false, alice.prekeys(0)));
      client.assertRefused(
          ErrorCode.SERVER_FULL,
          nonce ->
              new ClientFrame.Send(
                  nonce,
                  token,
                  alice.name,
                  1,
                  1,
                  Bytes.of(TestUser.random(16)),
                  List.of(new ClientFrame.Copy(alice.device, Bytes.of(TestUser.random(9))))));
      // Whoever revokes a device or changes a password does not wait for the operator.
      client.ask(
          ServerFrame.Done.class,
          nonce ->
              new AccountRequest.Change(
                  nonce,
                  token,
                  Optional.of(alice.authSecret),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of(Bytes.of(TestUser.random(130))),
                  Optional.of(2L),
                  Optional.empty(),
                  Optional.of(Secret.of(TestUser.random(32))),
                  Optional.empty()));
      client.assertAlive();
    }
  }
}

package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.testkit.javadsl.TestKit;
import chat.sotto.TestCommand;
import chat.sotto.TestServer;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.protocol.AccountRequest;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.CloseCode;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.user.ArchiveCommand;
import chat.sotto.user.User;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator erases bob, while the server runs or not. */
class ErasureTest {
  @TempDir private Path data;
  private final TestUser alice = new TestUser("alice");
  private final TestUser bob = new TestUser("bob");
  private final TestGroup group = new TestGroup();
  private TestServer server;
  private RawClient a;
  private RawClient b;

  /** A message and a group's keys wait for bob. */
  @BeforeEach
  void start() throws Exception {
    server = TestServer.start(data);
    a = RawClient.registered(server.server(), alice);
    b = RawClient.registered(server.server(), bob);
    a.askKeeping(ServerFrame.Accepted.class, nonce -> send(nonce, 1));
    group.append(a, alice, group.commit(TestGroup.found(alice)));
    group.append(a, alice, group.commit(TestGroup.invite(bob)));
    group.append(b, bob, group.confirm(alice));
    group.append(a, alice, group.commit());
  }

  @AfterEach
  void stop() throws Exception {
    a.close();
    b.close();
    server.close();
  }

  private ClientFrame.Send send(long nonce, long n) {
    return send(nonce, n, 1, bob.device);
  }

  private ClientFrame.Send send(long nonce, long n, long listVersion, DeviceId... devices) {
    return new ClientFrame.Send(
        nonce,
        a.token(),
        bob.name,
        n,
        listVersion,
        TestGroup.random(16),
        Stream.of(devices)
            .map(device -> new ClientFrame.Copy(device, TestGroup.random(300)))
            .toList());
  }

  private TestCommand erase(String user, String reason) {
    return TestCommand.run(
        "admin", "erase", user, "--reason", reason, "--yes", "--data", data.toString());
  }

  private long bodies(String... like) throws SQLException {
    server.bodies();
    return stored().find(like).size();
  }

  private StoredBodies stored() {
    return new StoredBodies(data);
  }

  private void assertBobIsGone() throws Exception {
    assertEquals(0, bodies("credentials/bob/%"));
    assertEquals(0, bodies("vault/bob/%"));
    assertEquals(1, bodies("prekey/bob/%"), "the signed one");
    assertEquals(0, bodies("group-piece/%/" + bob.device));
    assertEquals(0, bodies("0%"), "ciphertexts");
  }

  @Test
  void nothingThatWaitsForAPersonIsLeft() throws Exception {
    assertTrue(bodies("group-piece/%/" + bob.device) > 0);
    assertEquals(1, bodies("0%"));

    TestCommand erased = erase("bob", "asked for it");

    assertEquals(0, erased.status(), erased.said());
    assertTrue(erased.said().contains("bob is erased"), erased.said());
    assertBobIsGone();
    assertEquals(1, bodies("credentials/alice/%"));
  }

  @Test
  void notOneByteOfItIsLeftInTheFiles() throws Exception {
    List<StoredBodies.Body> erased = ofBob();
    assertTrue(erased.size() >= 5);
    assertEquals(erased.size(), stored().inFiles(erased).size());

    erase("bob", "asked for it");
    a.close();
    b.close();
    server.close();

    assertEquals(List.of(), stored().inFiles(erased));
    server = TestServer.start(data);
  }

  private List<StoredBodies.Body> ofBob() {
    return stored()
        .find("credentials/bob/%", "vault/bob/%", "0%", "group-piece/%/" + bob.device);
  }

  @Test
  void whatACrashLeftGoesOnceSomebodyAsksForTheName() throws Exception {
    List<StoredBodies.Body> left = ofBob();
    erase("bob", "asked for it");
    a.close();
    b.close();
    server.close();
    var attempt =
        new StoredBodies.Body("vault/bob/of-an-attempt", TestGroup.random(50).toArray());
    left.add(attempt);
    stored().putBack(left);
    server = TestServer.start(data);

    assertFirstRefused(ErrorCode.SIGN_IN_FAILED, bob::login);

    new TestKit(server.system().classicSystem())
        .awaitAssert(
            () -> {
              assertEquals(List.of(), ofBob());
              return null;
            });
    assertBobIsGone();
  }

  @Test
  void aPersonWithThreeDevicesAndAnArchiveIsErasedWhole() throws Exception {
    var tablet = new TestDevice(bob);
    var phone = new TestDevice(bob);
    try (var b2 = RawClient.connect(server.server());
        var b3 = RawClient.connect(server.server())) {
      tablet.link(b2);
      phone.link(b3);
      b.askKeeping(
          ServerFrame.Done.class,
          nonce -> new AccountRequest.SyncPut(nonce, b.token(), 1, TestGroup.random(60)));
      archive(60);
      a.askKeeping(
          ServerFrame.Accepted.class,
          nonce -> send(nonce, 2, 3, bob.device, tablet.id, phone.id));
      List<StoredBodies.Body> held =
          stored()
              .await(
                  60 + 1 + 1 + 1 + 4,
                  "archive/bob/%",
                  "sync/bob/%",
                  "vault/bob/%",
                  "credentials/bob/%",
                  "0%");

      assertEquals(0, erase("bob", "asked for it").status());

      for (RawClient client : List.of(b, b2, b3)) {
        client.awaitClosed(CloseCode.DEVICE_REMOVED);
      }
      assertEquals(0, bodies("archive/bob/%", "sync/bob/%", "vault/bob/%", "credentials/bob/%"));
      assertEquals(0, bodies("0%", "group-piece/%/" + bob.device));
      assertEquals(3, bodies("prekey/bob/%"), "the signed ones");
      a.close();
      server.close();
      assertEquals(List.of(), stored().inFiles(held));
    }
    TestCommand audit = TestCommand.run("audit", data.toString());
    assertEquals(0, audit.status(), audit.said());
    server = TestServer.start(data);
  }

  private void archive(int batches) throws Exception {
    for (long nr = 1; nr <= batches; nr++) {
      long next = nr;
      ArchiveCommand.Reply reply =
          User.ref(server.system(), bob.name)
              .<ArchiveCommand.Reply>ask(
                  replyTo ->
                      new ArchiveCommand.Append(bob.device, next, TestGroup.random(40), replyTo),
                  Duration.ofSeconds(20))
              .toCompletableFuture()
              .get();
      assertInstanceOf(ArchiveCommand.Facts.class, reply);
    }
  }

  @Test
  void anErasedAccountIsUnknownToOthersAndClosedToItsDevices() throws Exception {
    Secret token = b.token();
    erase("bob", "asked for it");

    b.awaitClosed(CloseCode.DEVICE_REMOVED);
    a.assertRefused(ErrorCode.UNKNOWN_USER, nonce -> send(nonce, 2));
    a.assertRefused(
        ErrorCode.UNKNOWN_USER, nonce -> new ClientFrame.Keys(nonce, a.token(), bob.name));
    a.assertRefused(
        ErrorCode.UNKNOWN_USER, nonce -> new ClientFrame.Devices(nonce, a.token(), bob.name));
    assertFirstRefused(ErrorCode.TOKEN_REFUSED, key -> bob.resume(key, token));
    assertFirstRefused(ErrorCode.SIGN_IN_FAILED, bob::login);
    assertFirstRefused(ErrorCode.NAME_TAKEN, bob::register);
    var other = new TestGroup();
    other.append(a, alice, other.commit(TestGroup.found(alice)));
    a.assertRefused(
        ErrorCode.UNKNOWN_USER,
        nonce -> other.frame(a, nonce, alice, other.commit(TestGroup.invite(bob))));
  }

  private void assertFirstRefused(
      ErrorCode code, Function<Bytes, ClientFrame.First> frame)
      throws Exception {
    try (var client = RawClient.connect(server.server())) {
      var refused = assertInstanceOf(ServerFrame.Failed.class, client.first(frame, bob));
      assertEquals(code, refused.code());
    }
  }

  @Test
  void theGroupsOfAnErasedPersonGoOnUntilItIsRemoved() throws Exception {
    erase("bob", "asked for it");

    var page =
        a.askKeeping(
            ServerFrame.GroupKeyPage.class,
            nonce ->
                new ClientFrame.GroupKeys(nonce, a.token(), group.id, Optional.empty()));
    assertEquals(
        List.of(alice.name, bob.name),
        page.users().stream().map(user -> user.deviceList().user()).toList());
    group.append(a, alice, group.post(alice));
    group.append(a, alice, group.commit());
    group.append(a, alice, group.commit(TestGroup.remove(bob)));
    group.append(a, alice, group.post(alice));
  }

  @Test
  void erasingAgainDeletesWhatIsLeft() throws Exception {
    erase("bob", "asked for it");
    TestCommand again = erase("bob", "to be sure");

    assertEquals(0, again.status());
    assertTrue(again.said().contains("was erased before"), again.said());
    assertBobIsGone();
  }

  @Test
  void whatCannotBeErasedIsSaid() {
    TestCommand unknown = erase("mallory", "asked for it");
    assertEquals(67, unknown.status());
    assertTrue(unknown.said().contains("Nobody has the name mallory"), unknown.said());
    assertEquals(67, erase("No Name", "asked for it").status());
    assertEquals(65, erase("bob", "").status());
    assertEquals(65, erase("bob", "two\nlines").status());
    assertEquals(65, erase("bob", "x".repeat(501)).status());
    assertEquals(
        73,
        TestCommand.run(
                "admin", "erase", "bob", "--reason", "x", "--yes", "--data",
                data.resolve("none").toString())
            .status());
    assertFalse(Files.exists(data.resolve("none")));
  }

  @Test
  void aStoppedServersDataIsErasedToo() throws Exception {
    a.close();
    b.close();
    server.close();
    assertFalse(Files.exists(data.resolve("admin.sock")));

    TestCommand erased = erase("bob", "asked for it");

    assertEquals(0, erased.status(), erased.said());
    server = TestServer.start(data);
    assertBobIsGone();
    assertFirstRefused(ErrorCode.SIGN_IN_FAILED, bob::login);
  }

  @Test
  void theAuditStillHolds() throws Exception {
    erase("bob", "asked for it");
    group.append(a, alice, group.commit(TestGroup.remove(bob)));
    a.close();
    b.close();
    server.close();

    TestCommand audit = TestCommand.run("audit", data.toString());

    assertEquals(0, audit.status(), audit.said());
    server = TestServer.start(data);
  }

  @Test
  void onlyTheOwnerReachesTheSocketAndItTakesNothingElse() throws Exception {
    Path socket = data.resolve("admin.sock");
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
    for (String line :
        List.of(
            "",
            "no JSON",
            "{\"type\":\"erase\",\"user\":\"bob\"}",
            "{\"type\":\"erase\",\"user\":\"bob\",\"reason\":\"\"}",
            "{\"type\":\"erase\",\"user\":\"bob\",\"reason\":\"x\",\"force\":true}",
            "{\"type\":\"other\"}")) {
      tooMuch(socket);
      assertTrue(say(socket, line).contains("\"refused\""), line);
    }
    b.assertAlive();
  }

  /** Is not read to its end, and keeps nobody from being answered. */
  private static void tooMuch(Path socket) throws Exception {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      channel.write(ByteBuffer.allocate(10_000));
    }
  }

  private static String say(Path socket, String line) throws Exception {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
      var reply = ByteBuffer.allocate(4096);
      int read = channel.read(reply);
      while (read > 0) {
        read = channel.read(reply);
      }
      return new String(reply.array(), 0, reply.position(), StandardCharsets.UTF_8);
    }
  }
}

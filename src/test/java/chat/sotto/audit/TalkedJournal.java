package chat.sotto.audit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.TestServer;
import chat.sotto.client.FileStore;
import chat.sotto.client.GroupInfo;
import chat.sotto.client.Message;
import chat.sotto.client.OwnDevices;
import chat.sotto.client.SottoClient;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.model.Visibility;
import chat.sotto.user.ArchiveCommand;
import chat.sotto.user.User;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The data of a real server after real clients talked: one to one, in a group that somebody was
 * removed from and somebody left, with second devices that came and went, with a restart between,
 * and with entries that wait at the end.
 */
final class TalkedJournal implements AutoCloseable {
  private static final String PASSWORD = "staple battery horse";
  private static final String NEW_PASSWORD = "quite another horse";
  private static final UserName ALICE = new UserName("alice");
  private static final UserName BOB = new UserName("bob");
  private static final UserName CAROL = new UserName("carol");
  private static final UserName DAVE = new UserName("dave");

  private final Path folder;
  private final TestServer server;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Map<UserName, SottoClient> clients = new HashMap<>();
  private GroupId group;

  private TalkedJournal(Path data, Path folder) {
    this.folder = folder;
    server = TestServer.start(data);
  }

  /** @param folder for the stores of the clients */
  static void make(Path data, Path folder) throws Exception {
    try (var made = new TalkedJournal(data, folder)) {
      made.talk();
    }
  }

  private void talk() throws Exception {
    for (UserName user : List.of(ALICE, BOB, CAROL, DAVE)) {
      register(user);
    }
    deliver(ALICE, BOB);
    deliver(BOB, ALICE);
    deliver(BOB, CAROL);
    shareADevice();
    group = done(clients.get(ALICE).groups().create("Lesekreis"));
    join(BOB);
    join(CAROL);
    post(ALICE, "hello", BOB, CAROL);
    post(CAROL, "hello too", ALICE, BOB);
    shareInTheGroup();
    done(clients.get(ALICE).groups().remove(group, CAROL));
    post(BOB, "without carol", ALICE);
    done(clients.get(DAVE).setVisibility(Visibility.CONTACTS));
    server.restart();
    deliver(BOB, ALICE);
    join(DAVE);
    post(ALICE, "with dave", BOB, DAVE);
    done(clients.get(DAVE).groups().leave(group));
    post(ALICE, "after dave", BOB);
    done(clients.get(DAVE).signOut());
    clients.get(BOB).disconnect();
    say(ALICE, BOB, Message.State.SENT);
    say(ALICE, DAVE, Message.State.SENT);
    post(ALICE, "bob reads this later");
    post(ALICE, "and this");
  }

  private void register(UserName user) throws Exception {
    SottoClient client = client(user.value());
    clients.put(user, client);
    done(client.register(user.value(), PASSWORD));
  }

  /** @param store name of its file */
  private SottoClient client(String store) {
    var file = new FileStore(folder.resolve(store));
    opened.add(0, file);
    var url = URI.create("http://localhost:" + server.server().address().getPort());
    var client =
        new SottoClient(url, file, event -> {}, Clock.systemUTC(), new SecureRandom());
    opened.add(0, client);
    return client;
  }

  /** Alice has a tablet for a while: both get and send, archive, and outlive a new password. */
  private void shareADevice() throws Exception {
    OwnDevices own = clients.get(ALICE).devices();
    SottoClient tablet = client("alice's tablet");
    done(tablet.login(ALICE.value(), PASSWORD, Optional.empty()));
    DeviceId id = idOf(tablet);
    deliver(BOB, ALICE);
    deliver(ALICE, BOB);
    archive(id, 1);
    archive(id, 2);
    done(own.setRecoveryCode(PASSWORD));
    done(own.changePassword(PASSWORD, NEW_PASSWORD, false));
    done(own.askReset());
    done(own.cancelReset(NEW_PASSWORD));
    done(own.revoke(id, NEW_PASSWORD));
  }

  /** Bob has a phone for a while, which the group takes in and lets go of. */
  private void shareInTheGroup() throws Exception {
    SottoClient phone = client("bob's phone");
    done(phone.login(BOB.value(), PASSWORD, Optional.empty()));
    await(
        () ->
            phone.groups().find(group).map(GroupInfo::standing)
                .equals(Optional.of(GroupInfo.Standing.MEMBER)));
    post(ALICE, "to the phone too", BOB, CAROL);
    await(() -> shows(phone, "to the phone too"));
    done(clients.get(BOB).devices().revoke(idOf(phone), PASSWORD));
    post(ALICE, "without the phone", BOB, CAROL);
  }

  private boolean shows(SottoClient client, String text) {
    return client.groups().lines(group).stream().anyMatch(line -> line.text().equals(text));
  }

  private static DeviceId idOf(SottoClient client) throws Exception {
    return done(client.devices().all()).stream()
        .filter(OwnDevices.OwnDevice::isThis)
        .map(OwnDevices.OwnDevice::id)
        .findFirst()
        .orElseThrow();
  }

  /** What browsers do; this client does not. */
  private void archive(DeviceId device, long nr) throws Exception {
    Bytes blob = Bytes.of(("sealed " + nr).getBytes(StandardCharsets.UTF_8));
    ArchiveCommand.Reply reply =
        User.ref(server.system(), ALICE)
            .<ArchiveCommand.Reply>ask(
                replyTo -> new ArchiveCommand.Append(device, nr, blob, replyTo),
                Duration.ofSeconds(60))
            .toCompletableFuture()
            .get();
    assertTrue(reply instanceof ArchiveCommand.Facts, reply.toString());
  }

  private static <T> T done(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  private void deliver(UserName from, UserName to) throws Exception {
    say(from, to, Message.State.DELIVERED);
  }

  private void say(UserName from, UserName to, Message.State until) throws Exception {
    SottoClient client = clients.get(from);
    Bytes id = client.sendText(to, "to " + to);
    await(
        () ->
            client.messages(to).stream()
                .anyMatch(message -> message.id().equals(id) && message.state() == until));
  }

  private void join(UserName user) throws Exception {
    done(clients.get(ALICE).groups().invite(group, Set.of(user)));
    SottoClient client = clients.get(user);
    await(
        () ->
            client.groups().find(group).map(GroupInfo::standing)
                .equals(Optional.of(GroupInfo.Standing.INVITED)));
    done(client.groups().accept(group));
  }

  private void post(UserName by, String text, UserName... readers) throws Exception {
    SottoClient client = clients.get(by);
    client.groups().post(group, text);
    await(() -> client.groups().waiting() == 0);
    for (UserName reader : readers) {
      SottoClient other = clients.get(reader);
      await(() -> shows(other, text));
    }
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!condition.call()) {
      assertTrue(System.nanoTime() < deadline, "it never came");
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
    server.close();
  }
}

package chat.sotto.client;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Ed25519.SigningKey;
import chat.sotto.crypto.PasswordSecrets;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.model.Visibility;
import chat.sotto.protocol.AccountPush;
import chat.sotto.protocol.AccountReply;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.InboxHead;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.protocol.ServerFrame.DeviceKeys;
import chat.sotto.protocol.ServerFrame.EntryPush;
import chat.sotto.protocol.ServerFrame.RestoredPush;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One device of one person without a connection; the test carries what it sends. */
final class Party implements AutoCloseable {
  static final String HOST = "localhost";

  /** The stretching is slow and no matter here: all parties have one password's secrets. */
  private static final PasswordSecrets SECRETS =
      PasswordSecrets.derive("correct horse battery", HOST, "anybody");

  final UserName user;
  final SecureRandom random = new SecureRandom();
  FailingStore store;
  /** What the server got of this device, and of the account since it came. */
  final ClientFrame.Register registered;

  private final Prekey signedPrekey;
  private final List<Prekey> oneTimePrekeys = new ArrayList<>();
  private final PostOffice inbox;
  long now = 1_700_000_000_000L;

  Party(String name, Path folder) {
    user = new UserName(name);
    store = new FailingStore(folder.resolve(name + "-" + System.nanoTime()));
    registered =
        store.transaction(
            rows ->
                (ClientFrame.Register)
                    new Account(rows, random, now)
                        .register(user, HOST, SECRETS)
                        .frame(2, Bytes.of(new byte[32])));
    signedPrekey = registered.prekeys().get(0);
    oneTimePrekeys.addAll(registered.prekeys().subList(1, registered.prekeys().size()));
    inbox = new PostOffice(user);
    Point start = new Point(0, Statements.inboxStart(user, 1));
    signIn(start, start);
  }

  /** One more device of the same person, which the server offers what it has. */
  Party(Party first, AccountReply.Linking offer, Path folder) {
    user = first.user;
    store = new FailingStore(folder.resolve(user + "-" + System.nanoTime()));
    ClientFrame.Link link = prepareLink(store, user, offer, Optional.empty()).frame().apply(4);
    Self self = self();
    registered =
        new ClientFrame.Register(
            2,
            user.value(),
            link.authSecret().orElseThrow(),
            self.device(),
            Bytes.of(self.deviceKey().publicKey()),
            Bytes.of(new byte[32]),
            link.deviceList(),
            link.prekeys(),
            link.vault());
    signedPrekey = link.prekeys().get(0);
    oneTimePrekeys.addAll(link.prekeys().subList(1, link.prekeys().size()));
    inbox = first.inbox;
    signIn(inbox.head(), inbox.head());
  }

  static Linking.Prepared prepareLink(
      ClientStore store,
      UserName user,
      AccountReply.Linking offer,
      Optional<DeviceId> replaced) {
    var random = new SecureRandom();
    return store.transaction(
        rows -> {
          Newcomer.of(rows, user, HOST, random);
          return new Linking(rows, random, 1_700_000_000_000L)
              .prepare(offer, Credentials.of(SECRETS), replaced);
        });
  }

  /** What the server offers to a new device after this one. */
  AccountReply.Linking offer() {
    return offer(list(), registered.vault(), Optional.empty());
  }

  AccountReply.Linking offer(
      DeviceList list, Bytes stored, Optional<AccountReply.SyncBlob> sync) {
    List<AccountReply.Seen> seen =
        list.devices().stream().map(device -> new AccountReply.Seen(device.id(), 0)).toList();
    var head = new InboxHead(1, inbox.head());
    return new AccountReply.Linking(3, stored, 1, list, head, sync, seen);
  }

  /** As the push says it after somebody changed the account. */
  OwnAccount.Outcome hear(DeviceList list) {
    var push = new AccountPush(2, list, 1, 0, false, Optional.empty());
    return store.transaction(rows -> new OwnAccount(rows, random, now).take(push));
  }

  /** As the server's reply to a sign-in does. @return whether the store is an old copy */
  boolean signIn(Point cursor, Point head) {
    return signIn(1, cursor, head).storeWasOld();
  }

  Account.Agreed signIn(long generation, Point cursor, Point head) {
    var frame =
        new ServerFrame.SignedIn(
            3,
            Secret.of(new byte[32]),
            now + Duration.ofDays(30).toMillis(),
            new ServerFrame.Inbox(generation, cursor, head),
            list().version(),
            Statements.listHash(list()),
            signedPrekey.id(),
            oneTimePrekeys.stream().map(Prekey::id).toList(),
            Visibility.ALL);
    return store.transaction(
        rows -> new Account(rows, random, now).signedIn(TestServer.hello(), frame));
  }

  /** From the vault, the only place where it is. */
  SigningKey accountKey() {
    byte[] json = SECRETS.openVault(HOST, user.value(), registered.vault().toArray());
    return Ed25519.fromSeed(Vault.fromJson(json).accountSeed().toArray());
  }

  /** A next version of the device list, with another date in it. */
  DeviceList nextList(long addedAt) {
    return nextListAfter(list(), addedAt);
  }

  /** The list that this device registered or was linked with, before any later one. */
  DeviceList listBefore() {
    return store.transaction(rows -> new OwnLists(rows).at(1)).orElseThrow();
  }

  DeviceList nextListAfter(DeviceList before, long addedAt) {
    Device device = before.devices().get(0);
    var changed =
        new Device(
            device.id(), device.signKey(), device.suites(), addedAt, device.inboxStart());
    return Statements.signDeviceList(
        accountKey(),
        user,
        HOST,
        before.version() + 1,
        Statements.listHash(before),
        List.of(changed));
  }

  /** A next version without that device of the same person. */
  DeviceList listWithout(Party gone) {
    DeviceList before = list();
    List<Device> left =
        before.devices().stream()
            .filter(device -> !device.id().equals(gone.self().device()))
            .toList();
    return Statements.signDeviceList(
        accountKey(),
        user,
        HOST,
        before.version() + 1,
        Statements.listHash(before),
        left);
  }

  /** A next version in which this device is replaced by another. */
  DeviceList listWithAnotherDevice() {
    Device device = list().devices().get(0);
    var other =
        new Device(
            new DeviceId("0".repeat(32)),
            Bytes.of(Ed25519.generate(random).publicKey()),
            device.suites(),
            1,
            device.inboxStart());
    return Statements.signDeviceList(
        accountKey(), user, HOST, 2, Statements.listHash(list()), List.of(other));
  }

  /** A list of the same device under an account key of somebody else's. */
  DeviceList forgedList() {
    return Statements.signDeviceList(
        Ed25519.generate(random), user, HOST, 1, list().prevHash(), list().devices());
  }

  PostOffice inbox() {
    return inbox;
  }

  DeviceList list() {
    return self().list();
  }

  Self self() {
    return store.transaction(Self::of);
  }

  Point head() {
    return store.transaction(rows -> new Inbox(rows, Self.of(rows)).head());
  }

  /** What the server gives to one who asks: a one-time prekey only once. */
  List<DeviceKeys> giveKeys() {
    Optional<Prekey> oneTime =
        oneTimePrekeys.isEmpty() ? Optional.empty() : Optional.of(oneTimePrekeys.remove(0));
    return List.of(new DeviceKeys(self().device(), signedPrekey, oneTime));
  }

  void giveNoMoreOneTimePrekeys() {
    oneTimePrekeys.clear();
  }

  void learn(Party other) {
    learn(other.user, other.list());
  }

  Optional<Bytes> learn(UserName other, DeviceList list) {
    return store.transaction(
        rows -> new Answers(rows, random, now).lookedUp(other, list).changedKey());
  }

  Bytes write(Party to, String text) {
    Bytes id = MessageIds.make(random);
    store.transaction(
        rows -> {
          new Outbox(rows).add(to.user, id, new Content.Text(text), now);
          new History(rows)
              .put(new Message(to.user, id, true, now, Message.State.PENDING, text));
          return null;
        });
    return id;
  }

  Sending.Step next(Party to, String afterKey, List<DeviceKeys> keys) {
    return store.transaction(rows -> new Sending(rows, random, now).next(to.user, afterKey, keys));
  }

  /** Encrypts the first item, as the first attempt or as a retry. */
  Sending.Step.Ready ready(Party to) {
    Sending.Step step = next(to, "", List.of());
    if (step instanceof Sending.Step.NeedsDevices) {
      learn(to);
      step = next(to, "", List.of());
    }
    if (step instanceof Sending.Step.NeedsKeys) {
      step = next(to, "", to.giveKeys());
    }
    return (Sending.Step.Ready) step;
  }

  /** Sends the first item: the server has it, and what it pushes to the recipient comes back. */
  EntryPush send(Party to) {
    Sending.Step.Ready item = ready(to);
    EntryPush push = to.inbox().append(this, item);
    long n = store.transaction(rows -> new Answers(rows, random, now).nextNumber(to.user));
    store.transaction(
        rows ->
            new Answers(rows, random, now)
                .accepted(to.user, item.key(), n, item.messageId(), push.time()));
    return push;
  }

  boolean hasWaiting(Party to) {
    return !(next(to, "", List.of()) instanceof Sending.Step.Idle);
  }

  /** Sends all that waits. */
  List<EntryPush> sendAll(Party to) {
    var pushes = new ArrayList<EntryPush>();
    while (hasWaiting(to)) {
      pushes.add(send(to));
    }
    return pushes;
  }

  EntryPush say(Party to, String text) {
    write(to, text);
    return send(to);
  }

  /** Writes and encrypts many texts, in order and in one transaction; the test passes them on. */
  List<Sending.Step.Ready> sayAll(Party to, List<String> texts) {
    return store.transaction(
        rows -> {
          var items = new ArrayList<Sending.Step.Ready>();
          for (String text : texts) {
            new Outbox(rows).add(to.user, MessageIds.make(random), new Content.Text(text), now);
            var item =
                (Sending.Step.Ready) new Sending(rows, random, now).next(to.user, "", List.of());
            new Outbox(rows).accepted(to.user, item.key(), 1);
            items.add(item);
          }
          return items;
        });
  }

  void receiveAll(List<EntryPush> pushes) {
    store.transaction(
        rows -> {
          pushes.forEach(push -> new Receiving(rows, random, now).take(push));
          return null;
        });
  }

  List<ClientEvent> receive(EntryPush push) {
    return store.transaction(rows -> new Receiving(rows, random, now).take(push));
  }

  Restoring.Outcome receive(RestoredPush push) {
    return store.transaction(rows -> new Restoring(rows, Self.of(rows)).take(push.entry()));
  }

  /** Sends the receipts that are due. */
  void addReceipts() {
    store.transaction(
        rows -> new Outbox(rows).addReceipts(() -> MessageIds.make(random), now));
  }

  List<Message> messages(Party with) {
    return store.transaction(rows -> new History(rows).all(with.user));
  }

  List<String> texts(Party with) {
    return messages(with).stream().map(Message::text).toList();
  }

  Message message(Party with, boolean mine, Bytes id) {
    return store.transaction(rows -> new History(rows).find(with.user, mine, id)).orElseThrow();
  }

  List<Session> sessions(Party with) {
    return store.transaction(
        rows -> sessions(rows).all(with.user, with.self().device()));
  }

  Optional<Session> sendingSession(Party with) {
    return store.transaction(
        rows -> sessions(rows).sending(with.user, with.self().device()));
  }

  private Sessions sessions(Rows rows) {
    return new Sessions(rows, Self.of(rows), random, now);
  }

  /** Goes on with another file of this party's, after the store was closed. */
  void reopen(Path file) {
    store = new FailingStore(file);
  }

  @Override
  public void close() {
    store.close();
  }
}

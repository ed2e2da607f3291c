package chat.sotto.user;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Hash;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A person with keys that follow from the name, so that what is signed is the same in each run. */
final class TestAccount {
  static final String HOST = "chat.example";
  static final long ADDED_AT = 1_700_000_000_000L;

  final UserName user;
  private final Ed25519.SigningKey accountKey;

  TestAccount(String name) {
    this.user = new UserName(name);
    this.accountKey = Ed25519.fromSeed(digest(name + " account").toArray());
  }

  static Bytes digest(String text) {
    return Bytes.of(Hash.sha256(text.getBytes(StandardCharsets.UTF_8)));
  }

  DeviceId device(int number) {
    return new DeviceId("%032x".formatted(number));
  }

  Ed25519.SigningKey deviceKey(int number) {
    return Ed25519.fromSeed(digest(user + " device " + number).toArray());
  }

  Bytes devicePublicKey(int number) {
    return Bytes.of(deviceKey(number).publicKey());
  }

  Bytes tokenHash(String token) {
    return digest(user + " token " + token);
  }

  /** A first list, with more devices than a first list may have where a test needs them. */
  DeviceList deviceList(int devices) {
    var start = new Point(0, Statements.inboxStart(user, 1));
    List<Device> rows =
        IntStream.rangeClosed(1, devices)
            .mapToObj(
                number ->
                    new Device(
                        device(number), devicePublicKey(number), List.of(1), ADDED_AT, start))
            .toList();
    return Statements.signDeviceList(
        accountKey, user, HOST, 1, Bytes.of(new byte[32]), rows);
  }

  /** The list after that one, with exactly these devices; who is new begins at a point. */
  DeviceList listAfter(DeviceList before, Point start, int... devices) {
    return signed(accountKey, before, start, devices);
  }

  /** The list after that one under a new account key, which a device of that one announces. */
  DeviceList listUnderNewKey(DeviceList before, String key, int announcer, int... devices) {
    Ed25519.SigningKey newKey = Ed25519.fromSeed(digest(user + " account " + key).toArray());
    DeviceList list = signed(newKey, before, new Point(0, Statements.inboxStart(user, 1)), devices);
    return list.with(
        Statements.signKeyChange(
            deviceKey(announcer), device(announcer), before, list.accountKey()));
  }

  private DeviceList signed(
      Ed25519.SigningKey key, DeviceList before, Point start, int... devices) {
    List<Device> rows =
        IntStream.of(devices)
            .mapToObj(
                number ->
                    before
                        .device(device(number))
                        .orElseGet(
                            () ->
                                new Device(
                                    device(number),
                                    devicePublicKey(number),
                                    List.of(1),
                                    ADDED_AT,
                                    start)))
            .toList();
    return Statements.signDeviceList(
        key, user, HOST, before.version() + 1, Statements.listHash(before), rows);
  }

  Prekey signedPrekey(long id) {
    return prekey(id, Prekey.Kind.SIGNED);
  }

  Prekey oneTimePrekey(long id) {
    return prekey(id, Prekey.Kind.ONE_TIME);
  }

  private Prekey prekey(long id, Prekey.Kind kind) {
    return Statements.signPrekey(
        deviceKey(1), user, device(1), id, kind, 1, digest(user + " prekey " + id));
  }

  /** One signed prekey with id 1, and one-time ones with ids from 2. */
  List<Prekey> prekeys(int oneTime) {
    var prekeys = new ArrayList<Prekey>();
    prekeys.add(signedPrekey(1));
    IntStream.range(2, 2 + oneTime).forEach(id -> prekeys.add(oneTimePrekey(id)));
    return prekeys;
  }

  static List<PrekeyStatement> statements(List<Prekey> prekeys) {
    return prekeys.stream().map(PrekeyStatement::of).toList();
  }

  Bytes messageId(long n) {
    return digest(user + " message " + n).slice(0, 16);
  }

  /** The copies of the n-th message to somebody's devices, each of a size. */
  List<Copy> copiesTo(TestAccount to, int devices, long n, int size) {
    return IntStream.rangeClosed(1, devices)
        .mapToObj(
            number ->
                new Copy(
                    to.device(number),
                    "body-" + user + "-" + n + "-" + number,
                    size,
                    digest(user + " ciphertext " + n + " " + number)))
        .toList();
  }

  Bytes signAck(int number, List<LogPoint> items) {
    return Statements.signAck(deviceKey(number), HOST, user, device(number), items);
  }
}

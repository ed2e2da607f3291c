package chat.sotto.model;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.EntryChain;
import chat.sotto.crypto.Hash;
import chat.sotto.crypto.Labels;
import java.util.List;
import java.util.TreeMap;

/**
 * The signed and hashed forms of what devices and accounts state (docs/protocol.md §4, §6), one place
 * for server, client and auditor. A malformed key or signature verifies nothing.
 */
public final class Statements {
  private Statements() {}

  /** @param prevHash 32 zero bytes for version 1 */
  public static DeviceList signDeviceList(
      Ed25519.SigningKey accountKey,
      UserName user,
      String serverHost,
      long version,
      Bytes prevHash,
      List<Device> devices) {
    Bytes publicKey = Bytes.of(accountKey.publicKey());
    Object[] items = deviceListItems(user, serverHost, version, prevHash, publicKey, devices);
    Bytes signature = Bytes.of(Ed25519.sign(accountKey, Labels.DEVICE_LIST, items));
    return new DeviceList(user, serverHost, version, prevHash, publicKey, devices, signature);
  }

  /**
   * Whether the account key that the list names signed it, and no device's key is of a form that is
   * refused (§1.5). Says nothing of whose account key that is.
   */
  public static boolean verifyDeviceList(DeviceList list) {
    return list.devices().stream()
            .allMatch(device -> Ed25519.isValidPublicKey(device.signKey().toArray()))
        && Ed25519.verify(
            list.accountKey().toArray(),
            list.signature().toArray(),
            Labels.DEVICE_LIST,
            deviceListItems(list));
  }

  public static Bytes listHash(DeviceList list) {
    return Bytes.of(Hash.of(Labels.DEVICE_LIST, deviceListItems(list)));
  }

  /**
   * The word of a device that it gave its account a new key ({@code keyChange}, §4.1).
   *
   * @param from account key of the list in which the device stands
   */
  public static Bytes signAccountChange(
      Ed25519.SigningKey deviceKey, String serverHost, UserName user, Bytes from, Bytes to) {
    Object[] items = accountChangeItems(serverHost, user, from, to);
    return Bytes.of(Ed25519.sign(deviceKey, Labels.ACCOUNT_CHANGE, items));
  }

  /** Whether the device with this key, in a list under {@code from}, announced {@code to}. */
  public static boolean verifyAccountChange(
      Bytes deviceKey, String serverHost, UserName user, Bytes from, Bytes to, Bytes signature) {
    return Ed25519.verify(
        deviceKey.toArray(),
        signature.toArray(),
        Labels.ACCOUNT_CHANGE,
        accountChangeItems(serverHost, user, from, to));
  }

  /** A device of the last list under the account key before says that this one took its place. */
  public static KeyChange signKeyChange(
      Ed25519.SigningKey deviceKey, DeviceId device, DeviceList before, Bytes accountKey) {
    return new KeyChange(
        device,
        signAccountChange(
            deviceKey, before.serverHost(), before.user(), before.accountKey(), accountKey));
  }

  /** Whether a device of {@code before} announced the account key that {@code list} has. */
  public static boolean verifyKeyChange(DeviceList before, DeviceList list) {
    return list.keyChange()
        .filter(change -> before.device(change.device()).isPresent())
        .filter(
            change ->
                verifyAccountChange(
                    before.device(change.device()).orElseThrow().signKey(),
                    before.serverHost(),
                    before.user(),
                    before.accountKey(),
                    list.accountKey(),
                    change.signature()))
        .isPresent();
  }

  public static Prekey signPrekey(
      Ed25519.SigningKey deviceKey,
      UserName user,
      DeviceId device,
      long id,
      Prekey.Kind kind,
      int suite,
      Bytes key) {
    Object[] items = prekeyItems(user, device, suite, kind, id, key);
    Bytes signature = Bytes.of(Ed25519.sign(deviceKey, Labels.PREKEY, items));
    return new Prekey(id, kind, suite, key, signature);
  }

  /** Whether this device of this user signed the prekey. */
  public static boolean verifyPrekey(
      Bytes deviceKey, UserName user, DeviceId device, Prekey prekey) {
    return Ed25519.verify(
        deviceKey.toArray(),
        prekey.signature().toArray(),
        Labels.PREKEY,
        prekeyItems(user, device, prekey.suite(), prekey.kind(), prekey.id(), prekey.key()));
  }

  public static Bytes signAck(
      Ed25519.SigningKey deviceKey,
      String serverHost,
      UserName user,
      DeviceId device,
      List<LogPoint> items) {
    return Bytes.of(
        Ed25519.sign(deviceKey, Labels.ACK, ackItems(serverHost, user, device, items)));
  }

  public static boolean verifyAck(
      Bytes deviceKey,
      String serverHost,
      UserName user,
      DeviceId device,
      List<LogPoint> items,
      Bytes signature) {
    return Ed25519.verify(
        deviceKey.toArray(),
        signature.toArray(),
        Labels.ACK,
        ackItems(serverHost, user, device, items));
  }

  /** The chain hash of an inbox before its first entry. */
  public static Bytes inboxStart(UserName owner, long generation) {
    return Bytes.of(EntryChain.start(LogPoint.INBOX, owner.value(), generation));
  }

  public static Bytes bodyDigest(List<BodyDigest> bodies) {
    var digests = new TreeMap<String, byte[]>();
    bodies.forEach(body -> digests.put(body.device().value(), body.digest().toArray()));
    return Bytes.of(EntryChain.bodyDigest(digests));
  }

  /** The chain hash that an entry must have after {@code previous}; its own hash is not looked at. */
  public static Bytes entryHash(Bytes previous, UserName owner, Entry entry) {
    return Bytes.of(
        EntryChain.next(
            previous.toArray(),
            entry.sequenceNr(),
            entry.time(),
            entry.entryKind(),
            entry.fromUser().value(),
            entry.fromDevice().value(),
            owner.value(),
            entry.messageId().toArray(),
            bodyDigest(entry.bodies()).toArray()));
  }

  private static Object[] deviceListItems(DeviceList list) {
    return deviceListItems(
        list.user(),
        list.serverHost(),
        list.version(),
        list.prevHash(),
        list.accountKey(),
        list.devices());
  }

  private static Object[] deviceListItems(
      UserName user,
      String serverHost,
      long version,
      Bytes prevHash,
      Bytes accountKey,
      List<Device> devices) {
    List<List<Object>> rows = devices.stream().map(Statements::deviceItems).toList();
    return new Object[] {
      user.value(), serverHost, version, prevHash.toArray(), accountKey.toArray(), rows
    };
  }

  private static List<Object> deviceItems(Device device) {
    return List.of(
        device.id().value(),
        device.signKey().toArray(),
        device.suites(),
        device.addedAt(),
        device.inboxStart().sequenceNr(),
        device.inboxStart().hash().toArray());
  }

  private static Object[] accountChangeItems(
      String serverHost, UserName user, Bytes from, Bytes to) {
    return new Object[] {serverHost, user.value(), from.toArray(), to.toArray()};
  }

  private static Object[] prekeyItems(
      UserName user, DeviceId device, int suite, Prekey.Kind kind, long id, Bytes key) {
    return new Object[] {user.value(), device.value(), suite, kind.text(), id, key.toArray()};
  }

  private static Object[] ackItems(
      String serverHost, UserName user, DeviceId device, List<LogPoint> items) {
    return new Object[] {serverHost, user.value(), device.value(), pointItems(items)};
  }

  static List<List<Object>> pointItems(List<LogPoint> points) {
    return points.stream()
        .map(
            point ->
                List.<Object>of(
                    point.kind(),
                    point.owner(),
                    point.generation(),
                    point.sequenceNr(),
                    point.hash().toArray()))
        .toList();
  }
}

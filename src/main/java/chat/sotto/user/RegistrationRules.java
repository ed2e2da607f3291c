package chat.sotto.user;

import chat.sotto.crypto.Suite;
import chat.sotto.crypto.X25519;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Generations;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import java.util.List;
import java.util.Optional;

/**
 * What a registration and a set of prekeys must be by themselves, whatever the server knows: forms
 * and signatures (docs/protocol.md §4). Pure and costly, so it runs before an entity is asked.
 */
public final class RegistrationRules {
  private static final Bytes NO_HASH = Bytes.of(new byte[Bounds.HASH_BYTES]);

  private RegistrationRules() {}

  /**
   * Where an account begins.
   *
   * @param version of its first list
   * @param prevHash that this names
   * @param start of its first device's inbox
   */
  public record Beginning(long version, Bytes prevHash, Point start) {
    /** Of a name that nobody had before. */
    public static Beginning of(UserName user) {
      return new Beginning(
          1, NO_HASH, new Point(0, Statements.inboxStart(user, Generations.FIRST)));
    }
  }

  public enum Refusal {
    DEVICE_LIST,
    PREKEY
  }

  /** What is wrong with an account's first device list and prekeys; empty if nothing is. */
  public static Optional<Refusal> refusal(
      String serverHost,
      UserName user,
      Beginning beginning,
      DeviceId device,
      Bytes deviceKey,
      DeviceList deviceList,
      List<Prekey> prekeys) {
    boolean firstListIsGood =
        deviceList.user().equals(user)
            && deviceList.serverHost().equals(serverHost)
            && deviceList.version() == beginning.version()
            && deviceList.prevHash().equals(beginning.prevHash())
            && deviceList.keyChange().isEmpty()
            && deviceList.devices().size() == 1
            && deviceList.devices().get(0).inboxStart().equals(beginning.start())
            && hasDevice(deviceList, device, deviceKey)
            && Statements.verifyDeviceList(deviceList);
    if (!firstListIsGood) {
      return Optional.of(Refusal.DEVICE_LIST);
    }
    return prekeysAreComplete(user, device, deviceKey, prekeys)
        ? Optional.empty()
        : Optional.of(Refusal.PREKEY);
  }

  /**
   * Whether a later list is of the same user here and well signed, under a key that it may have.
   *
   * @param before the list that it follows; if the server was restored, one that it comes after
   * @param isPutBack whether that is so: then nothing is known of what a key was announced with
   * @param announcer the device that may begin a new account key; empty if none may
   */
  public static boolean nextListIsGood(
      String serverHost,
      DeviceList before,
      DeviceList list,
      boolean isPutBack,
      Optional<DeviceId> announcer) {
    return list.user().equals(before.user())
        && list.serverHost().equals(serverHost)
        && (isPutBack || DeviceListRules.hasGoodKey(before, list, announcer))
        && Statements.verifyDeviceList(list);
  }

  /** Whether the device is in the list, with this key and a suite that is known. */
  public static boolean hasDevice(DeviceList list, DeviceId id, Bytes deviceKey) {
    return list.device(id)
        .filter(listed -> listed.signKey().equals(deviceKey))
        .filter(listed -> listed.suites().contains(Suite.X25519.id()))
        .isPresent();
  }

  /** Whether they are what a device begins with: a signed one, and good ones. */
  public static boolean prekeysAreComplete(
      UserName user, DeviceId device, Bytes deviceKey, List<Prekey> prekeys) {
    return prekeys.stream().anyMatch(prekey -> prekey.kind() == Prekey.Kind.SIGNED)
        && prekeysAreGood(user, device, deviceKey, prekeys);
  }

  /** Whether each is signed by the device, ids are distinct and at most one is a signed prekey. */
  public static boolean prekeysAreGood(
      UserName user, DeviceId device, Bytes deviceKey, List<Prekey> prekeys) {
    long ids = prekeys.stream().map(Prekey::id).distinct().count();
    long signed = prekeys.stream().filter(one -> one.kind() == Prekey.Kind.SIGNED).count();
    return ids == prekeys.size()
        && signed <= 1
        && prekeys.size() - signed <= Prekeys.ONE_TIME_MAX
        && prekeys.stream().allMatch(one -> isGood(user, device, deviceKey, one));
  }

  private static boolean isGood(
      UserName user, DeviceId device, Bytes deviceKey, Prekey prekey) {
    return prekey.suite() == Suite.X25519.id()
        && X25519.isValidPublicKey(prekey.key().toArray())
        && Statements.verifyPrekey(deviceKey, user, device, prekey);
  }
}

package chat.sotto.user;

import chat.sotto.crypto.Suite;
import chat.sotto.crypto.X25519;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
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

  public enum Refusal {
    DEVICE_LIST,
    PREKEY
  }

  /** What is wrong with the first device list and prekeys of an account; empty if nothing is. */
  public static Optional<Refusal> refusal(
      String serverHost,
      UserName user,
      DeviceId device,
      Bytes deviceKey,
      DeviceList deviceList,
      List<Prekey> prekeys) {
    boolean firstListIsGood =
        deviceList.user().equals(user)
            && deviceList.serverHost().equals(serverHost)
            && deviceList.version() == 1
            && deviceList.prevHash().equals(NO_HASH)
            && deviceList.devices().size() == 1
            && isFirst(deviceList.devices().get(0), user, device, deviceKey)
            && Statements.verifyDeviceList(deviceList);
    if (!firstListIsGood) {
      return Optional.of(Refusal.DEVICE_LIST);
    }
    boolean prekeysAreComplete =
        prekeys.stream().anyMatch(prekey -> prekey.kind() == Prekey.Kind.SIGNED)
            && prekeysAreGood(user, device, deviceKey, prekeys);
    return prekeysAreComplete ? Optional.empty() : Optional.of(Refusal.PREKEY);
  }

  private static boolean isFirst(Device listed, UserName user, DeviceId id, Bytes deviceKey) {
    var start = new Point(0, Statements.inboxStart(user, Generations.FIRST));
    return listed.id().equals(id)
        && listed.signKey().equals(deviceKey)
        && listed.suites().contains(Suite.X25519.id())
        && listed.inboxStart().equals(start);
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

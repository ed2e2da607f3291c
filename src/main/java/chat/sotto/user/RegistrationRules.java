package chat.sotto.user;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Prekey;
import chat.sotto.model.UserName;
import java.util.List;
import java.util.Optional;

/**
 * What a registration and a set of prekeys must be by themselves, whatever the server knows: forms
 * and signatures (docs/protocol.md §4). Pure and costly, so it runs before an entity is asked.
 */
public final class RegistrationRules {
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
    throw new UnsupportedOperationException("follows");
  }

  /** Whether each is signed by the device, ids are distinct and at most one is a signed prekey. */
  public static boolean prekeysAreGood(
      UserName user, DeviceId device, Bytes deviceKey, List<Prekey> prekeys) {
    throw new UnsupportedOperationException("follows");
  }
}

package chat.sotto.protocol;

import chat.sotto.model.Bounds;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import java.util.Optional;

/**
 * The user's account as it stands, after each sign-in and each change (docs/protocol.md §12.4).
 *
 * @param syncCounter 0 if nothing was put yet
 * @param reset the one that waits, if one does
 */
public record AccountPush(
    long nonce,
    DeviceList deviceList,
    long vaultVersion,
    long syncCounter,
    boolean hasRecovery,
    Optional<Reset> reset)
    implements ServerFrame.Push {
  public AccountPush {
    ServerFrame.checkNonce(nonce);
    Bounds.atLeast("vaultVersion", vaultVersion, 1);
    Bounds.atLeast("syncCounter", syncCounter, 0);
  }

  /** @param allowedAt when this device may carry it out */
  public record Reset(DeviceId device, long allowedAt) {
    public Reset {
      Bounds.time("allowedAt", allowedAt);
    }
  }
}

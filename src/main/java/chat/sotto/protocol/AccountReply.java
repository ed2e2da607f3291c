package chat.sotto.protocol;

import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import java.util.List;
import java.util.Optional;

/** What a device is told about its own account (docs/protocol.md §12.1, §12.3, §13). */
public sealed interface AccountReply extends ServerFrame.Reply {
  /**
   * The answer to the right secret from a device that is not in the list: all it needs to get there.
   *
   * @param vault for the recovery code the recovery vault
   * @param devices when each was last seen
   */
  record Linking(
      long nonce,
      Bytes vault,
      long vaultVersion,
      DeviceList deviceList,
      InboxHead inbox,
      Optional<SyncBlob> sync,
      List<Seen> devices)
      implements AccountReply {
    public Linking {
      ServerFrame.checkNonce(nonce);
      AccountRequest.checkVault(vault, vaultVersion);
      devices = Bounds.count("devices", devices, 1, DeviceList.DEVICES_MAX);
      Bounds.distinct("devices", devices.stream().map(Seen::id).toList());
    }

    /** The vault is left out: a password could be tried on it. */
    @Override
    public String toString() {
      return "Linking[nonce=" + nonce + ", vaultVersion=" + vaultVersion + "]";
    }
  }

  /** What the user's devices share. */
  record SyncBlob(long counter, Bytes blob) {
    public SyncBlob {
      Bounds.atLeast("counter", counter, 1);
      Bounds.size("blob", blob, 1, Limits.SYNC_BYTES_MAX);
    }
  }

  /** @param lastSeen 0 for never */
  record Seen(DeviceId id, long lastSeen) {
    public Seen {
      Bounds.time("lastSeen", lastSeen);
    }
  }

  record Vault(
      long nonce, Bytes vault, long vaultVersion, DeviceList deviceList, boolean hasRecovery)
      implements AccountReply {
    public Vault {
      ServerFrame.checkNonce(nonce);
      AccountRequest.checkVault(vault, vaultVersion);
    }

    /** The vault is left out: a password could be tried on it. */
    @Override
    public String toString() {
      return "Vault[nonce=" + nonce + ", vaultVersion=" + vaultVersion + "]";
    }
  }

  record OwnDevices(long nonce, List<OwnDevice> devices) implements AccountReply {
    public OwnDevices {
      ServerFrame.checkNonce(nonce);
      devices = Bounds.count("devices", devices, 1, DeviceList.DEVICES_MAX);
      Bounds.distinct("devices", devices.stream().map(OwnDevice::id).toList());
    }
  }

  /** @param lastSeen 0 for never */
  record OwnDevice(DeviceId id, long lastSeen, boolean connected) {
    public OwnDevice {
      Bounds.time("lastSeen", lastSeen);
    }
  }

  /** @param blob absent as long as nothing was put */
  record Sync(long nonce, long counter, Optional<Bytes> blob) implements AccountReply {
    public Sync {
      ServerFrame.checkNonce(nonce);
      Bounds.atLeast("counter", counter, 0);
      blob.ifPresent(bytes -> Bounds.size("blob", bytes, 1, Limits.SYNC_BYTES_MAX));
      if (blob.isPresent() != counter > 0) {
        throw new IllegalArgumentException("blob must come with a counter above 0");
      }
    }
  }
}

package chat.sotto.protocol;

import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import java.util.Optional;

/** What a device asks about its own account (docs/protocol.md §12.3, §13). */
public sealed interface AccountRequest extends ClientFrame.Later {
  static void checkVault(Bytes vault, long vaultVersion) {
    Bounds.size("vault", vault, 1, Limits.VAULT_BYTES_MAX);
    Bounds.atLeast("vaultVersion", vaultVersion, 1);
  }

  record Vault(
      long nonce, Secret token, Optional<Secret> authSecret, Optional<Secret> recoverySecret)
      implements AccountRequest {
    public Vault {
      ClientFrame.Later.check(nonce, token);
      Proof.exactlyOne(authSecret, recoverySecret);
    }

    public Proof proof() {
      return Proof.exactlyOne(authSecret, recoverySecret);
    }
  }

  /**
   * Replaces vault, device list, password or recovery code. Without a proof it is either a device
   * list alone, which a restored server has lost, or a reset, which brings all but the code.
   *
   * @param newRecoverySecret of a new code; needs its vault
   */
  record Change(
      long nonce,
      Secret token,
      Optional<Secret> authSecret,
      Optional<Secret> recoverySecret,
      Optional<DeviceList> deviceList,
      Optional<Bytes> vault,
      Optional<Long> vaultVersion,
      Optional<Bytes> recoveryVault,
      Optional<Secret> newAuthSecret,
      Optional<Secret> newRecoverySecret)
      implements AccountRequest {
    public Change {
      ClientFrame.Later.check(nonce, token);
      Optional<Proof> proof = Proof.of(authSecret, recoverySecret);
      vault.ifPresent(bytes -> Bounds.size("vault", bytes, 1, Limits.VAULT_BYTES_MAX));
      vaultVersion.ifPresent(version -> Bounds.atLeast("vaultVersion", version, 1));
      recoveryVault.ifPresent(
          bytes -> Bounds.size("recoveryVault", bytes, 1, Limits.VAULT_BYTES_MAX));
      newRecoverySecret.ifPresent(secret -> secret.requireSize(Bounds.TOKEN_BYTES));
      proof.ifPresent(given -> Proof.requireNewPassword(given, newAuthSecret));
      newAuthSecret.ifPresent(secret -> secret.requireSize(Bounds.TOKEN_BYTES));
      boolean fits =
          vault.isPresent() == vaultVersion.isPresent()
              && (recoveryVault.isPresent() || newRecoverySecret.isEmpty())
              && (proof.isPresent()
                  ? vault.isPresent()
                  : deviceList.isPresent()
                      && vault.isPresent() == newAuthSecret.isPresent()
                      && recoveryVault.isEmpty());
      if (!fits) {
        throw new IllegalArgumentException("the fields must be those of one kind of change");
      }
    }

    public Optional<Proof> proof() {
      return Proof.of(authSecret, recoverySecret);
    }

    /** The vaults are left out: a password could be tried on them. */
    @Override
    public String toString() {
      return "Change[nonce=" + nonce + ", vaultVersion=" + vaultVersion + "]";
    }
  }

  record OwnDevices(long nonce, Secret token) implements AccountRequest {
    public OwnDevices {
      ClientFrame.Later.check(nonce, token);
    }
  }

  record ResetAsk(long nonce, Secret token) implements AccountRequest {
    public ResetAsk {
      ClientFrame.Later.check(nonce, token);
    }
  }

  record ResetCancel(
      long nonce, Secret token, Optional<Secret> authSecret, Optional<Secret> recoverySecret)
      implements AccountRequest {
    public ResetCancel {
      ClientFrame.Later.check(nonce, token);
      Proof.exactlyOne(authSecret, recoverySecret);
    }

    public Proof proof() {
      return Proof.exactlyOne(authSecret, recoverySecret);
    }
  }

  record Delete(
      long nonce, Secret token, Optional<Secret> authSecret, Optional<Secret> recoverySecret)
      implements AccountRequest {
    public Delete {
      ClientFrame.Later.check(nonce, token);
      Proof.exactlyOne(authSecret, recoverySecret);
    }

    public Proof proof() {
      return Proof.exactlyOne(authSecret, recoverySecret);
    }
  }

  record Sync(long nonce, Secret token) implements AccountRequest {
    public Sync {
      ClientFrame.Later.check(nonce, token);
    }
  }

  /** @param counter one above that of what is there */
  record SyncPut(long nonce, Secret token, long counter, Bytes blob) implements AccountRequest {
    public SyncPut {
      ClientFrame.Later.check(nonce, token);
      Bounds.atLeast("counter", counter, 1);
      Bounds.size("blob", blob, 1, Limits.SYNC_BYTES_MAX);
    }
  }
}

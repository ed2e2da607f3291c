package chat.sotto.client;

import chat.sotto.crypto.PasswordSecrets;
import chat.sotto.crypto.RecoveryCode;
import chat.sotto.crypto.RefusedException;
import chat.sotto.model.Bytes;
import chat.sotto.protocol.Secret;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * What a person typed to open the vault for one operation (docs/protocol.md §12). It is forgotten
 * with the operation.
 *
 * @param password the one that holds, or with a recovery code the one that is to hold from now on
 * @param code if the password is forgotten
 */
record Credentials(PasswordSecrets password, Optional<RecoveryCode> code) {
  static Credentials of(PasswordSecrets password) {
    return new Credentials(password, Optional.empty());
  }

  Optional<Secret> authSecret() {
    return code.isPresent() ? Optional.empty() : Optional.of(newAuthSecret());
  }

  Optional<Secret> recoverySecret() {
    return code.map(recovery -> Secret.of(recovery.secret()));
  }

  Secret newAuthSecret() {
    return Secret.of(password.authSecret());
  }

  /** @throws Breach if it does not open: the server took the secret, so the vault must */
  Vault open(String serverHost, String user, Bytes vault) {
    try {
      byte[] sealed = vault.toArray();
      return Vault.fromJson(
          code.isPresent()
              ? code.get().openVault(serverHost, user, sealed)
              : password.openVault(serverHost, user, sealed));
    } catch (RefusedException e) {
      throw new Breach(Alarm.VAULT_REFUSED);
    }
  }

  /** A vault, and the recovery vault beside it if there is a code. */
  record Sealed(Bytes vault, Optional<Bytes> recoveryVault) {
    /** The vaults are left out: a password could be tried on them. */
    @Override
    public String toString() {
      return "Sealed[***]";
    }
  }

  static Sealed seal(
      PasswordSecrets password,
      String serverHost,
      String user,
      Vault vault,
      SecureRandom random) {
    byte[] content = vault.toJson();
    return new Sealed(
        Bytes.of(password.sealVault(serverHost, user, content, random)),
        vault
            .recoveryCode()
            .map(code -> Bytes.of(code.sealVault(serverHost, user, content, random))));
  }

  @Override
  public String toString() {
    return "Credentials[***]";
  }
}

package chat.sotto.client;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Ed25519.SigningKey;
import chat.sotto.crypto.PasswordSecrets;
import chat.sotto.crypto.RecoveryCode;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Statements;
import chat.sotto.protocol.AccountReply;
import chat.sotto.protocol.AccountRequest;
import chat.sotto.protocol.Secret;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * What the owner of an account changes in it with the typed password (docs/protocol.md §12.3): each
 * is made from the open vault, and what must not be lost is stored before it is sent.
 */
final class AccountChanges {
  private final Rows rows;
  private final Self self;
  private final SecureRandom random;
  private final long now;

  /** What is to be different afterwards. */
  sealed interface Wish {
    record Revoke(DeviceId device) implements Wish {}

    /** @param newAccountKey whether somebody else may have had the password */
    record Password(PasswordSecrets secrets, boolean newAccountKey) implements Wish {}

    /** @param code empty for none any more */
    record Recovery(Optional<RecoveryCode> code) implements Wish {}
  }

  /** Makes the frame once its nonce is known. */
  interface Request {
    AccountRequest.Change frame(long nonce, Secret token);
  }

  AccountChanges(Rows rows, SecureRandom random, long now) {
    this.rows = rows;
    this.random = random;
    this.now = now;
    self = Self.of(rows);
  }

  /**
   * @param secrets of the password that opens the vault
   * @throws Breach if the vault is not the newest one of this account
   */
  Request prepare(Wish wish, AccountReply.Vault reply, PasswordSecrets secrets) {
    new OwnAccount(rows, random, now).take(reply.deviceList());
    DeviceList before = Self.of(rows).list();
    Vault vault =
        Credentials.of(secrets).open(self.serverHost(), self.user().value(), reply.vault());
    SigningKey accountKey = Ed25519.fromSeed(vault.accountSeed().toArray());
    boolean isNewest =
        before.accountKey().equals(Bytes.of(accountKey.publicKey()))
            && vault.deviceList().equals(Vault.ListRef.of(before));
    if (!isNewest) {
      throw new Breach(Alarm.VAULT_REFUSED);
    }
    boolean isAnew = wish instanceof Wish.Password password && password.newAccountKey;
    SigningKey nextKey = isAnew ? Ed25519.generate(random) : accountKey;
    Optional<DeviceList> list = nextList(wish, before, nextKey, isAnew);
    List<Vault.Kept> keys =
        list.map(next -> withNewKey(vault.ownKeys(), next)).orElse(vault.ownKeys());
    Optional<RecoveryCode> code =
        wish instanceof Wish.Recovery recovery ? recovery.code : vault.recoveryCode();
    var next =
        new Vault(
            Secret.of(nextKey.exportSeed()),
            keys,
            code,
            Math.max(vault.syncCounter(), new Sync(rows, self, random).counter()),
            Vault.ListRef.of(list.orElse(before)));
    list.ifPresent(made -> asks(made, keys));
    return request(wish, reply.vaultVersion() + 1, next, list, secrets);
  }

  /**
   * Goes on without the old vault, which nobody can open any more: a new account key, which this
   * device announces.
   *
   * @param secrets of the new password
   */
  Request prepareReset(PasswordSecrets secrets) {
    long vaultVersion =
        new OwnAccount(rows, random, now).known().orElseThrow().vaultVersion() + 1;
    SigningKey accountKey = Ed25519.generate(random);
    DeviceList list = underNewKey(self.list(), accountKey);
    List<Vault.Kept> keys = withNewKey(List.of(), list);
    var vault =
        new Vault(
            Secret.of(accountKey.exportSeed()),
            keys,
            Optional.empty(),
            new Sync(rows, self, random).counter(),
            Vault.ListRef.of(list));
    asks(list, keys);
    Credentials.Sealed sealed = seal(secrets, vault);
    return (nonce, token) ->
        new AccountRequest.Change(
            nonce,
            token,
            Optional.empty(),
            Optional.empty(),
            Optional.of(list),
            Optional.of(sealed.vault()),
            Optional.of(vaultVersion),
            Optional.empty(),
            Optional.of(Secret.of(secrets.authSecret())),
            Optional.empty());
  }

  private Request request(
      Wish wish,
      long vaultVersion,
      Vault vault,
      Optional<DeviceList> list,
      PasswordSecrets secrets) {
    Optional<PasswordSecrets> newSecrets =
        wish instanceof Wish.Password password
            ? Optional.of(password.secrets)
            : Optional.empty();
    Credentials.Sealed sealed = seal(newSecrets.orElse(secrets), vault);
    Optional<Secret> newRecoverySecret =
        wish instanceof Wish.Recovery recovery
            ? recovery.code.map(code -> Secret.of(code.secret()))
            : Optional.empty();
    return (nonce, token) ->
        new AccountRequest.Change(
            nonce,
            token,
            Optional.of(Secret.of(secrets.authSecret())),
            Optional.empty(),
            list,
            Optional.of(sealed.vault()),
            Optional.of(vaultVersion),
            sealed.recoveryVault(),
            newSecrets.map(given -> Secret.of(given.authSecret())),
            newRecoverySecret);
  }

  private Credentials.Sealed seal(PasswordSecrets secrets, Vault vault) {
    return Credentials.seal(secrets, self.serverHost(), self.user().value(), vault, random);
  }

  private Optional<DeviceList> nextList(
      Wish wish, DeviceList before, SigningKey accountKey, boolean isAnew) {
    if (wish instanceof Wish.Revoke revoke) {
      List<Device> left =
          before.devices().stream()
              .filter(device -> !device.id().equals(revoke.device))
              .toList();
      DeviceList list = sign(accountKey, before, left);
      return Optional.of(before.keyChange().map(list::with).orElse(list));
    }
    return isAnew ? Optional.of(underNewKey(before, accountKey)) : Optional.empty();
  }

  private DeviceList underNewKey(DeviceList before, SigningKey accountKey) {
    Bytes publicKey = Bytes.of(accountKey.publicKey());
    return sign(accountKey, before, before.devices())
        .with(Statements.signKeyChange(self.deviceKey(), self.device(), before, publicKey));
  }

  private DeviceList sign(SigningKey accountKey, DeviceList before, List<Device> devices) {
    return Statements.signDeviceList(
        accountKey,
        self.user(),
        self.serverHost(),
        before.version() + 1,
        Statements.listHash(before),
        devices);
  }

  private List<Vault.Kept> withNewKey(List<Vault.Kept> inVault, DeviceList list) {
    return new OwnKeys(rows).withNew(inVault, list.version(), random);
  }

  private void asks(DeviceList list, List<Vault.Kept> keys) {
    new OwnAccount(rows, random, now).asks(list, Optional.of(keys.get(keys.size() - 1).key()));
  }
}

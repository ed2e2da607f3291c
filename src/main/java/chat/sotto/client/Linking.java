package chat.sotto.client;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Ed25519.SigningKey;
import chat.sotto.crypto.OwnKey;
import chat.sotto.crypto.Suite;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.protocol.AccountReply;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.Secret;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * How a store becomes a device of an account that there is (docs/protocol.md §12.1): the vault is
 * opened and judged, what the other devices know is taken before anybody is looked up, and all of
 * it is stored before the first byte leaves.
 */
final class Linking {
  private final Rows rows;
  private final Newcomer newcomer;
  private final SecureRandom random;
  private final long now;

  /**
   * @param refused why what the other devices share was not taken, if it was not
   */
  record Prepared(LongFunction<ClientFrame.Link> frame, Optional<Alarm> refused) {}

  Linking(Rows rows, SecureRandom random, long now) {
    this.rows = rows;
    this.random = random;
    this.now = now;
    newcomer = Newcomer.find(rows).orElseThrow();
  }

  /**
   * @param replaced the device that goes, if there are as many as there may be
   * @throws Breach if vault or list are not the newest ones of this account
   * @throws DevicesFull if none goes and one must
   */
  Prepared prepare(
      AccountReply.Linking offer, Credentials credentials, Optional<DeviceId> replaced) {
    String user = newcomer.user().value();
    Vault vault = credentials.open(newcomer.serverHost(), user, offer.vault());
    SigningKey accountKey = Ed25519.fromSeed(vault.accountSeed().toArray());
    requireNewest(offer, vault, accountKey);
    requireRoom(offer, replaced);
    DeviceList list = nextList(offer, accountKey, replaced);
    Self self = self(vault, list);
    self.put(rows);
    new Inbox(rows, self).begin(offer.inbox().generation(), offer.inbox().head());
    Vault next = nextVault(offer, vault, list, replaced.isPresent());
    var keys = new OwnKeys(rows);
    keys.begin(next.ownKeys());
    if (replaced.isPresent()) {
      keys.made();
    }
    Optional<Alarm> refused = takeSync(offer, vault, self);
    List<Prekey> prekeys = new Prekeys(rows, self, random).makeAll(now);
    Credentials.Sealed sealed =
        Credentials.seal(
            credentials.password(), newcomer.serverHost(), user, next, random);
    return new Prepared(
        nonce ->
            new ClientFrame.Link(
                nonce,
                credentials.authSecret(),
                credentials.recoverySecret(),
                list,
                sealed.vault(),
                offer.vaultVersion() + 1,
                sealed.recoveryVault(),
                prekeys,
                credentials.code().map(code -> credentials.newAuthSecret())),
        refused);
  }

  /** After a restore, vault and list may be of different days, and the devices make up for it. */
  private void requireNewest(
      AccountReply.Linking offer, Vault vault, SigningKey accountKey) {
    DeviceList list = offer.deviceList();
    boolean isOurs =
        list.user().equals(newcomer.user())
            && list.serverHost().equals(newcomer.serverHost())
            && list.accountKey().equals(Bytes.of(accountKey.publicKey()))
            && Statements.verifyDeviceList(list);
    boolean isRestored = offer.inbox().generation() > Inbox.FIRST_GENERATION;
    boolean isNewest = vault.deviceList().equals(Vault.ListRef.of(list));
    if (!isOurs || !isNewest && !isRestored) {
      throw new Breach(Alarm.VAULT_REFUSED);
    }
  }

  private static void requireRoom(AccountReply.Linking offer, Optional<DeviceId> replaced) {
    DeviceList list = offer.deviceList();
    boolean isFull = list.devices().size() >= DeviceList.DEVICES_MAX;
    if (isFull && replaced.flatMap(list::device).isEmpty()) {
      throw new DevicesFull(offer.devices());
    }
  }

  private DeviceList nextList(
      AccountReply.Linking offer, SigningKey accountKey, Optional<DeviceId> replaced) {
    DeviceList before = offer.deviceList();
    var devices = new ArrayList<Device>(before.devices());
    replaced.ifPresent(gone -> devices.removeIf(device -> device.id().equals(gone)));
    devices.add(
        new Device(
            newcomer.device(),
            Bytes.of(newcomer.deviceKey().publicKey()),
            List.of(Suite.X25519.id()),
            now,
            offer.inbox().head()));
    DeviceList list =
        Statements.signDeviceList(
            accountKey,
            newcomer.user(),
            newcomer.serverHost(),
            before.version() + 1,
            Statements.listHash(before),
            devices);
    return before.keyChange().map(list::with).orElse(list);
  }

  private Self self(Vault vault, DeviceList list) {
    return new Self(
        newcomer.user(),
        newcomer.serverHost(),
        newcomer.device(),
        newcomer.deviceSeed(),
        Secret.of(vault.ownKeys().get(0).key().toBytes()),
        list,
        Optional.empty(),
        false);
  }

  private Vault nextVault(
      AccountReply.Linking offer, Vault vault, DeviceList list, boolean dropsDevice) {
    var keys = new ArrayList<Vault.Kept>(vault.ownKeys());
    if (dropsDevice) {
      keys.add(Vault.Kept.of(OwnKey.generate(keys.size() + 1, random), list.version()));
    }
    long counter = offer.sync().map(AccountReply.SyncBlob::counter).orElse(0L);
    return new Vault(
        vault.accountSeed(),
        keys,
        vault.recoveryCode(),
        Math.max(vault.syncCounter(), counter),
        Vault.ListRef.of(list));
  }

  /** An old one, or none that opens, is no reason to stay out; but nobody is verified then. */
  private Optional<Alarm> takeSync(AccountReply.Linking offer, Vault vault, Self self) {
    long counter = offer.sync().map(AccountReply.SyncBlob::counter).orElse(0L);
    boolean isOld =
        counter < vault.syncCounter() && offer.inbox().generation() == Inbox.FIRST_GENERATION;
    long newestKeyId = vault.ownKeys().size();
    try {
      offer
          .sync()
          .ifPresent(
              sync ->
                  new Sync(rows, self, random)
                      .begin(sync.counter(), sync.blob(), !isOld, newestKeyId));
      return isOld ? Optional.of(Alarm.SYNC_ROLLED_BACK) : Optional.empty();
    } catch (Breach e) {
      return Optional.of(e.alarm());
    }
  }
}

package chat.sotto.client;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Ed25519.SigningKey;
import chat.sotto.crypto.OwnKey;
import chat.sotto.crypto.PasswordSecrets;
import chat.sotto.crypto.Suite;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.Hello;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame.SignedIn;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** How an account begins, and what a sign-in changes here (docs/protocol.md §3 to §5.1). */
final class Account {
  private final Rows rows;
  private final SecureRandom random;
  private final long now;

  /** Makes the first frame of a connection. */
  interface First {
    ClientFrame.First frame(long nonce, Bytes connectionKey);
  }

  Account(Rows rows, SecureRandom random, long now) {
    this.rows = rows;
    this.random = random;
    this.now = now;
  }

  /**
   * Makes the keys of a new account and its first device. The account key's private half is only in
   * the vault that the frame carries: when this returns, nobody has it in the clear.
   */
  First register(UserName user, String serverHost, PasswordSecrets secrets) {
    byte[] id = randomBytes(16);
    var device = new DeviceId(HexFormat.of().formatHex(id));
    SigningKey deviceKey = Ed25519.generate(random);
    SigningKey accountKey = Ed25519.generate(random);
    Bytes publicKey = Bytes.of(deviceKey.publicKey());
    var row =
        new Device(
            device,
            publicKey,
            List.of(Suite.X25519.id()),
            now,
            new Point(0, Statements.inboxStart(user, Inbox.FIRST_GENERATION)));
    DeviceList list =
        Statements.signDeviceList(accountKey, user, serverHost, 1, People.NO_LIST, List.of(row));
    Secret syncKey = Secret.of(randomBytes(32));
    var self =
        new Self(
            user,
            serverHost,
            device,
            Secret.of(deviceKey.exportSeed()),
            syncKey,
            list,
            Optional.empty(),
            false);
    self.put(rows);
    Bytes vault = vault(self, accountKey, secrets);
    List<Prekey> prekeys = new Prekeys(rows, self, random).makeAll(now);
    return (nonce, connectionKey) ->
        new ClientFrame.Register(
            nonce,
            user.value(),
            Secret.of(secrets.authSecret()),
            device,
            publicKey,
            connectionKey,
            list,
            prekeys,
            vault);
  }

  private Bytes vault(Self self, SigningKey accountKey, PasswordSecrets secrets) {
    var vault =
        new Vault(
            Secret.of(accountKey.exportSeed()),
            List.of(Vault.Kept.of(OwnKey.of(1, self.syncKey().toArray()), self.list().version())),
            Optional.empty(),
            0,
            Vault.ListRef.of(self.list()));
    return Bytes.of(
        secrets.sealVault(self.serverHost(), self.user().value(), vault.toJson(), random));
  }

  /** The device key of this store, whose list may not have it yet. */
  static SigningKey deviceKey(Rows rows) {
    return Newcomer.find(rows)
        .map(Newcomer::deviceKey)
        .orElseGet(() -> Self.of(rows).deviceKey());
  }

  /** Of a device that the account may not have yet. */
  static First signIn(Newcomer newcomer, Credentials credentials) {
    Bytes publicKey = Bytes.of(newcomer.deviceKey().publicKey());
    String user = newcomer.user().value();
    return (nonce, connectionKey) ->
        credentials
            .recoverySecret()
            .<ClientFrame.First>map(
                secret ->
                    new ClientFrame.Recover(
                        nonce, user, secret, newcomer.device(), publicKey, connectionKey))
            .orElseGet(
                () ->
                    new ClientFrame.Login(
                        nonce,
                        user,
                        credentials.newAuthSecret(),
                        newcomer.device(),
                        publicKey,
                        connectionKey));
  }

  First login(PasswordSecrets secrets) {
    Self self = Self.of(rows);
    return (nonce, connectionKey) ->
        new ClientFrame.Login(
            nonce,
            self.user().value(),
            Secret.of(secrets.authSecret()),
            self.device(),
            Bytes.of(self.deviceKey().publicKey()),
            connectionKey);
  }

  /** Empty if this device has no token: it must sign in with the password. */
  Optional<First> resume() {
    Self self = Self.of(rows);
    return self.token()
        .map(
            token ->
                (nonce, connectionKey) ->
                    new ClientFrame.Resume(
                        nonce,
                        self.user().value(),
                        token,
                        self.device(),
                        Bytes.of(self.deviceKey().publicKey()),
                        connectionKey));
  }

  /**
   * What a sign-in came to.
   *
   * @param storeWasOld whether the store turned out to be an old copy
   * @param offer the prekeys that the server lacks
   */
  record Agreed(UserName user, boolean storeWasOld, Optional<Prekeys.Offer> offer) {}

  /**
   * Stores what the server said, after comparing it with what this device knows.
   *
   * @param hello of the server, which has proved by its reply that it holds the keys in it
   * @throws Breach if the server lost or changed what this device has seen
   */
  Agreed signedIn(Hello hello, SignedIn frame) {
    new ServerPin(rows).learn(hello);
    Self self = Self.of(rows).withToken(Optional.of(frame.token()));
    self.put(rows);
    requireNoOlderList(self, frame);
    Newcomer.arrived(rows);
    new OwnKeys(rows).share(self, random, now);
    boolean isOld = !new Inbox(rows, self).agree(frame.inbox());
    if (isOld) {
      new Sessions(rows, self, random, now).giveUpAll();
    }
    var offer =
        new Prekeys(rows, self, random)
            .compare(frame.signedPrekeyId(), frame.oneTimePrekeyIds(), now);
    return new Agreed(self.user(), isOld, offer);
  }

  /** A newer one is pushed next. One that is older a restored server gets back. */
  private static void requireNoOlderList(Self self, SignedIn frame) {
    long known = self.list().version();
    boolean isOther =
        frame.deviceListVersion() == known
            && !frame.deviceListHash().equals(Statements.listHash(self.list()));
    boolean isOlder =
        frame.deviceListVersion() < known
            && frame.inbox().generation() == Inbox.FIRST_GENERATION;
    if (isOther || isOlder) {
      throw new Breach(Alarm.DEVICE_LIST_ROLLED_BACK);
    }
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}

package chat.sotto.edge;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.X25519;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.AccountRequest;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.Secret;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** A user with one device and its keys, and the frames it begins connections with. */
final class TestUser {
  static final SecureRandom RANDOM = new SecureRandom();

  final UserName name;
  final String serverHost;
  final Ed25519.SigningKey accountKey = Ed25519.generate(RANDOM);
  final Ed25519.SigningKey deviceKey = Ed25519.generate(RANDOM);
  final DeviceId device = new DeviceId(HexFormat.of().formatHex(random(16)));
  final Secret authSecret = Secret.of(random(32));
  final DeviceList deviceList;

  TestUser(String name) {
    this(name, "localhost");
  }

  TestUser(String name, String serverHost) {
    this.name = new UserName(name);
    this.serverHost = serverHost;
    var start = new Point(0, Statements.inboxStart(this.name, 1));
    this.deviceList =
        Statements.signDeviceList(
            accountKey,
            this.name,
            serverHost,
            1,
            Bytes.of(new byte[32]),
            List.of(new Device(device, deviceKey(), List.of(1), 1, start)));
  }

  /** Well signed and the next one, and known to nobody. */
  DeviceList nextDeviceList() {
    return Statements.signDeviceList(
        accountKey,
        name,
        serverHost,
        deviceList.version() + 1,
        Statements.listHash(deviceList),
        deviceList.devices());
  }

  static byte[] random(int length) {
    var bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  Bytes deviceKey() {
    return Bytes.of(deviceKey.publicKey());
  }

  Prekey prekey(long id, Prekey.Kind kind) {
    Bytes key = Bytes.of(X25519.generateKeyPair(RANDOM).publicKey());
    return Statements.signPrekey(deviceKey, name, device, id, kind, 1, key);
  }

  List<Prekey> prekeys(int oneTime) {
    List<Prekey> prekeys = new ArrayList<>();
    prekeys.add(prekey(1, Prekey.Kind.SIGNED));
    for (int i = 0; i < oneTime; i++) {
      prekeys.add(prekey(2 + i, Prekey.Kind.ONE_TIME));
    }
    return prekeys;
  }

  ClientFrame.Register register(Bytes connectionKey) {
    return register(connectionKey, prekeys(2));
  }

  ClientFrame.Register register(Bytes connectionKey, List<Prekey> prekeys) {
    return new ClientFrame.Register(
        0,
        name.value(),
        authSecret,
        device,
        deviceKey(),
        connectionKey,
        deviceList,
        prekeys,
        Bytes.of(random(100)));
  }

  ClientFrame.Register register(Bytes connectionKey, DeviceList list) {
    return new ClientFrame.Register(
        0,
        name.value(),
        authSecret,
        device,
        deviceKey(),
        connectionKey,
        list,
        prekeys(2),
        Bytes.of(random(100)));
  }

  /** A change of the account with a vault of its own. */
  static AccountRequest.Change change(
      RawClient client,
      long nonce,
      Optional<Secret> authSecret,
      Optional<DeviceList> list,
      long vaultVersion,
      Optional<Secret> newAuthSecret) {
    return new AccountRequest.Change(
        nonce,
        client.token(),
        authSecret,
        Optional.empty(),
        list,
        Optional.of(Bytes.of(random(130))),
        Optional.of(vaultVersion),
        Optional.empty(),
        newAuthSecret,
        Optional.empty());
  }

  ClientFrame.Login login(Bytes connectionKey) {
    return login(connectionKey, authSecret);
  }

  ClientFrame.Login login(Bytes connectionKey, Secret authSecret) {
    return new ClientFrame.Login(
        0, name.value(), authSecret, device, deviceKey(), connectionKey);
  }

  ClientFrame.Resume resume(Bytes connectionKey, Secret token) {
    return new ClientFrame.Resume(0, name.value(), token, device, deviceKey(), connectionKey);
  }
}

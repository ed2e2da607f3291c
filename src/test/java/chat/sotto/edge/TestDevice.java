package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.X25519;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.protocol.AccountReply;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.Secret;
import chat.sotto.protocol.ServerFrame;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A further device of a user, which is in no list at first. */
final class TestDevice {
  final TestUser user;
  final DeviceId id = new DeviceId(HexFormat.of().formatHex(TestUser.random(16)));
  final Ed25519.SigningKey key = Ed25519.generate(TestUser.RANDOM);
  final List<Prekey> prekeys;

  TestDevice(TestUser user) {
    this.user = user;
    this.prekeys = List.of(prekey(1, Prekey.Kind.SIGNED), prekey(2, Prekey.Kind.ONE_TIME));
  }

  Bytes publicKey() {
    return Bytes.of(key.publicKey());
  }

  private Prekey prekey(long prekeyId, Prekey.Kind kind) {
    Bytes made = Bytes.of(X25519.generateKeyPair(TestUser.RANDOM).publicKey());
    return Statements.signPrekey(key, user.name, id, prekeyId, kind, 1, made);
  }

  Device row(Point start) {
    return new Device(id, publicKey(), List.of(1), 1, start);
  }

  ClientFrame.Login login(Bytes connectionKey) {
    return login(connectionKey, user.authSecret);
  }

  ClientFrame.Login login(Bytes connectionKey, Secret authSecret) {
    return new ClientFrame.Login(
        0, user.name.value(), authSecret, id, publicKey(), connectionKey);
  }

  ClientFrame.Resume resume(Bytes connectionKey, Secret token) {
    return new ClientFrame.Resume(0, user.name.value(), token, id, publicKey(), connectionKey);
  }

  ClientFrame.Recover recover(Bytes connectionKey, Secret recoverySecret) {
    return new ClientFrame.Recover(
        0, user.name.value(), recoverySecret, id, publicKey(), connectionKey);
  }

  /** The list after that one, with this device last. */
  DeviceList listWith(DeviceList before, Point start) {
    return next(
        user.accountKey,
        before,
        Stream.concat(before.devices().stream(), Stream.of(row(start))).toList());
  }

  static DeviceList next(Ed25519.SigningKey key, DeviceList before, List<Device> devices) {
    return Statements.signDeviceList(
        key,
        before.user(),
        before.serverHost(),
        before.version() + 1,
        Statements.listHash(before),
        devices);
  }

  /** The list after that one, without this device. */
  DeviceList listWithout(DeviceList before) {
    return next(
        user.accountKey,
        before,
        before.devices().stream().filter(row -> !row.id().equals(id)).toList());
  }

  /** With the password: it may link then. */
  AccountReply.Linking login(RawClient client) throws Exception {
    return assertInstanceOf(AccountReply.Linking.class, client.first(this::login, key));
  }

  /** Becomes the user's newest device. @return the list that says so */
  DeviceList link(RawClient client) throws Exception {
    AccountReply.Linking linking = login(client);
    DeviceList list = listWith(linking.deviceList(), linking.inbox().head());
    client.link(link(client.nextNonce(), list, linking.vaultVersion() + 1));
    client.hear(ServerFrame.CaughtUp.class);
    return list;
  }

  ClientFrame.Link link(long nonce, DeviceList list, long vaultVersion) {
    return link(nonce, list, vaultVersion, user.authSecret);
  }

  ClientFrame.Link link(long nonce, DeviceList list, long vaultVersion, Secret authSecret) {
    return new ClientFrame.Link(
        nonce,
        Optional.of(authSecret),
        Optional.empty(),
        list,
        Bytes.of(TestUser.random(120)),
        vaultVersion,
        Optional.empty(),
        prekeys,
        Optional.empty());
  }
}

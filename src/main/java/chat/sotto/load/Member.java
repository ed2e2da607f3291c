package chat.sotto.load;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Suite;
import chat.sotto.crypto.X25519;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupId;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.Secret;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * An account with one device, and its place in its inbox. Its keys are real; password and vault are
 * random bytes, since only clients could tell.
 */
final class Member {
  private static final int VAULT_BYTES = 300;
  private static final long FIRST_GENERATION = 1;
  private static final Bytes NO_LIST = Bytes.of(new byte[32]);
  private static final SecureRandom RANDOM = new SecureRandom();

  final UserName name;
  final DeviceId device = new DeviceId(HexFormat.of().formatHex(random(16)));
  final Ed25519.SigningKey deviceKey = Ed25519.generate(RANDOM);
  final DeviceList list;
  private final Secret authSecret = Secret.of(random(32));
  private final Bytes publicKey = Bytes.of(deviceKey.publicKey());

  /** Given at sign-in. */
  Secret token;

  /** The last entry that this device has taken. */
  Point head;

  /** As {@link #head}, of groups. */
  final Map<GroupId, Point> groups = new HashMap<>();

  Member(String name, String serverHost) {
    this.name = new UserName(name);
    head = new Point(0, Statements.inboxStart(this.name, FIRST_GENERATION));
    var row = new Device(device, publicKey, List.of(Suite.X25519.id()), 1, head);
    list =
        Statements.signDeviceList(
            Ed25519.generate(RANDOM), this.name, serverHost, 1, NO_LIST, List.of(row));
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  ClientFrame.Register register(long nonce, Bytes connectionKey) {
    Bytes key = Bytes.of(X25519.generateKeyPair(RANDOM).publicKey());
    Prekey prekey =
        Statements.signPrekey(
            deviceKey, name, device, 1, Prekey.Kind.SIGNED, Suite.X25519.id(), key);
    return new ClientFrame.Register(
        nonce,
        name.value(),
        authSecret,
        device,
        publicKey,
        connectionKey,
        list,
        List.of(prekey),
        Bytes.of(random(VAULT_BYTES)));
  }

  ClientFrame.Login login(long nonce, Bytes connectionKey) {
    return login(nonce, connectionKey, authSecret);
  }

  /** With a password that is not the user's. */
  ClientFrame.Login loginWrongly(long nonce, Bytes connectionKey) {
    return login(nonce, connectionKey, Secret.of(random(32)));
  }

  private ClientFrame.Login login(long nonce, Bytes connectionKey, Secret secret) {
    return new ClientFrame.Login(
        nonce, name.value(), secret, device, publicKey, connectionKey);
  }

  ClientFrame.Resume resume(long nonce, Bytes connectionKey) {
    return new ClientFrame.Resume(
        nonce, name.value(), token, device, publicKey, connectionKey);
  }
}

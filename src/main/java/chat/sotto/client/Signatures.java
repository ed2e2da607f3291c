package chat.sotto.client;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Ed25519.SigningKey;
import chat.sotto.crypto.EntryChain;
import chat.sotto.crypto.Hash;
import chat.sotto.crypto.Labels;
import chat.sotto.model.BodyDigest;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Prekey;
import chat.sotto.model.UserName;
import chat.sotto.protocol.Hello;
import java.util.List;
import java.util.TreeMap;

/** Which fields of a statement are signed and hashed, and in which order (docs/protocol.md). */
final class Signatures {
  private Signatures() {}

  /** §4.1: the first list of an account, with one device. */
  static DeviceList firstDeviceList(
      SigningKey accountKey, UserName user, String serverHost, Device device) {
    Bytes none = Bytes.of(new byte[Bounds.HASH_BYTES]);
    Bytes noSignature = Bytes.of(new byte[Bounds.SIGNATURE_BYTES]);
    Bytes publicKey = Bytes.of(accountKey.publicKey());
    var unsigned =
        new DeviceList(user, serverHost, 1, none, publicKey, List.of(device), noSignature);
    byte[] signature = Ed25519.sign(accountKey, Labels.DEVICE_LIST, items(unsigned));
    return new DeviceList(
        user, serverHost, 1, none, publicKey, List.of(device), Bytes.of(signature));
  }

  static boolean isSigned(DeviceList list) {
    return verify(list.accountKey(), list.signature(), Labels.DEVICE_LIST, items(list));
  }

  static Bytes listHash(DeviceList list) {
    return Bytes.of(Hash.of(Labels.DEVICE_LIST, items(list)));
  }

  private static Object[] items(DeviceList list) {
    return new Object[] {
      list.user().value(),
      list.serverHost(),
      list.version(),
      list.prevHash().toArray(),
      list.accountKey().toArray(),
      list.devices().stream().map(Signatures::tuple).toList()
    };
  }

  private static List<Object> tuple(Device device) {
    return List.of(
        device.id().value(),
        device.signKey().toArray(),
        device.suites(),
        device.addedAt(),
        device.inboxStart().sequenceNr(),
        device.inboxStart().hash().toArray());
  }

  /** §4.2. */
  static Prekey prekey(
      SigningKey deviceKey,
      UserName user,
      DeviceId device,
      Prekey.Kind kind,
      long id,
      int suite,
      byte[] key) {
    byte[] signature =
        Ed25519.sign(
            deviceKey, Labels.PREKEY, user.value(), device.value(), suite, kind.text(), id, key);
    return new Prekey(id, kind, suite, Bytes.of(key), Bytes.of(signature));
  }

  static boolean isSigned(Prekey prekey, UserName user, Device device) {
    return verify(
        device.signKey(),
        prekey.signature(),
        Labels.PREKEY,
        user.value(),
        device.id().value(),
        prekey.suite(),
        prekey.kind().text(),
        prekey.id(),
        prekey.key().toArray());
  }

  /** §2.1. */
  static boolean isSigned(Hello.SealKey sealKey, Hello hello) {
    return verify(
        hello.signKey(),
        sealKey.signature(),
        Labels.HELLO,
        hello.serverHost(),
        sealKey.node(),
        sealKey.serial(),
        sealKey.suite(),
        sealKey.key().toArray(),
        sealKey.notAfter());
  }

  /** §6. */
  static Bytes acknowledgement(SigningKey deviceKey, Self self, List<LogPoint> items) {
    List<Object> tuples =
        items.stream()
            .<Object>map(
                item ->
                    List.of(
                        item.kind(),
                        item.owner(),
                        item.generation(),
                        item.sequenceNr(),
                        item.hash().toArray()))
            .toList();
    return Bytes.of(
        Ed25519.sign(
            deviceKey,
            Labels.ACK,
            self.serverHost(),
            self.user().value(),
            self.device().value(),
            tuples));
  }

  /** §6: the digest of one ciphertext. */
  static Bytes digest(Bytes ciphertext) {
    return Bytes.of(Hash.sha256(ciphertext.toArray()));
  }

  /** §6: bodyDigest. */
  static Bytes bodyDigest(List<BodyDigest> bodies) {
    var digests = new TreeMap<String, byte[]>();
    bodies.forEach(body -> digests.put(body.device().value(), body.digest().toArray()));
    return Bytes.of(EntryChain.bodyDigest(digests));
  }

  private static boolean verify(Bytes key, Bytes signature, String label, Object... items) {
    return Ed25519.verify(key.toArray(), signature.toArray(), label, items);
  }
}

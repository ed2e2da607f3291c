package chat.sotto.model;

import chat.sotto.crypto.Ed25519;
import chat.sotto.crypto.Hash;
import chat.sotto.crypto.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one device took from its server and what it acknowledged, under the device's signature
 * (docs/audit.md §6). Whoever holds it can tell whether a journal is the one that the device saw.
 *
 * @param serverKey the server's sign key that the device has pinned
 * @param deviceKey the device's, as in its list
 * @param exportedAt by the device's clock, milliseconds since 1970
 * @param logs the head of each log that the device has taken, rising by kind and owner
 * @param acknowledgements the newest one that names each log
 * @param signature of the device, 64 bytes
 */
public record Witness(
    int version,
    String serverHost,
    Bytes serverKey,
    UserName user,
    DeviceId device,
    Bytes deviceKey,
    DeviceList deviceList,
    long exportedAt,
    List<LogPoint> logs,
    List<Acknowledgement> acknowledgements,
    Bytes signature) {
  public static final int VERSION = 1;

  /** A device also remembers the logs of groups that its user has left. */
  public static final int LOGS_MAX = 10_000;

  private static final Bytes UNSIGNED = Bytes.of(new byte[Bounds.SIGNATURE_BYTES]);

  public Witness {
    Bounds.within("version", version, VERSION, VERSION);
    Bounds.length("serverHost", serverHost, 1, 253);
    Bounds.size("serverKey", serverKey, Bounds.KEY_BYTES);
    Bounds.size("deviceKey", deviceKey, Bounds.KEY_BYTES);
    Bounds.time("exportedAt", exportedAt);
    logs = Bounds.count("logs", logs, 1, LOGS_MAX);
    Bounds.rising("logs", logs.stream().map(log -> log.kind() + " " + log.owner()).toList());
    for (LogPoint log : logs) {
      requireLogOf(user, log);
    }
    acknowledgements = Bounds.count("acknowledgements", acknowledgements, 0, LOGS_MAX);
    for (Acknowledgement one : acknowledgements) {
      one.items().forEach(item -> requireLogOf(user, item));
    }
    Bounds.size("signature", signature, Bounds.SIGNATURE_BYTES);
  }

  private static void requireLogOf(UserName user, LogPoint log) {
    if (log.kind().equals(LogPoint.GROUP)) {
      new GroupId(log.owner());
    } else if (!log.kind().equals(LogPoint.INBOX) || !log.owner().equals(user.value())) {
      throw new IllegalArgumentException("a log must be a group's or the user's inbox");
    }
  }

  /** Everything in it is the device's word; the key must be the one that its list names. */
  public static Witness sign(
      Ed25519.SigningKey deviceKey,
      Bytes serverKey,
      DeviceId device,
      DeviceList deviceList,
      long exportedAt,
      List<LogPoint> logs,
      List<Acknowledgement> acknowledgements) {
    var unsigned =
        new Witness(
            VERSION,
            deviceList.serverHost(),
            serverKey,
            deviceList.user(),
            device,
            Bytes.of(deviceKey.publicKey()),
            deviceList,
            exportedAt,
            logs,
            acknowledgements,
            UNSIGNED);
    byte[] signature = Ed25519.sign(deviceKey, Labels.WITNESS, unsigned.signedItems());
    return unsigned.with(Bytes.of(signature));
  }

  private Witness with(Bytes newSignature) {
    return new Witness(
        version,
        serverHost,
        serverKey,
        user,
        device,
        deviceKey,
        deviceList,
        exportedAt,
        logs,
        acknowledgements,
        newSignature);
  }

  /**
   * Why this is not the word of that user's device; empty if it is. Says nothing of whether the
   * server knows the device list, nor of whose account key it is signed with.
   */
  public Optional<String> refusal() {
    if (!deviceList.user().equals(user) || !deviceList.serverHost().equals(serverHost)) {
      return Optional.of("the device list is that of another account");
    } else if (!Statements.verifyDeviceList(deviceList)) {
      return Optional.of("the account key did not sign the device list");
    } else if (!deviceList.device(device).map(Device::signKey).equals(Optional.of(deviceKey))) {
      return Optional.of("the device list has no such device with that key");
    } else if (!Ed25519.verify(
        deviceKey.toArray(), signature.toArray(), Labels.WITNESS, signedItems())) {
      return Optional.of("the device did not sign this file");
    }
    return acknowledgements.stream().allMatch(this::isSignedByDevice)
        ? Optional.empty()
        : Optional.of("the device did not sign an acknowledgement in it");
  }

  private boolean isSignedByDevice(Acknowledgement one) {
    return Statements.verifyAck(
        deviceKey, serverHost, user, device, one.items(), one.signature());
  }

  /** {@code H("witness", …)}: what it says, whoever says it. */
  public Bytes contentHash() {
    return Bytes.of(
        Hash.of(
            Labels.WITNESS,
            Statements.listHash(deviceList).toArray(),
            exportedAt,
            Statements.pointItems(logs),
            acknowledgementItems()));
  }

  private List<List<Object>> acknowledgementItems() {
    var tuples = new ArrayList<List<Object>>();
    for (Acknowledgement one : acknowledgements) {
      tuples.add(List.of(Statements.pointItems(one.items()), one.signature().toArray()));
    }
    return tuples;
  }

  private Object[] signedItems() {
    return new Object[] {
      serverHost, serverKey.toArray(), user.value(), device.value(), contentHash().toArray()
    };
  }
}

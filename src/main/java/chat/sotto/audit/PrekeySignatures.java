package chat.sotto.audit;

import static chat.sotto.audit.DoesNotHold.require;
import static chat.sotto.audit.Inquiry.hex;

import chat.sotto.crypto.Hash;
import chat.sotto.journal.StoredBody;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.user.BodyIds;
import chat.sotto.user.HeldPrekey;
import chat.sotto.user.KeptBodies;
import chat.sotto.user.PrekeyRef;
import chat.sotto.user.PrekeyStatement;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Each prekey is signed by its device. Events did not always hold the key, but bodies do. */
final class PrekeySignatures {
  private final Inquiry inquiry;
  private final UserName user;
  private final Signatures.Batch signatures;

  /** By the id of the body, of prekeys that are held. */
  private final Map<String, Bytes> held = new HashMap<>();

  PrekeySignatures(Inquiry inquiry, UserName user, Signatures.Batch signatures) {
    this.inquiry = inquiry;
    this.user = user;
    this.signatures = signatures;
  }

  void judge(Replay.Step<UserEvent, UserState> step, UserEvent.PrekeysPut event) {
    Device device =
        step.before()
            .account()
            .orElseThrow()
            .deviceList()
            .device(event.device())
            .orElseThrow();
    for (PrekeyStatement statement : event.prekeys()) {
      statement.key().ifPresent(key -> requireDigest(statement, key));
      held.put(bodyId(device.id(), statement.id(), statement.digest()), statement.signature());
      key(device, statement)
          .ifPresentOrElse(
              key -> verify(step.number(), device, prekey(statement, key)),
              () -> inquiry.tally().count(Counted.PREKEYS_WITHOUT_KEY));
    }
    held.keySet().retainAll(KeptBodies.prekeys(step.after()));
  }

  private String bodyId(DeviceId device, long prekeyId, Bytes digest) {
    return BodyIds.prekey(user, device, prekeyId, digest);
  }

  /** What is given out: the key of the event, and a signature that may be another good one. */
  void judge(Bodies.Needed needed, Device device, HeldPrekey prekey, Bytes body) {
    Optional<Bytes> key = PrekeyRef.key(body);
    if (!key.map(PrekeySignatures::digest).equals(Optional.of(prekey.digest()))) {
      inquiry.bodies().altered(needed, "with the key of the event", "another");
      return;
    }
    var ref = new PrekeyRef(prekey.id(), prekey.kind(), prekey.suite(), needed.id());
    Prekey given = ref.prekey(body);
    if (!given.signature().equals(held.get(needed.id()))) {
      verify(0, device, given);
    }
  }

  private static Bytes digest(Bytes key) {
    return Bytes.of(Hash.sha256(key.toArray()));
  }

  private static void requireDigest(PrekeyStatement statement, Bytes key) {
    Bytes digest = digest(key);
    require(
        statement.digest().equals(digest),
        "digest %s of prekey %d".formatted(hex(digest), statement.id()),
        hex(statement.digest()));
  }

  private static Prekey prekey(PrekeyStatement statement, Bytes key) {
    return new Prekey(
        statement.id(), statement.kind(), statement.suite(), key, statement.signature());
  }

  private void verify(long number, Device device, Prekey prekey) {
    signatures.add(
        number,
        () -> "device %s over prekey %d".formatted(device.id(), prekey.id()),
        () -> Statements.verifyPrekey(device.signKey(), user, device.id(), prekey));
  }

  private Optional<Bytes> key(Device device, PrekeyStatement statement) {
    return statement.key().or(() -> keptKey(device, statement));
  }

  /** That of a body which is still there. */
  private Optional<Bytes> keptKey(Device device, PrekeyStatement statement) {
    String id = bodyId(device.id(), statement.id(), statement.digest());
    return inquiry
        .journal()
        .body(id)
        .map(StoredBody::bytes)
        .flatMap(PrekeyRef::key)
        .filter(key -> digest(key).equals(statement.digest()));
  }
}

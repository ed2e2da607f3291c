package chat.sotto.audit;

import chat.sotto.journal.StoredBody;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.Prekey;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.user.BodyIds;
import chat.sotto.user.PrekeyRef;
import chat.sotto.user.PrekeyStatement;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import java.util.Optional;

/** Each prekey is signed by its device. Events did not always hold the key, but bodies do. */
final class PrekeySignatures {
  private final Inquiry inquiry;
  private final UserName user;
  private final Signatures.Batch signatures;

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
      key(device, statement)
          .ifPresentOrElse(
              key -> verify(step.number(), device, statement, key),
              () -> inquiry.tally().count(Counted.PREKEYS_WITHOUT_KEY));
    }
  }

  private void verify(long number, Device device, PrekeyStatement statement, Bytes key) {
    var prekey =
        new Prekey(
            statement.id(), statement.kind(), statement.suite(), key, statement.signature());
    signatures.add(
        number,
        "device %s over prekey %d".formatted(device.id(), statement.id()),
        () -> Statements.verifyPrekey(device.signKey(), user, device.id(), prekey));
  }

  private Optional<Bytes> key(Device device, PrekeyStatement statement) {
    String id = BodyIds.prekey(user, device.id(), statement.id(), statement.digest());
    return inquiry.journal().body(id).map(StoredBody::bytes).flatMap(PrekeyRef::key);
  }
}

package chat.sotto.audit;

import chat.sotto.journal.StoredEntry;
import chat.sotto.model.DeviceId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Restored;
import chat.sotto.model.UserName;
import chat.sotto.user.StoredCopy;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** All that is recorded of one entry of an inbox. */
final class InboxTrail implements Watcher {
  private final long sequenceNr;
  private final Predicate<String> isBodyThere;
  private final Deliveries deliveries;
  private Optional<EntryRecord> found = Optional.empty();

  /** @param isBodyThere of a body's id */
  InboxTrail(long sequenceNr, Predicate<String> isBodyThere) {
    this.sequenceNr = sequenceNr;
    this.isBodyThere = isBodyThere;
    this.deliveries = new Deliveries(sequenceNr);
  }

  @Override
  public void saw(UserName user, StoredEntry entry, UserEvent event, UserState after) {
    if (event instanceof UserEvent.Accepted accepted && accepted.sequenceNr() == sequenceNr) {
      found = Optional.of(EntryRecord.of(user, entry, accepted));
      accepted.copies().forEach(copy -> expect(user, copy));
    } else if (event instanceof UserEvent.Restored restored && isThere(restored.entry(user))) {
      found = Optional.of(EntryRecord.of(entry, restored.entry(user), Words.of(user, event)));
      after.devices().keySet().forEach(device -> expect(user, device));
    } else if (event instanceof UserEvent.Acked acked && found.isPresent()) {
      deliveries.acknowledged(
          user, acked, entry.sequenceNr(), item -> item.kind().equals(LogPoint.INBOX));
    } else if (event instanceof UserEvent.DeviceCutOff cut && found.isPresent()) {
      deliveries.cutOff(user, cut);
    }
  }

  private boolean isThere(Restored restored) {
    return restored.sequenceNr() == sequenceNr;
  }

  private void expect(UserName user, DeviceId device) {
    deliveries.expect(user, device, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private void expect(UserName user, StoredCopy copy) {
    deliveries.expect(
        user,
        copy.device(),
        Optional.of(copy.size()),
        Optional.of(copy.digest()),
        Optional.of(isBodyThere.test(copy.bodyId())));
  }

  /** The entry, then its deliveries; nothing if there is no such entry. */
  List<Answer> answers() {
    var answers = new ArrayList<Answer>();
    found.ifPresent(
        record -> {
          answers.add(record);
          answers.addAll(deliveries.list());
        });
    return answers;
  }
}

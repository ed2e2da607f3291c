package chat.sotto.audit;

import chat.sotto.group.BodyIds;
import chat.sotto.group.GroupEvent;
import chat.sotto.group.GroupState;
import chat.sotto.journal.StoredEntry;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Membership;
import chat.sotto.model.UserName;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * All that is recorded of one entry of a group's log. First the group's events are seen, then those
 * of the {@link #readers()}, on many threads.
 */
final class GroupTrail implements Watcher {
  private final GroupId group;
  private final long sequenceNr;
  private final Predicate<String> isBodyThere;
  private final Deliveries deliveries;
  private final Set<UserName> readers = new TreeSet<>();
  private GroupState before;
  private Optional<EntryRecord> found = Optional.empty();

  /** @param isBodyThere of a body's id */
  GroupTrail(GroupId group, long sequenceNr, Predicate<String> isBodyThere) {
    this.group = group;
    this.sequenceNr = sequenceNr;
    this.isBodyThere = isBodyThere;
    this.deliveries = new Deliveries(sequenceNr);
    this.before = GroupState.empty(group);
  }

  @Override
  public void saw(GroupId seen, StoredEntry entry, GroupEvent event, GroupState after) {
    if (event.sequenceNr() == sequenceNr) {
      found = Optional.of(record(entry, event, after));
      expect(event, after);
    }
    before = after;
  }

  private EntryRecord record(StoredEntry entry, GroupEvent event, GroupState after) {
    if (event instanceof GroupEvent.Restored restored) {
      return EntryRecord.of(entry, restored.entry(group), Words.of(restored));
    }
    Optional<Boolean> bodyThere =
        event instanceof GroupEvent.Posted posted
            ? Optional.of(isBodyThere.test(posted.bodyId()))
            : Optional.empty();
    var signed = (GroupEvent.Signed) event;
    return EntryRecord.of(group, entry, signed, bodyThere, isSigned(signed, after));
  }

  private boolean isSigned(GroupEvent.Signed event, GroupState after) {
    GroupEntry entry = event.entry();
    return before
        .membership()
        .signer(event.user(), event.device(), event.content())
        .or(() -> after.membership().device(event.user(), event.device()))
        .filter(
            device ->
                GroupStatements.verify(
                    device.signKey(),
                    GroupStatements.Signer.of(group, entry),
                    event.content()))
        .isPresent();
  }

  /** Whoever was in the group before or after it, as far as this part of the log is theirs. */
  private void expect(GroupEvent event, GroupState after) {
    Map<UserName, Membership.Row> rows = new TreeMap<>(before.membership().rows());
    rows.putAll(after.membership().rows());
    rows.forEach(
        (user, row) -> {
          if (isOf(user, after)) {
            readers.add(user);
            row.deviceList().devices().forEach(device -> expect(event, user, device));
          }
        });
  }

  private boolean isOf(UserName user, GroupState after) {
    var stretches = Optional.ofNullable(after.stretches().byUser().get(user));
    return stretches
        .filter(
            all ->
                all.stream()
                    .anyMatch(
                        one ->
                            one.start().sequenceNr() < sequenceNr
                                && one.end().filter(end -> end < sequenceNr).isEmpty()))
        .isPresent();
  }

  private void expect(GroupEvent event, UserName user, Device device) {
    deliveries.expect(
        user, device.id(), Optional.empty(), Optional.empty(), piece(event, device.id()));
  }

  /** A commit has a sealed piece for each device but its maker's. */
  private Optional<Boolean> piece(GroupEvent event, DeviceId device) {
    return event instanceof GroupEvent.Committed committed && !device.equals(committed.device())
        ? Optional.of(isBodyThere.test(BodyIds.piece(group, committed.attempt(), device)))
        : Optional.empty();
  }

  /** Whose acknowledgements tell what became of it. */
  Set<UserName> readers() {
    return readers;
  }

  @Override
  public void saw(UserName user, StoredEntry entry, UserEvent event, UserState after) {
    if (event instanceof UserEvent.Acked acked) {
      deliveries.acknowledged(user, acked, entry.sequenceNr(), this::isOfLog);
    }
  }

  private boolean isOfLog(LogPoint item) {
    return item.kind().equals(LogPoint.GROUP) && item.owner().equals(group.value());
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

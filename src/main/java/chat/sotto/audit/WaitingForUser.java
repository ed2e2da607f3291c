package chat.sotto.audit;

import chat.sotto.group.GroupEvent;
import chat.sotto.group.GroupState;
import chat.sotto.journal.StoredEntry;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.Point;
import chat.sotto.model.UserName;
import chat.sotto.user.DeviceState;
import chat.sotto.user.StoredCopy;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What waited for each device of a user at a moment. First the user's events are seen, then those
 * of the {@link #groups()}, on many threads; the entries themselves are read last, and kept by
 * nobody.
 */
final class WaitingForUser implements Watcher {
  private final Instant at;
  private final Map<GroupId, Extent> extents = new ConcurrentHashMap<>();
  private UserState then;

  WaitingForUser(UserName user, Instant at) {
    this.then = UserState.empty(user);
    this.at = at;
  }

  /** The part of a group's log that was each device's: {@code after < number <= upTo}. */
  private record Extent(Map<DeviceId, Long> after, long upTo) {
    static final Extent NONE = new Extent(Map.of(), 0);

    /** A device that has no part in it waits for nothing. */
    long after(DeviceId device) {
      return after.getOrDefault(device, upTo);
    }
  }

  /**
   * What waited for a device.
   *
   * @param entries accepted in the inbox, not yet acknowledged by the device
   * @param bytes of their ciphertexts for the device
   * @param cutOff whether older ones are gone for it because it fell behind the limits
   * @param groupEntries of all groups, not yet acknowledged by the device
   */
  @JsonTypeName("waiting")
  record Waiting(
      UserName user,
      DeviceId device,
      Instant at,
      long entries,
      long bytes,
      boolean cutOff,
      boolean signedIn,
      long groupEntries,
      long groupsBehind)
      implements Answer {
    @Override
    public String text() {
      return "%s UTC, device %s of %s%s: %d inbox entries (%d bytes) and %d entries of %d groups"
              .formatted(
                  Moment.words(at),
                  device,
                  user,
                  signedIn ? "" : ", signed out",
                  entries,
                  bytes,
                  groupEntries,
                  groupsBehind)
          + " waited"
          + (cutOff ? "; it was cut off before" : "");
    }
  }

  /** A group's log that the device had not acknowledged to its end. */
  @JsonTypeName("waiting-group")
  record WaitingGroup(
      UserName user, DeviceId device, GroupId group, long cursor, long head, long entries)
      implements Answer {
    @Override
    public String text() {
      return "  group %s: %d entries, acknowledged up to %d of %d by device %s"
          .formatted(group, entries, cursor, head, device);
    }
  }

  /** @param size bytes of the ciphertext */
  record Copy(DeviceId device, int size) {}

  /** An entry of the inbox that somebody's device had not acknowledged. */
  @JsonTypeName("waiting-entry")
  record WaitingEntry(
      UserName user,
      long sequenceNr,
      Instant acceptedAt,
      UserName fromUser,
      DeviceId fromDevice,
      List<Copy> copies)
      implements Answer {
    @Override
    public String text() {
      var text =
          new StringBuilder(
              "  entry %d from %s, accepted %s, waited for"
                  .formatted(sequenceNr, fromUser, Moment.words(acceptedAt)));
      copies.forEach(
          copy -> text.append(" %s (%d bytes)".formatted(copy.device(), copy.size())));
      return text.toString();
    }
  }

  @Override
  public void saw(UserName user, StoredEntry entry, UserEvent event, UserState after) {
    if (!Moment.of(event.time()).isAfter(at)) {
      then = after;
    }
  }

  /** A group's log, up to the moment, as far as it is the user's. */
  @Override
  public void saw(GroupId group, StoredEntry entry, GroupEvent event, GroupState after) {
    if (!Moment.of(event.time()).isAfter(at)) {
      var stretches = Optional.ofNullable(after.stretches().byUser().get(then.user()));
      stretches.ifPresent(
          all -> {
            var newest = all.get(all.size() - 1);
            long end = newest.end().orElse(after.head().sequenceNr());
            extents.put(group, new Extent(after.stretches().starts(then.user()), end));
          });
    }
  }

  boolean isRegistered() {
    return then.account().isPresent();
  }

  /** Whose logs the user's devices followed then. */
  Set<GroupId> groups() {
    return then.groups().cursors().keySet();
  }

  /** The counts of each device, then its groups. */
  List<Answer> answers() {
    var answers = new ArrayList<Answer>();
    for (Device device : devices()) {
      List<WaitingGroup> behind = groupsBehind(device.id());
      DeviceState state = then.devices().get(device.id());
      answers.add(
          new Waiting(
              then.user(),
              device.id(),
              at,
              then.inbox().head().sequenceNr() - state.cursor().point().sequenceNr(),
              state.total() - state.cursor().total(),
              state.cutOff(),
              state.token().isPresent(),
              behind.stream().mapToLong(WaitingGroup::entries).sum(),
              behind.size()));
      answers.addAll(behind);
    }
    return answers;
  }

  /** Those of an erased account are only a list. */
  private List<Device> devices() {
    return then.account().stream()
        .flatMap(account -> account.deviceList().devices().stream())
        .filter(device -> then.devices().containsKey(device.id()))
        .toList();
  }

  private List<WaitingGroup> groupsBehind(DeviceId device) {
    var behind = new ArrayList<WaitingGroup>();
    then.groups()
        .cursors()
        .forEach(
            (group, cursors) -> {
              Extent extent = extents.getOrDefault(group, Extent.NONE);
              long acknowledged =
                  Optional.ofNullable(cursors.get(device)).map(Point::sequenceNr).orElse(0L);
              long cursor = Math.max(acknowledged, extent.after(device));
              if (cursor < extent.upTo()) {
                behind.add(
                    new WaitingGroup(
                        then.user(), device, group, cursor, extent.upTo(), extent.upTo() - cursor));
              }
            });
    behind.sort((one, other) -> one.group().compareTo(other.group()));
    return behind;
  }

  /** The journal's number after which entries may have waited. */
  long after() {
    return devices().stream()
        .mapToLong(device -> then.devices().get(device.id()).cursor().journalNr())
        .min()
        .orElse(upTo());
  }

  /** The journal's number of the last event until the moment. */
  long upTo() {
    return then.chain().sequenceNr();
  }

  /** Gives what waited, for one event between {@link #after()} and {@link #upTo()}. */
  void entry(UserEvent event, Consumer<Answer> each) {
    if (event instanceof UserEvent.Accepted accepted) {
      List<Copy> copies =
          accepted.copies().stream()
              .filter(copy -> waits(accepted.sequenceNr(), copy))
              .map(copy -> new Copy(copy.device(), copy.size()))
              .toList();
      if (!copies.isEmpty()) {
        each.accept(
            new WaitingEntry(
                then.user(),
                accepted.sequenceNr(),
                Moment.of(accepted.time()),
                accepted.fromUser(),
                accepted.fromDevice(),
                copies));
      }
    }
  }

  private boolean waits(long sequenceNr, StoredCopy copy) {
    DeviceState device = then.devices().get(copy.device());
    return device != null && device.cursor().point().sequenceNr() < sequenceNr;
  }
}

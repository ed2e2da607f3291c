package chat.sotto.audit;

import static chat.sotto.audit.Inquiry.hex;

import chat.sotto.journal.EventRow;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.user.StoredCopy;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whether what a user's devices acknowledged was there, with that hash, and whether they signed it.
 * Only points that moved a cursor are looked up: the server looks at no others, so they are the
 * device's word alone.
 */
final class Acknowledgements {
  /** More than a device may leave unacknowledged; older events are read again. */
  private static final int REMEMBERED = 1 << 10;

  private final Inquiry inquiry;
  private final UserName user;
  private final Signatures.Batch signatures;
  private final Place[] recent = new Place[REMEMBERED];

  /**
   * What an event of the inbox leads up to, for everybody or for one device.
   *
   * @param uncopied bytes up to there for devices that an entry has no copy for: who sends to the
   *     own user needs none
   */
  private record Place(
      long number, Point point, UserEvent event, Map<DeviceId, Long> uncopied) {
    boolean isFor(DeviceId device) {
      return !(event instanceof UserEvent.DeviceCutOff cutOff) || cutOff.device().equals(device);
    }

    /** Bytes for the device up to there, if the event says so. */
    Optional<Long> total(DeviceId device) {
      return event instanceof UserEvent.Accepted accepted
          ? accepted.copies().stream()
              .filter(copy -> copy.device().equals(device))
              .map(StoredCopy::total)
              .findFirst()
              .or(() -> Optional.ofNullable(uncopied.get(device)))
          : Optional.empty();
    }
  }

  Acknowledgements(Inquiry inquiry, UserName user, Signatures.Batch signatures) {
    this.inquiry = inquiry;
    this.user = user;
    this.signatures = signatures;
  }

  void remember(Replay.Step<UserEvent, UserState> step) {
    place(step.number(), step.event(), uncopied(step))
        .ifPresent(place -> recent[(int) (step.number() % REMEMBERED)] = place);
  }

  private static Map<DeviceId, Long> uncopied(Replay.Step<UserEvent, UserState> step) {
    if (!(step.event() instanceof UserEvent.Accepted accepted)
        || accepted.copies().size() == step.after().devices().size()) {
      return Map.of();
    }
    Map<DeviceId, Long> totals = new HashMap<>();
    step.after().devices().forEach((device, state) -> totals.put(device, state.total()));
    accepted.copies().forEach(copy -> totals.remove(copy.device()));
    return Map.copyOf(totals);
  }

  private Optional<Place> place(
      long number, UserEvent event, Map<DeviceId, Long> uncopied) {
    if (event instanceof UserEvent.Accepted accepted) {
      var point = new Point(accepted.sequenceNr(), accepted.hash());
      return Optional.of(new Place(number, point, accepted, uncopied));
    } else if (event instanceof UserEvent.DeviceCutOff cutOff) {
      return Optional.of(new Place(number, cutOff.head(), cutOff, uncopied));
    } else if (event instanceof UserEvent.Restored restored) {
      Point point = restored.entry(user).point();
      return Optional.of(new Place(number, point, restored, uncopied));
    }
    return Optional.empty();
  }

  void judge(Replay.Step<UserEvent, UserState> step, UserEvent.Acked event) {
    DeviceList list = step.before().account().orElseThrow().deviceList();
    Device device = list.device(event.device()).orElseThrow();
    signatures.add(
        step.number(),
        () -> "device %s over what it acknowledged".formatted(device.id()),
        () ->
            Statements.verifyAck(
                device.signKey(),
                list.serverHost(),
                user,
                device.id(),
                event.items(),
                event.signature()));
    for (LogPoint item : event.items()) {
      if (item.kind().equals(LogPoint.GROUP)) {
        judgeGroup(step, event.device(), item);
      } else {
        event.journalNr().ifPresent(nr -> judgeInbox(step, event, item, nr));
      }
    }
    inquiry.tally().count(Counted.ACKNOWLEDGEMENTS);
  }

  private void judgeInbox(
      Replay.Step<UserEvent, UserState> step, UserEvent.Acked event, LogPoint item, long nr) {
    Optional<Place> place = nr < step.number() ? place(nr) : Optional.empty();
    boolean holds =
        place
            .filter(there -> there.point().equals(item.point()))
            .filter(there -> there.isFor(event.device()))
            .filter(there -> there.total(event.device()).equals(event.total())
                || there.total(event.device()).isEmpty())
            .isPresent();
    if (!holds) {
      acknowledgedNothing(
          step.number(), item, "event %d of this inbox".formatted(nr), place.map(Place::point));
    }
  }

  private Optional<Place> place(long nr) {
    Place known = recent[(int) Math.floorMod(nr, (long) REMEMBERED)];
    return known != null && known.number() == nr ? Optional.of(known) : lookUp(nr);
  }

  private Optional<Place> lookUp(long nr) {
    try {
      return inquiry
          .journal()
          .event(UserState.entity(user), nr)
          .map(EventRow::bytes)
          .flatMap(bytes -> place(nr, UserEvent.CODEC.decode(Bytes.of(bytes)), Map.of()));
    } catch (IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  private void judgeGroup(
      Replay.Step<UserEvent, UserState> step, DeviceId device, LogPoint item) {
    var group = new GroupId(item.owner());
    var cursors = step.before().groups().cursors().get(group);
    boolean isNews =
        cursors != null
            && (cursors.get(device) == null
                || cursors.get(device).sequenceNr() < item.sequenceNr());
    if (isNews) {
      inquiry.progress().acknowledged(group, user, device, item.sequenceNr());
      Optional<Bytes> hash = inquiry.points().hash(group, item.sequenceNr());
      if (!hash.equals(Optional.of(item.hash()))) {
        acknowledgedNothing(
            step.number(),
            item,
            "entry %d of group %s".formatted(item.sequenceNr(), group),
            hash.map(found -> new Point(item.sequenceNr(), found)));
      }
    }
  }

  private void acknowledgedNothing(
      long number, LogPoint item, String where, Optional<Point> there) {
    inquiry
        .findings()
        .add(
            new Finding(
                Finding.Code.ACKNOWLEDGED_NOTHING,
                UserState.entity(user),
                number,
                "%s to be number %d with hash %s"
                    .formatted(where, item.sequenceNr(), hex(item.hash())),
                there
                    .map(at -> "number %d with hash %s".formatted(at.sequenceNr(), hex(at.hash())))
                    .orElse("nothing")));
  }
}

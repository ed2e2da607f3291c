package chat.sotto.group;

import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.Point;
import chat.sotto.model.UserName;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * Which parts of the log are whose, also of those who are gone: of each the newest few. Grows with
 * the people who ever were in the group and their devices, not with its entries.
 *
 * @param starts where each device of the user's newest part begins to have it
 */
public record Stretches(
    PMap<UserName, PVector<Group.Stretch>> byUser, PMap<UserName, PMap<DeviceId, Start>> starts) {
  /** Kept of one user; whoever comes and goes more often does not get the oldest any more. */
  static final int STRETCHES_MAX = 8;

  static final Stretches NONE = new Stretches(HashTreePMap.empty(), HashTreePMap.empty());

  /**
   * A commit that brought a device into the roster.
   *
   * @param point the head that the commit names: the first entry pushed is the next one
   * @param attempt names the roster after the commit; absent for who made the group
   */
  record Start(Point point, Optional<String> attempt) {}

  @JsonCreator
  static Stretches restore(
      @JsonProperty("byUser") Map<UserName, List<Group.Stretch>> byUser,
      @JsonProperty("starts") Map<UserName, Map<DeviceId, Start>> starts) {
    PMap<UserName, PVector<Group.Stretch>> restored = HashTreePMap.empty();
    for (Map.Entry<UserName, List<Group.Stretch>> each : byUser.entrySet()) {
      restored = restored.plus(each.getKey(), TreePVector.from(each.getValue()));
    }
    PMap<UserName, PMap<DeviceId, Start>> restoredStarts = HashTreePMap.empty();
    for (Map.Entry<UserName, Map<DeviceId, Start>> each : starts.entrySet()) {
      restoredStarts = restoredStarts.plus(each.getKey(), HashTreePMap.from(each.getValue()));
    }
    return new Stretches(restored, restoredStarts);
  }

  /** In their order; empty if the user never was in the group. */
  List<Group.Stretch> of(UserName user) {
    return byUser.getOrDefault(user, TreePVector.empty());
  }

  /**
   * As far as they are the device's: one that came into the roster later begins with the commit
   * that brought it. Empty if it is not in the roster, or was not when its user went.
   */
  List<Group.Stretch> of(UserName user, DeviceId device) {
    Start start = devices(user).get(device);
    if (start == null) {
      return List.of();
    }
    Group.Stretch newest = newest(user).orElseThrow();
    return start.point().equals(newest.start())
        ? of(user)
        : List.of(
            new Group.Stretch(start.point(), start.attempt(), newest.confirmedNr(), newest.end()));
  }

  /** Whether an entry there may be the device's, as far as that depends on when it came. */
  public boolean mayHave(UserName user, DeviceId device, long sequenceNr) {
    return of(user, device).stream().anyMatch(one -> one.start().sequenceNr() < sequenceNr);
  }

  /** Those that have the user's newest part of the log, with where each begins to. */
  PMap<DeviceId, Start> devices(UserName user) {
    return starts.getOrDefault(user, HashTreePMap.empty());
  }

  /** The numbers after which they do. */
  public Map<DeviceId, Long> starts(UserName user) {
    return devices(user).entrySet().stream()
        .collect(
            Collectors.toMap(Map.Entry::getKey, each -> each.getValue().point().sequenceNr()));
  }

  /** Whether what comes next is the user's too. */
  boolean isOpen(UserName user) {
    return newest(user).filter(stretch -> stretch.end().isEmpty()).isPresent();
  }

  /** The last entry that was the user's, who is out. */
  long end(UserName user) {
    return newest(user).orElseThrow().end().orElseThrow();
  }

  private Optional<Group.Stretch> newest(UserName user) {
    List<Group.Stretch> all = of(user);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  /** Who is given the ciphertext of a post there: each was a member when it came. */
  public Stream<UserName> readers(long sequenceNr) {
    return byUser.entrySet().stream()
        .filter(each -> each.getValue().stream().anyMatch(one -> one.hasPost(sequenceNr)))
        .map(Map.Entry::getKey);
  }

  /** After an entry that the rules allow. */
  Stretches after(GroupEvent.Signed event) {
    if (event instanceof GroupEvent.Committed committed) {
      Stretches next = this;
      for (GroupOp op : committed.content().ops()) {
        next = next.after(op, committed);
      }
      return next;
    } else if (event instanceof GroupEvent.Confirmed) {
      return replaceNewest(event.user(), old -> confirmed(old, event.sequenceNr()));
    } else if (event.content() instanceof GroupContent.Proposal proposal
        && (proposal.op() instanceof GroupProposal.Leave
            || proposal.op() instanceof GroupProposal.Decline)) {
      return end(event.user(), event.sequenceNr());
    }
    return this;
  }

  /** Nobody is left who could go on: what the invited wait for does not come any more. */
  Stretches endAll(long sequenceNr) {
    Stretches next = this;
    for (UserName user : byUser.keySet()) {
      next = next.end(user, sequenceNr);
    }
    return next;
  }

  private Stretches after(GroupOp op, GroupEvent.Committed event) {
    if (op instanceof GroupOp.Found found) {
      return begin(
          found.deviceList(),
          new Group.Stretch(
              event.content().head(), Optional.empty(), Optional.of(0L), Optional.empty()));
    } else if (op instanceof GroupOp.Invite invite) {
      return begin(
          invite.deviceList(),
          new Group.Stretch(
              event.content().head(),
              Optional.of(event.attempt()),
              Optional.empty(),
              Optional.empty()));
    } else if (op instanceof GroupOp.Devices devices) {
      var start = new Start(event.content().head(), Optional.of(event.attempt()));
      return with(devices.deviceList(), device -> devices(op.user()).getOrDefault(device, start));
    } else if (op instanceof GroupOp.Remove || op instanceof GroupOp.Timeout) {
      return end(op.user(), event.sequenceNr());
    }
    // Who leaves or declines is out from the own proposal on; the commit only says so.
    return this;
  }

  private Stretches begin(DeviceList list, Group.Stretch stretch) {
    UserName user = list.user();
    PVector<Group.Stretch> all = byUser.getOrDefault(user, TreePVector.empty());
    PVector<Group.Stretch> kept = all.size() < STRETCHES_MAX ? all : all.minus(0);
    var start = new Start(stretch.start(), stretch.attempt());
    return new Stretches(byUser.plus(user, kept.plus(stretch)), starts).with(list, id -> start);
  }

  /** The devices are those of the list: who is in no list any more gets nothing. */
  private Stretches with(DeviceList list, Function<DeviceId, Start> startOf) {
    PMap<DeviceId, Start> listed = HashTreePMap.empty();
    for (Device device : list.devices()) {
      listed = listed.plus(device.id(), startOf.apply(device.id()));
    }
    return new Stretches(byUser, starts.plus(list.user(), listed));
  }

  private Stretches end(UserName user, long sequenceNr) {
    return isOpen(user) ? replaceNewest(user, old -> ended(old, sequenceNr)) : this;
  }

  private Stretches replaceNewest(
      UserName user, UnaryOperator<Group.Stretch> change) {
    PVector<Group.Stretch> all = byUser.get(user);
    int last = all.size() - 1;
    PVector<Group.Stretch> changed = all.with(last, change.apply(all.get(last)));
    return new Stretches(byUser.plus(user, changed), starts);
  }

  private static Group.Stretch confirmed(Group.Stretch old, long sequenceNr) {
    return new Group.Stretch(old.start(), old.attempt(), Optional.of(sequenceNr), old.end());
  }

  private static Group.Stretch ended(Group.Stretch old, long sequenceNr) {
    return new Group.Stretch(
        old.start(), old.attempt(), old.confirmedNr(), Optional.of(sequenceNr));
  }
}

package chat.sotto.user;

import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * The groups that a user is in, with what each of its devices acknowledged of their logs. Who
 * belongs to a group is the group's to say: this is where to look for it.
 *
 * @param cursors of the devices that acknowledged something
 */
public record Groups(@JsonValue PMap<GroupId, PMap<DeviceId, Point>> cursors) {
  public static final int GROUPS_MAX = 500;

  static final Groups NONE = new Groups(HashTreePMap.empty());

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Groups restore(Map<GroupId, Map<DeviceId, Point>> cursors) {
    PMap<GroupId, PMap<DeviceId, Point>> restored = HashTreePMap.empty();
    for (Map.Entry<GroupId, Map<DeviceId, Point>> group : cursors.entrySet()) {
      restored = restored.plus(group.getKey(), HashTreePMap.from(group.getValue()));
    }
    return new Groups(restored);
  }

  boolean contains(GroupId group) {
    return cursors.containsKey(group);
  }

  boolean hasRoom() {
    return cursors.size() < GROUPS_MAX;
  }

  Groups join(GroupId group) {
    return new Groups(cursors.plus(group, HashTreePMap.empty()));
  }

  Groups leave(GroupId group) {
    return new Groups(cursors.minus(group));
  }

  /** Without what this device acknowledged, which is the user's no more. */
  Groups without(DeviceId device) {
    PMap<GroupId, PMap<DeviceId, Point>> left = cursors;
    for (GroupId group : cursors.keySet()) {
      left = left.plus(group, cursors.get(group).minus(device));
    }
    return new Groups(left);
  }

  /** The group whose log the point is of; empty if the user is in no such group. */
  Optional<GroupId> groupOf(LogPoint item) {
    return isOfGroup(item)
        ? Optional.of(new GroupId(item.owner())).filter(this::contains)
        : Optional.empty();
  }

  /**
   * Whether the point is of a log that a group, any group, may have. Which generation it lies in is
   * the group's to say: the connection has compared it with what it pushed.
   */
  static boolean isOfGroup(LogPoint item) {
    return item.kind().equals(LogPoint.GROUP) && GroupId.isValid(item.owner());
  }

  /** Whether the device had not acknowledged so much of the group's log. */
  boolean isNews(DeviceId device, LogPoint item) {
    return groupOf(item).filter(group -> cursor(group, device) < item.sequenceNr()).isPresent();
  }

  /** @param item of one of these groups; no step back */
  Groups acknowledge(DeviceId device, LogPoint item) {
    if (!isNews(device, item)) {
      return this;
    }
    var group = new GroupId(item.owner());
    return new Groups(cursors.plus(group, cursors.get(group).plus(device, item.point())));
  }

  /** The last entry that the device acknowledged, 0 for none. */
  long cursor(GroupId group, DeviceId device) {
    return place(group, device).cursor().map(Point::sequenceNr).orElse(0L);
  }

  /** Each group with the last entry that the device acknowledged, 0 for none. */
  Map<GroupId, Long> acknowledgedBy(DeviceId device) {
    return cursors.keySet().stream()
        .collect(Collectors.toMap(group -> group, group -> cursor(group, device)));
  }

  /** The lowest of these devices' cursors. */
  long lowest(GroupId group, Collection<DeviceId> devices) {
    return devices.stream().mapToLong(device -> cursor(group, device)).min().orElse(0);
  }

  Notice.GroupPlace place(GroupId group, DeviceId device) {
    return new Notice.GroupPlace(
        group, Optional.ofNullable(cursors.get(group)).map(known -> known.get(device)));
  }

  List<Notice.GroupPlace> places(DeviceId device) {
    return cursors.keySet().stream().map(group -> place(group, device)).toList();
  }
}

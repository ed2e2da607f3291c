package chat.sotto.audit;

import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How far devices ever came in groups' logs: also those who are gone, whose state does not say so
 * any more. What somebody has acknowledged may have been deleted since.
 */
final class Progress {
  private final Map<GroupId, Map<Reader, Long>> cursors = new ConcurrentHashMap<>();
  private final Set<UserName> unknown = ConcurrentHashMap.newKeySet();
  private final Set<Reader> gone = ConcurrentHashMap.newKeySet();

  private record Reader(UserName user, DeviceId device) {}

  void acknowledged(GroupId group, UserName user, DeviceId device, long sequenceNr) {
    cursors
        .computeIfAbsent(group, none -> new ConcurrentHashMap<>())
        .merge(new Reader(user, device), sequenceNr, Math::max);
  }

  /** Nothing can be said of this user: what it had not acknowledged may be gone. */
  void isUnknown(UserName user) {
    unknown.add(user);
  }

  /** The device was removed: what it had not acknowledged may be gone. */
  void isGone(UserName user, DeviceId device) {
    gone.add(new Reader(user, device));
  }

  /** Whether the device may still ask for the bodies of that entry. */
  boolean mayNeed(GroupId group, UserName user, DeviceId device, long sequenceNr) {
    var reader = new Reader(user, device);
    long cursor = cursors.getOrDefault(group, Map.of()).getOrDefault(reader, 0L);
    return !unknown.contains(user) && !gone.contains(reader) && cursor < sequenceNr;
  }
}

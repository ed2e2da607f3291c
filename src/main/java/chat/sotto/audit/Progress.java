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

  /** Whether the device may still ask for the bodies of that entry. */
  boolean mayNeed(GroupId group, UserName user, DeviceId device, long sequenceNr) {
    long cursor =
        cursors.getOrDefault(group, Map.of()).getOrDefault(new Reader(user, device), 0L);
    return !unknown.contains(user) && cursor < sequenceNr;
  }
}

package chat.sotto.user;

import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells each group how far the user's devices have come, at most once a minute: to its log an
 * acknowledgement is nothing, and a group of many would hear little else. Lost with the entity.
 */
final class ProgressNews {
  static final Duration PERIOD = Duration.ofMinutes(1);

  private final Clock clock;
  private final ProgressListener listener;
  private final Map<GroupId, Told> told = new HashMap<>();

  private record Told(long time, long sequenceNr) {}

  ProgressNews(Clock clock, ProgressListener listener) {
    this.clock = clock;
    this.listener = listener;
  }

  /** @param state after the acknowledgement */
  void onAcked(UserState state, UserEvent.Acked event) {
    List<DeviceId> devices =
        state.account().orElseThrow().deviceList().devices().stream().map(Device::id).toList();
    told.keySet().removeIf(group -> !state.groups().contains(group));
    for (LogPoint item : event.items()) {
      state
          .groups()
          .groupOf(item)
          .ifPresent(group -> tell(state, group, state.groups().lowest(group, devices)));
    }
  }

  private void tell(UserState state, GroupId group, long lowest) {
    long now = clock.millis();
    Told last = told.getOrDefault(group, new Told(Long.MIN_VALUE, 0));
    if (lowest > last.sequenceNr() && now >= last.time() + PERIOD.toMillis()) {
      told.put(group, new Told(now, lowest));
      listener.acknowledged(state.user(), group, lowest);
    }
  }
}

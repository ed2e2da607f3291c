package chat.sotto.user;

import chat.sotto.journal.Decision;
import chat.sotto.journal.Draft;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Collectors;

/** Groups joined and left, and how far the devices are in them. */
final class GroupDecisions {
  private final Clock clock;

  GroupDecisions(Clock clock) {
    this.clock = clock;
  }

  Decision<UserEvent, User.JoinReply> join(UserState state, User.JoinGroup command) {
    if (state.groups().contains(command.group())) {
      return Decision.onlyReply(new User.Done());
    }
    if (!state.groups().hasRoom()) {
      return Decision.onlyReply(new User.TooManyGroups());
    }
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    draft.add(time -> new UserEvent.GroupJoined(time, command.group()));
    return draft.reply(new User.Done());
  }

  Decision<UserEvent, User.DoneReply> leave(UserState state, User.LeaveGroup command) {
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    if (state.groups().contains(command.group())) {
      draft.add(time -> new UserEvent.GroupLeft(time, command.group()));
    }
    return draft.reply(new User.Done());
  }

  static User.ProgressReply progress(UserState state, User.FindProgress command) {
    Map<DeviceId, Long> acknowledged =
        state.account().orElseThrow().deviceList().devices().stream()
            .map(Device::id)
            .collect(
                Collectors.toMap(
                    device -> device, device -> state.groups().cursor(command.group(), device)));
    return new User.GroupProgress(acknowledged);
  }
}

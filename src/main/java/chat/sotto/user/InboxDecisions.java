package chat.sotto.user;

import chat.sotto.journal.Decision;
import chat.sotto.journal.Draft;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Point;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Entries accepted. */
final class InboxDecisions {
  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  private final Clock clock;
  private final UserLimits limits;

  InboxDecisions(Clock clock, UserLimits limits) {
    this.clock = clock;
    this.limits = limits;
  }

  Decision<UserEvent, User.AcceptReply> accept(UserState state, User.Accept command) {
    Sender sender = state.inbox().sender(command.from());
    // A repeat is answered first, whatever has changed since: it was accepted.
    Optional<Receipt> earlier = sender.receipt(command.n());
    if (earlier.isPresent()) {
      return Decision.onlyReply(new User.Already(earlier.get()));
    }
    if (command.n() != sender.expected()) {
      return Decision.onlyReply(new User.OutOfOrder(sender.expected()));
    }
    boolean isOwn = command.fromUser().equals(state.user());
    if (!isOwn
        && !command.answered()
        && state.inbox().sentBy(command.fromUser()) >= limits.unansweredMax()) {
      return Decision.onlyReply(new User.Unanswered(limits.unansweredMax()));
    }
    DeviceList list = state.account().orElseThrow().deviceList();
    Set<DeviceId> recipients = state.recipients(command.from());
    if (isOwn && list.device(command.fromDevice()).isPresent() && recipients.isEmpty()) {
      return Decision.onlyReply(new User.NobodyElse());
    }
    if (isOwn && recipients.size() == list.devices().size()
        || !state.isForDevices(command.deviceListVersion(), recipients, command.copies())) {
      return Decision.onlyReply(new User.DevicesChanged(list));
    }
    List<DeviceId> beyond = state.beyond(command.copies(), limits);
    // The device that sends to its own user's others is one that is within its limits.
    return beyond.size() == list.devices().size()
        ? Decision.onlyReply(new User.InboxFull())
        : accept(state, command, beyond);
  }

  static User.HeardReply heard(UserState state, User.FindHeard command) {
    return new User.Heard(state.inbox().heardFrom().contains(command.from()));
  }

  private Decision<UserEvent, User.AcceptReply> accept(
      UserState state, User.Accept command, List<DeviceId> beyond) {
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    Point head = state.inbox().head();
    beyond.forEach(
        device -> draft.add(time -> new UserEvent.DeviceCutOff(time, device, head)));
    draft.add(
        time ->
            draft
                .state()
                .next(
                    time,
                    command.from(),
                    command.n(),
                    command.messageId(),
                    command.copies(),
                    command.expiresAt()));
    Receipt receipt = draft.state().inbox().sender(command.from()).newest();
    forgetSilentSenders(state.time(), draft);
    return draft.reply(new User.AcceptedReply(receipt));
  }

  /** With a day's first entry, so that the state does not grow with all who ever wrote. */
  private void forgetSilentSenders(long lastTime, Draft<UserEvent, UserState> draft) {
    long before = draft.now() - limits.ageMax().toMillis();
    boolean isNewDay = draft.now() / DAY_MILLIS > lastTime / DAY_MILLIS;
    if (isNewDay && draft.state().inbox().hasSilentSince(before)) {
      draft.add(time -> new UserEvent.SendersForgotten(time, before));
    }
  }
}

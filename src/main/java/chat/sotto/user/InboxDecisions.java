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

  Decision<UserEvent, User.AcceptReplies> accept(UserState state, User.Accept command) {
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    return draft.reply(
        new User.AcceptReplies(
            command.messages().stream().map(sent -> accept(draft, sent)).toList()));
  }

  private User.AcceptReply accept(Draft<UserEvent, UserState> draft, Sent sent) {
    UserState state = draft.state();
    Sender sender = state.inbox().sender(sent.from());
    // A repeat is answered first, whatever has changed since: it was accepted.
    Optional<Receipt> earlier = sender.receipt(sent.n());
    if (earlier.isPresent()) {
      return new User.Already(earlier.get());
    }
    if (sent.n() != sender.expected()) {
      return new User.OutOfOrder(sender.expected());
    }
    boolean isOwn = sent.fromUser().equals(state.user());
    if (!isOwn
        && !sent.answered()
        && state.inbox().sentBy(sent.fromUser()) >= limits.unansweredMax()) {
      return new User.Unanswered(limits.unansweredMax());
    }
    DeviceList list = state.account().orElseThrow().deviceList();
    Set<DeviceId> recipients = state.recipients(sent.from());
    if (isOwn && list.device(sent.fromDevice()).isPresent() && recipients.isEmpty()) {
      return new User.NobodyElse();
    }
    if (isOwn && recipients.size() == list.devices().size()
        || !state.isForDevices(sent.deviceListVersion(), recipients, sent.copies())) {
      return new User.DevicesChanged(list);
    }
    List<DeviceId> beyond = state.beyond(sent.copies(), limits);
    // The device that sends to its own user's others is one that is within its limits.
    return beyond.size() == list.devices().size()
        ? new User.InboxFull()
        : accept(draft, sent, beyond);
  }

  static User.HeardReply heard(UserState state, User.FindHeard command) {
    return new User.Heard(state.inbox().heardFrom().contains(command.from()));
  }

  private User.AcceptReply accept(
      Draft<UserEvent, UserState> draft, Sent sent, List<DeviceId> beyond) {
    long lastTime = draft.state().time();
    Point head = draft.state().inbox().head();
    beyond.forEach(
        device -> draft.add(time -> new UserEvent.DeviceCutOff(time, device, head)));
    draft.add(
        time ->
            draft
                .state()
                .next(
                    time,
                    sent.from(),
                    sent.n(),
                    sent.messageId(),
                    sent.copies(),
                    sent.expiresAt()));
    Receipt receipt = draft.state().inbox().sender(sent.from()).newest();
    forgetSilentSenders(lastTime, draft);
    return new User.AcceptedReply(receipt);
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

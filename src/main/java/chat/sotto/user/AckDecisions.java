package chat.sotto.user;

import chat.sotto.journal.Decision;
import chat.sotto.journal.Draft;
import chat.sotto.model.LogPoint;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Acknowledged: points of the inbox and of groups in one signed statement, all of them or none. */
final class AckDecisions {
  private final Clock clock;

  AckDecisions(Clock clock) {
    this.clock = clock;
  }

  Decision<UserEvent, User.AckReply> acknowledge(UserState state, User.Acknowledge command) {
    Optional<DeviceState> device = state.device(command.device());
    if (device.isEmpty()) {
      return Decision.onlyReply(new User.UnknownDevice());
    }
    if (!canBeOwnLogs(state, command.items())) {
      return Decision.onlyReply(new User.AckRefused());
    }
    Optional<LogPoint> inboxNews =
        command.items().stream()
            .filter(state::isOfInbox)
            .filter(item -> !device.get().hasAcknowledged(item.sequenceNr()))
            .findFirst();
    Optional<Position> place =
        inboxNews.flatMap(
            item ->
                command
                    .inbox()
                    .map(at -> new Position(item.point(), at.journalNr(), at.total()))
                    .filter(at -> state.canAcknowledge(device.get(), at)));
    if (inboxNews.isPresent() && place.isEmpty()) {
      return Decision.onlyReply(new User.AckRefused());
    }
    Position cursor = place.orElse(device.get().cursor());
    return inboxNews.isPresent() || state.hasGroupNews(command.device(), command.items())
        ? acknowledged(state, command, place).reply(new User.Acknowledged(cursor))
        : Decision.onlyReply(new User.Acknowledged(cursor));
  }

  private static boolean canBeOwnLogs(UserState state, List<LogPoint> items) {
    Set<List<String>> logs = new HashSet<>();
    return !items.isEmpty()
        && items.stream()
            .allMatch(
                item ->
                    state.canBeOwnLog(item) && logs.add(List.of(item.kind(), item.owner())));
  }

  private Draft<UserEvent, UserState> acknowledged(
      UserState state, User.Acknowledge command, Optional<Position> place) {
    var draft = new Draft<>(UserEvent.CODEC, state, clock);
    draft.add(
        time ->
            new UserEvent.Acked(
                time,
                command.device(),
                command.items(),
                command.signature(),
                command.deliveredAt(),
                place.map(Position::journalNr),
                place.map(Position::total)));
    return draft;
  }
}

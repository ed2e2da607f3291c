package chat.sotto.user;

import static chat.sotto.user.UserState.require;

import chat.sotto.model.LogPoint;
import java.util.Optional;

/** What follows from an acknowledgement, of the inbox and of groups. Pure. */
final class Acknowledging {
  private Acknowledging() {}

  /** @throws IllegalStateException if it cannot have happened */
  static UserState after(UserState before, UserEvent.Acked event) {
    require(
        !event.items().isEmpty() && event.items().stream().allMatch(before::canBeOwnLog),
        "what is acknowledged is not the user's");
    Groups acknowledged = before.groups();
    for (LogPoint item : event.items()) {
      acknowledged = acknowledged.acknowledge(event.device(), item);
    }
    Optional<LogPoint> inboxItem =
        event.items().stream().filter(before::isOfInbox).findFirst();
    Optional<Position> place =
        event
            .journalNr()
            .flatMap(
                nr ->
                    inboxItem.map(
                        item -> new Position(item.point(), nr, event.total().orElseThrow())));
    require(
        place.isPresent() == event.journalNr().isPresent(),
        "nothing of this inbox is acknowledged");
    require(
        place.isPresent() || before.hasGroupNews(event.device(), event.items()),
        "nothing new is acknowledged");
    return before
        .with(acknowledged)
        .with(
            event.device(),
            device -> after(before, device, inboxItem, place).seenAt(event.time()));
  }

  private static DeviceState after(
      UserState before,
      DeviceState device,
      Optional<LogPoint> inboxItem,
      Optional<Position> place) {
    if (place.isEmpty()) {
      require(
          inboxItem.map(item -> device.hasAcknowledged(item.sequenceNr())).orElse(true),
          "the acknowledgement does not say where the entry is");
      return device;
    }
    require(
        !device.hasAcknowledged(place.get().point().sequenceNr()),
        "nothing new of the inbox is acknowledged");
    require(
        before.canAcknowledge(device, place.get()), "the acknowledgement is out of place");
    return device.acknowledged(place.get());
  }
}

package chat.sotto.audit;

import chat.sotto.journal.EventRow;
import chat.sotto.journal.JournalFile;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.UserName;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The device lists that accounts ever had, looked up where they were registered and changed, and
 * kept from then on.
 */
final class Accounts {
  /** Stands in every event that brings a list, and in few others. */
  private static final String MARK = "\"deviceList\":";

  /** Times of two entities may differ by this though one event came before the other. */
  private static final long SLACK_MILLIS = Duration.ofMinutes(1).toMillis();

  private final JournalFile journal;
  private final Map<UserName, List<Since>> lists = new ConcurrentHashMap<>();

  Accounts(JournalFile journal) {
    this.journal = journal;
  }

  /** A list, and when it became the account's. */
  private record Since(long time, DeviceList list) {
    boolean has(DeviceId device) {
      return list.device(device).isPresent();
    }
  }

  /** The newest one. */
  Optional<DeviceList> list(UserName user) {
    List<Since> all = lists(user);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1).list());
  }

  /** Whether this was the list of its account at any time. */
  boolean know(DeviceList list) {
    return lists(list.user()).stream().anyMatch(one -> one.list().equals(list));
  }

  /**
   * Whether the device was the user's at that time, by the clock of another entity's event. What
   * came before the account's first list is left to others.
   */
  boolean haveDevice(UserName user, DeviceId device, long time) {
    List<Since> all = lists(user);
    for (int i = 0; i < all.size(); i++) {
      long from = i == 0 ? Long.MIN_VALUE : all.get(i).time() - SLACK_MILLIS;
      long to = i == all.size() - 1 ? Long.MAX_VALUE : all.get(i + 1).time() + SLACK_MILLIS;
      if (all.get(i).has(device) && from <= time && time <= to) {
        return true;
      }
    }
    return false;
  }

  private List<Since> lists(UserName user) {
    List<Since> known = lists.get(user);
    if (known == null) {
      known = lookUp(user);
      lists.put(user, known);
    }
    return known;
  }

  private List<Since> lookUp(UserName user) {
    return journal.eventsWith(UserState.entity(user), MARK).stream()
        .flatMap(Accounts::since)
        .toList();
  }

  private static Stream<Since> since(EventRow row) {
    try {
      UserEvent event = UserEvent.CODEC.decode(Bytes.of(row.bytes()));
      return brought(event).map(list -> new Since(event.time(), list)).stream();
    } catch (RuntimeException | StackOverflowError unreadable) {
      // Its own entity's replay says what is wrong with it.
      return Stream.empty();
    }
  }

  /** The list that is the account's after an event that brings one. */
  static Optional<DeviceList> brought(UserEvent event) {
    if (event instanceof UserEvent.Registered registered) {
      return Optional.of(registered.deviceList());
    }
    return event instanceof UserEvent.AccountChanged changed
        ? changed.deviceList()
        : Optional.empty();
  }
}

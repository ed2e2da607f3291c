package chat.sotto.audit;

import chat.sotto.journal.JournalFile;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.UserName;
import chat.sotto.user.UserEvent;
import chat.sotto.user.UserState;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The device lists of accounts, looked up where they were registered and kept from then on. */
final class Accounts {
  private final JournalFile journal;
  private final Map<UserName, DeviceList> lists = new ConcurrentHashMap<>();

  Accounts(JournalFile journal) {
    this.journal = journal;
  }

  Optional<DeviceList> list(UserName user) {
    DeviceList known = lists.get(user);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<DeviceList> found = lookUp(user);
    found.ifPresent(list -> lists.put(user, list));
    return found;
  }

  private Optional<DeviceList> lookUp(UserName user) {
    try {
      return journal
          .event(UserState.entity(user), 1)
          .map(row -> UserEvent.CODEC.decode(Bytes.of(row.bytes())))
          .filter(UserEvent.Registered.class::isInstance)
          .map(event -> ((UserEvent.Registered) event).deviceList());
    } catch (RuntimeException unreadable) {
      // Its own entity's replay says what is wrong with it.
      return Optional.empty();
    }
  }
}

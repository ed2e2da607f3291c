package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.UserName;
import java.util.List;
import java.util.Optional;

/** The lines of conversations, in the order in which this device came to know them. */
final class History {
  private static final Table<Message> MESSAGES = new Table<>("message", Message.class);

  /**
   * Where a message stands, by who wrote it and its id: a repeated one is known by this for ever.
   */
  private static final Table<Place> PLACES = new Table<>("message-place", Place.class);

  private final Rows rows;

  /** To which devices a message of mine was first encrypted: only they can ask for it again. */
  private static final Table<FirstSentTo> FIRST_SENT_TO =
      new Table<>("message-first-sent-to", FirstSentTo.class);

  /** Every message id that a device's message was opened under, for ever. */
  private static final Table<Opened> OPENED = new Table<>("message-opened", Opened.class);

  private record Place(long ordinal) {}

  private record FirstSentTo(Bytes accountKey, List<DeviceId> devices) {}

  private record Opened() {}

  History(Rows rows) {
    this.rows = rows;
  }

  Optional<Message> find(UserName with, boolean mine, Bytes id) {
    return rows.get(PLACES, placeKey(with, mine, id))
        .flatMap(place -> rows.get(MESSAGES, Keys.ordinal(with.value(), place.ordinal)));
  }

  /** Adds the line at the end, or changes it where it stands. */
  void put(Message message) {
    String placeKey = placeKey(message.with(), message.mine(), message.id());
    Place place =
        rows.get(PLACES, placeKey)
            .orElseGet(() -> new Place(Keys.next(rows, "message/" + message.with())));
    rows.put(PLACES, placeKey, place);
    rows.put(MESSAGES, Keys.ordinal(message.with().value(), place.ordinal), message);
  }

  List<Message> all(UserName with) {
    return rows.list(MESSAGES, with + "/").stream().map(Rows.Row::value).toList();
  }

  /** Keeps the first list that a message was encrypted for. */
  void firstSentTo(UserName to, Bytes messageId, DeviceList list) {
    String key = to + "/" + messageId;
    if (rows.get(FIRST_SENT_TO, key).isEmpty()) {
      List<DeviceId> devices = list.devices().stream().map(Device::id).toList();
      rows.put(FIRST_SENT_TO, key, new FirstSentTo(list.accountKey(), devices));
    }
  }

  /**
   * Whether a device may ask for a message again: it was meant for it from the beginning, under the
   * account key that its user still has, and nothing says that it arrived. So neither a new key nor
   * a repeated request can draw out what was said.
   */
  boolean mayAskAgain(UserName user, DeviceId device, Bytes accountKey, Message message) {
    boolean wasMeantForIt =
        rows.get(FIRST_SENT_TO, user + "/" + message.id())
            .filter(first -> first.accountKey.equals(accountKey))
            .filter(first -> first.devices.contains(device))
            .isPresent();
    return wasMeantForIt && message.state() != Message.State.DELIVERED;
  }

  boolean wasOpened(UserName from, DeviceId device, Bytes messageId) {
    return rows.get(OPENED, openedKey(from, device, messageId)).isPresent();
  }

  void opened(UserName from, DeviceId device, Bytes messageId) {
    rows.put(OPENED, openedKey(from, device, messageId), new Opened());
  }

  private static String openedKey(UserName from, DeviceId device, Bytes messageId) {
    return from + "/" + device + "/" + messageId;
  }

  private static String placeKey(UserName with, boolean mine, Bytes id) {
    return with + (mine ? "/mine/" : "/theirs/") + id;
  }
}

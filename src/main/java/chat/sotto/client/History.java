package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import java.util.Comparator;
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

  /** Every message id that a device's message was opened under, for ever. */
  private static final Table<Opened> OPENED = new Table<>("message-opened", Opened.class);

  /** Texts of mine that the server took and for which no receipt has come. */
  private static final Table<Accepted> ACCEPTED =
      new Table<>("message-accepted", Accepted.class);

  private record Place(long ordinal) {}

  private record Opened() {}

  private record Accepted(UserName to, Bytes id, long time) {}

  History(Rows rows) {
    this.rows = rows;
  }

  Optional<Message> find(UserName with, boolean mine, Bytes id) {
    return rows.get(PLACES, placeKey(with, mine, id))
        .flatMap(place -> rows.get(MESSAGES, Keys.ordinal(with.value(), place.ordinal)));
  }

  /** Whether this is a text of the other person that could be read. */
  boolean hasTextOf(UserName with, Bytes id) {
    return find(with, false, id)
        .filter(message -> message.state() == Message.State.RECEIVED)
        .isPresent();
  }

  /** The place of a line, whoever wrote it. */
  Optional<Long> ordinal(UserName with, Bytes id) {
    return rows.get(PLACES, placeKey(with, false, id))
        .or(() -> rows.get(PLACES, placeKey(with, true, id)))
        .map(Place::ordinal);
  }

  /** Adds the line at the end, or changes it where it stands. */
  void put(Message message) {
    String placeKey = placeKey(message.with(), message.mine(), message.id());
    Place place =
        rows.get(PLACES, placeKey)
            .orElseGet(() -> new Place(Keys.next(rows, "message/" + message.with())));
    rows.put(PLACES, placeKey, place);
    rows.put(MESSAGES, Keys.ordinal(message.with().value(), place.ordinal), message);
    if (message.state() == Message.State.DELIVERED) {
      rows.delete(ACCEPTED, placeKey);
    }
  }

  /** The server took a line of mine, at that time by its clock. */
  void accepted(Message mine, long time) {
    String key = placeKey(mine.with(), true, mine.id());
    rows.put(ACCEPTED, key, new Accepted(mine.with(), mine.id(), time));
  }

  /** Lines of mine that the server took since then, in that order, and nobody has confirmed. */
  List<Message> unconfirmedSince(long time) {
    return rows.list(ACCEPTED, "").stream()
        .map(Rows.Row::value)
        .filter(accepted -> accepted.time >= time)
        .sorted(Comparator.comparingLong(Accepted::time))
        .flatMap(accepted -> find(accepted.to, true, accepted.id).stream())
        .toList();
  }

  List<Message> all(UserName with) {
    return rows.list(MESSAGES, with + "/").stream().map(Rows.Row::value).toList();
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

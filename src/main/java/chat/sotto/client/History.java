package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

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

  /** Changes by their ids; what they said is kept until it was confirmed. They are no lines. */
  private static final Table<Message> HIDDEN = new Table<>("message-change", Message.class);

  /** What changed a message, by the message. */
  private static final Table<Changes> CHANGES = new Table<>("message-changes", Changes.class);

  private record Place(long ordinal) {}

  private record Opened() {}

  private record Accepted(UserName to, Bytes id, long time) {}

  History(Rows rows) {
    this.rows = rows;
  }

  /** A line, or a change. */
  Optional<Message> find(UserName with, boolean mine, Bytes id) {
    return line(with, mine, id).or(() -> rows.get(HIDDEN, placeKey(with, mine, id)));
  }

  Optional<Message> line(UserName with, boolean mine, Bytes id) {
    return rows.get(PLACES, placeKey(with, mine, id))
        .flatMap(place -> rows.get(MESSAGES, Keys.ordinal(with.value(), place.ordinal)));
  }

  /** Whether this is a text or file of the other person that could be read. */
  boolean hasTextOf(UserName with, Bytes id) {
    return line(with, false, id)
        .filter(message -> message.state() == Message.State.RECEIVED)
        .isPresent();
  }

  /** The place of a line, whoever wrote it. */
  Optional<Long> ordinal(UserName with, Bytes id) {
    return rows.get(PLACES, placeKey(with, false, id))
        .or(() -> rows.get(PLACES, placeKey(with, true, id)))
        .map(Place::ordinal);
  }

  /** Adds the line at the end, or changes it where it stands; or a change that is known. */
  void put(Message message) {
    String key = placeKey(message.with(), message.mine(), message.id());
    boolean isDelivered = message.state() == Message.State.DELIVERED;
    if (isHidden(message)) {
      rows.put(HIDDEN, key, isDelivered ? message.erased() : message);
    } else {
      putLine(key, changes(key).deleted() ? erased(message) : message);
    }
    if (isDelivered) {
      rows.delete(ACCEPTED, key);
    }
  }

  /** What could not be opened is not asked for any more either. */
  private static Message erased(Message deleted) {
    return deleted.state() == Message.State.CANNOT_OPEN
        ? deleted.as(Message.State.RECEIVED).erased()
        : deleted.erased();
  }

  private void putLine(String key, Message message) {
    Place place =
        rows.get(PLACES, key)
            .orElseGet(() -> new Place(Keys.next(rows, "message/" + message.with())));
    rows.put(PLACES, key, place);
    rows.put(MESSAGES, Keys.ordinal(message.with().value(), place.ordinal), message);
  }

  /** Whether it was here and has disappeared: its place alone is kept. */
  boolean isGone(UserName with, boolean mine, Bytes id) {
    return rows.get(PLACES, placeKey(with, mine, id)).isPresent() && line(with, mine, id).isEmpty();
  }

  /**
   * Erases a line, and what changed it. One that was deleted stays as such.
   *
   * @return ids of this user's messages that would have said something of it; empty if it stays
   */
  List<Bytes> vanish(UserName with, boolean mine, Bytes id) {
    String key = placeKey(with, mine, id);
    if (line(with, mine, id).isEmpty() || changes(key).deleted()) {
      return List.of();
    }
    long ordinal = rows.get(PLACES, key).orElseThrow().ordinal;
    rows.delete(MESSAGES, Keys.ordinal(with.value(), ordinal));
    rows.delete(CHANGES, key);
    rows.delete(ACCEPTED, key);
    var ids = new ArrayList<Bytes>(List.of(id));
    rows.list(HIDDEN, with + "/mine/").stream()
        .map(Rows.Row::value)
        .filter(sent -> isChangeOf(sent, with, mine, id))
        .forEach(
            sent -> {
              put(sent.erased());
              ids.add(sent.id());
            });
    return ids;
  }

  private static boolean isChangeOf(Message sent, UserName with, boolean mine, Bytes id) {
    Optional<Content> said = sent.said();
    if (said.isPresent() && said.get() instanceof Content.Reaction reaction) {
      boolean isTheirs = reaction.to().from().equals(with);
      return reaction.to().message().equals(id) && isTheirs != mine;
    }
    return mine && isEditOf(sent, id);
  }

  /** Whether this is a change, which stands in no conversation. */
  boolean isHidden(Message message) {
    return rows.get(HIDDEN, placeKey(message.with(), message.mine(), message.id())).isPresent();
  }

  /**
   * A change takes its effect, now or when the message that it names comes.
   *
   * @param brought the message that brings it
   * @return the line that looks different now
   */
  Optional<ShownMessage> change(UserName self, Message brought, Content.Change change) {
    UserName with = brought.with();
    String key = placeKey(with, brought.mine(), brought.id());
    // What others said is nothing that this device will have to send again.
    rows.put(HIDDEN, key, brought.mine() ? brought : brought.erased());
    UserName by = brought.mine() ? self : with;
    if (change instanceof Content.Timer) {
      return Optional.empty();
    } else if (change instanceof Content.Reaction reaction) {
      boolean isMine = reaction.to().from().equals(self);
      boolean isTheirs = reaction.to().from().equals(with);
      return isMine || isTheirs
          ? change(
              with,
              isMine,
              reaction.to().message(),
              known -> known.with(by, brought.id(), reaction))
          : Optional.empty();
    } else if (change instanceof Content.Edit edit) {
      return change(
          with, brought.mine(), edit.message(), known -> known.with(brought.id(), edit));
    }
    return delete(with, brought.mine(), ((Content.Delete) change).message());
  }

  /**
   * What could not be opened was no line, or is nothing any more.
   *
   * @return whether there was one
   */
  boolean dropUnopened(UserName with, Bytes id) {
    boolean isThere =
        line(with, false, id)
            .filter(line -> line.state() == Message.State.CANNOT_OPEN)
            .isPresent();
    if (isThere) {
      String key = placeKey(with, false, id);
      long ordinal = rows.get(PLACES, key).orElseThrow().ordinal;
      rows.delete(PLACES, key);
      rows.delete(MESSAGES, Keys.ordinal(with.value(), ordinal));
    }
    return isThere;
  }

  /** Nothing of the conversation is left. */
  void erase(UserName with) {
    for (Table<?> table : List.of(MESSAGES, PLACES, HIDDEN, CHANGES)) {
      rows.list(table, with + "/").forEach(row -> rows.delete(table, row.key()));
    }
  }

  /** Whether what this user said is deleted or replaced, so that nobody need hear it any more. */
  boolean isVoid(UserName with, Bytes id) {
    Optional<Message> mine = find(with, true, id);
    Optional<Content> said = mine.flatMap(Message::said);
    if (said.isEmpty()) {
      return mine.isPresent();
    }
    if (said.get() instanceof Content.Timer) {
      return !new Timers(rows).counts(Timers.with(with), id);
    }
    return said.get() instanceof Content.Edit edit
        && changes(with, true, edit.message())
            .edit()
            .filter(counts -> counts.id().equals(id))
            .isEmpty();
  }

  private Optional<ShownMessage> delete(UserName with, boolean mine, Bytes id) {
    Optional<ShownMessage> shown = change(with, mine, id, Changes::withDelete);
    line(with, mine, id).ifPresent(this::put);
    if (mine) {
      rows.list(HIDDEN, with + "/mine/").stream()
          .map(Rows.Row::value)
          .filter(sent -> isEditOf(sent, id))
          .forEach(sent -> put(sent.erased()));
    }
    return shown;
  }

  private static boolean isEditOf(Message sent, Bytes id) {
    return sent.said()
        .filter(said -> said instanceof Content.Edit edit && edit.message().equals(id))
        .isPresent();
  }

  private Optional<ShownMessage> change(
      UserName with, boolean mine, Bytes id, UnaryOperator<Changes> change) {
    if (isGone(with, mine, id)) {
      return Optional.empty();
    }
    String key = placeKey(with, mine, id);
    Changes before = changes(key);
    Changes after = change.apply(before);
    if (after.equals(before)) {
      return Optional.empty();
    }
    rows.put(CHANGES, key, after);
    return line(with, mine, id).map(line -> ShownMessage.of(line, after));
  }

  /** What changed a message until now. */
  Changes changes(UserName with, boolean mine, Bytes id) {
    return changes(placeKey(with, mine, id));
  }

  private Changes changes(String key) {
    return rows.get(CHANGES, key).orElse(Changes.NONE);
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

  /** Lines as they are shown. */
  List<ShownMessage> shown(UserName with) {
    return all(with).stream().map(this::shown).toList();
  }

  ShownMessage shown(Message line) {
    return ShownMessage.of(line, changes(line.with(), line.mine(), line.id()));
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

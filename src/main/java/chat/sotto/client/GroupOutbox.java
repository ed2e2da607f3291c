package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What waits to be done in groups, in the order in which it was asked for: who removes somebody
 * and then writes must not be read by them. At most one entry of a group is on its way.
 */
final class GroupOutbox {
  /** Beyond this, writing to one group is refused. */
  static final int ITEMS_MAX = 10_000;

  private static final Table<Item> ITEMS = new Table<>("group-outbox", Item.class);
  private static final Table<GroupFlight> FLIGHTS =
      new Table<>("group-flight", GroupFlight.class);

  private final Rows rows;

  /**
   * @param messageId of a post; of another wish what it is known by here
   * @param at when it was asked for, milliseconds since 1970
   * @param attempts how often the log had moved on meanwhile
   */
  record Item(Bytes messageId, GroupWish wish, long at, int attempts) {
    private Item triedAgain() {
      return new Item(messageId, wish, at, attempts + 1);
    }
  }

  GroupOutbox(Rows rows) {
    this.rows = rows;
  }

  /** @throws StoreException if too much waits */
  void add(GroupId group, Bytes messageId, GroupWish wish, long now) {
    if (items(group).size() >= ITEMS_MAX) {
      throw new StoreException("too much waits to be sent to the group");
    }
    addAgain(group, messageId, wish, now);
  }

  /** What was written, and a restored server does not know of. */
  void addAgain(GroupId group, Bytes messageId, GroupWish wish, long at) {
    String key = Keys.ordinal(group.value(), Keys.next(rows, "group-outbox/" + group));
    rows.put(ITEMS, key, new Item(messageId, wish, at, 0));
  }

  /** Whether the user is in the group at all, which such a server does not know of either. */
  void addFirst(GroupId group, Bytes id, GroupWish wish, long at) {
    rows.put(ITEMS, Keys.ordinal(group.value(), 0), new Item(id, wish, at, 0));
  }

  /** Groups in which something waits, or is on its way. */
  Set<GroupId> groups() {
    var groups = new TreeSet<GroupId>();
    rows.list(ITEMS, "")
        .forEach(row -> groups.add(new GroupId(row.key().substring(0, row.key().indexOf('/')))));
    rows.list(FLIGHTS, "").forEach(row -> groups.add(new GroupId(row.key())));
    return groups;
  }

  List<Item> items(GroupId group) {
    return rows.list(ITEMS, group + "/").stream().map(Rows.Row::value).toList();
  }

  Optional<Rows.Row<Item>> first(GroupId group) {
    return rows.list(ITEMS, group + "/", "", 1).stream().findFirst();
  }

  Optional<Item> find(String key) {
    return rows.get(ITEMS, key);
  }

  void delete(String key) {
    rows.delete(ITEMS, key);
  }

  /** @return how often it was tried before */
  int tryAgain(String key) {
    Optional<Item> item = rows.get(ITEMS, key);
    item.ifPresent(now -> rows.put(ITEMS, key, now.triedAgain()));
    return item.map(Item::attempts).orElse(0);
  }

  Optional<GroupFlight> flight(GroupId group) {
    return rows.get(FLIGHTS, group.value());
  }

  void put(GroupId group, GroupFlight flight) {
    rows.put(FLIGHTS, group.value(), flight);
  }

  /** The log took it, or never will. */
  void land(GroupId group) {
    rows.delete(FLIGHTS, group.value());
  }

  /**
   * An entry of this device stands in the log.
   *
   * @return the wish that it fulfils
   */
  Optional<Item> landed(GroupId group, Bytes messageId) {
    Optional<GroupFlight> flight =
        flight(group).filter(own -> own.messageId().equals(messageId));
    flight.ifPresent(own -> land(group));
    Optional<String> key =
        flight
            .flatMap(GroupFlight::itemKey)
            .or(() -> keyOf(group, messageId));
    Optional<Item> item = key.flatMap(this::find);
    key.ifPresent(this::delete);
    return item;
  }

  private Optional<String> keyOf(GroupId group, Bytes messageId) {
    return rows.list(ITEMS, group + "/").stream()
        .filter(row -> row.value().messageId.equals(messageId))
        .map(Rows.Row::key)
        .findFirst();
  }
}

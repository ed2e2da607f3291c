package chat.sotto.client;

import chat.sotto.model.GroupId;
import java.util.List;

/** Groups of this user in which this device is not yet (docs/protocol.md §9.8). */
final class GroupAwaited {
  private static final Table<Waiting> WAITING = new Table<>("group-awaited", Waiting.class);

  private final Rows rows;

  private record Waiting(GroupId group) {}

  GroupAwaited(Rows rows) {
    this.rows = rows;
  }

  /** @return whether this is news */
  boolean add(GroupId group) {
    boolean isNews = rows.get(WAITING, group.value()).isEmpty();
    rows.put(WAITING, group.value(), new Waiting(group));
    return isNews;
  }

  /** An entry of its log was taken. */
  void remove(GroupId group) {
    rows.delete(WAITING, group.value());
  }

  List<GroupId> all() {
    return rows.list(WAITING, "").stream().map(row -> row.value().group).toList();
  }
}

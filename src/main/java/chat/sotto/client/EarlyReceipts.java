package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;

/**
 * Receipts for what another device of this user wrote, which were here before the own copy of it
 * (docs/protocol.md §7.5): that leaves only when the other person's inbox has the message.
 */
final class EarlyReceipts {
  /** Of one person; beyond it the oldest goes, so that made-up ones fill nothing. */
  static final int KEPT_MAX = 1_000;

  private static final Table<Kept> KEPT = new Table<>("early-receipt", Kept.class);

  private final Rows rows;

  private record Kept(Bytes messageId) {}

  EarlyReceipts(Rows rows) {
    this.rows = rows;
  }

  void keep(UserName from, Bytes messageId) {
    var kept = rows.list(KEPT, from + "/");
    boolean isNew = kept.stream().noneMatch(row -> row.value().messageId.equals(messageId));
    if (isNew) {
      kept.stream()
          .limit(Math.max(0, kept.size() + 1 - KEPT_MAX))
          .forEach(row -> rows.delete(KEPT, row.key()));
      long place = Keys.next(rows, "early-receipt/" + from);
      rows.put(KEPT, Keys.ordinal(from.value(), place), new Kept(messageId));
    }
  }

  /** @return whether there was one */
  boolean take(UserName from, Bytes messageId) {
    var kept =
        rows.list(KEPT, from + "/").stream()
            .filter(row -> row.value().messageId.equals(messageId))
            .findFirst();
    kept.ifPresent(row -> rows.delete(KEPT, row.key()));
    return kept.isPresent();
  }
}

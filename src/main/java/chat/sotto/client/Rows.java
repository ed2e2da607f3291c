package chat.sotto.client;

import java.util.List;
import java.util.Optional;

/**
 * What one transaction sees and changes. Keys are ASCII and sort bytewise; values are records that
 * JSON carries.
 */
public interface Rows {
  <T> Optional<T> get(Table<T> table, String key);

  /** Replaces what was there. */
  <T> void put(Table<T> table, String key, T value);

  /** Nothing happens if there is no such row. */
  void delete(Table<?> table, String key);

  /** Nothing is left of any table. */
  void clear();

  /** @return at most max rows whose keys begin with the prefix and come after a key, in order */
  <T> List<Row<T>> list(Table<T> table, String prefix, String after, int max);

  /** All rows whose keys begin with the prefix, in order. */
  default <T> List<Row<T>> list(Table<T> table, String prefix) {
    return list(table, prefix, "", Integer.MAX_VALUE);
  }

  record Row<T>(String key, T value) {}
}

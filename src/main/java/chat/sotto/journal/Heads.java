package chat.sotto.journal;

import chat.sotto.model.Bytes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the entities end that were written last, so that the next event needs no look at the table.
 * As one connection sees them within its transaction. Right only where no other process writes
 * events.
 */
final class Heads {
  static final int MAX = 4096;

  private final Map<String, Head> byEntity =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Head> eldest) {
          return size() > MAX;
        }
      };

  /**
   * @param entity its number in the database
   * @param nr the highest number that it ever had, 0 if none
   * @param hash of the last event, if there is one
   */
  record Head(long entity, long nr, Optional<Bytes> hash) {}

  Optional<Head> find(String entity) {
    return Optional.ofNullable(byEntity.get(entity));
  }

  /** A row was written. */
  void onAppended(String entity, long id, EventRow last) {
    if (last.isEntry()) {
      byEntity.put(entity, new Head(id, last.nr(), Optional.of(last.hash())));
    } else {
      byEntity.remove(entity);
    }
  }

  void forget(String entity) {
    byEntity.remove(entity);
  }

  /** Something that was written was undone. */
  void forgetAll() {
    byEntity.clear();
  }
}

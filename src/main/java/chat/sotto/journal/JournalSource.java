package chat.sotto.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Reads committed entries of one entity, beside whoever writes. */
public final class JournalSource {
  /** Most entries that one read gives. */
  public static final int ENTRIES_MAX = 1000;

  private final Database database;

  JournalSource(Database database) {
    this.database = database;
  }

  /**
   * Entries in order, those with {@code after < number <= upTo}, at most {@link #ENTRIES_MAX}.
   * Links between them are for the reader to check ({@link HashChain#append}).
   *
   * @return fails with {@link BrokenChainException} if one is not what was written
   */
  public CompletionStage<List<StoredEntry>> read(String entity, long after, long upTo) {
    return database.read(
        tables -> {
          var entries = new ArrayList<StoredEntry>();
          tables.events(
              entity,
              after + 1,
              upTo,
              ENTRIES_MAX,
              row -> entries.add(StoredEntry.of(entity, row)));
          return List.copyOf(entries);
        });
  }
}

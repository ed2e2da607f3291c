package chat.sotto.journal;

import chat.sotto.model.Bytes;

/**
 * One row of the table {@code event}.
 *
 * @param writtenAt milliseconds since 1970
 * @param writer uuid of the entity's incarnation that wrote it
 * @param previousHash and {@code hash}: empty if the event is not a {@link JournalEntry}
 */
public record EventRow(
    long nr,
    long writtenAt,
    String writer,
    int serializer,
    String manifest,
    Bytes previousHash,
    Bytes hash,
    byte[] bytes) {
  /** What a row takes beside its variable parts, for the cap of a batch. */
  private static final int FIXED_BYTES = 200;

  static EventRow of(String entity, long nr, long writtenAt, String writer, JournalEntry entry) {
    return new EventRow(
        nr,
        writtenAt,
        writer,
        JournalEntrySerializer.IDENTIFIER,
        HashChain.LABEL,
        entry.previousHash(),
        HashChain.hash(entity, nr, entry),
        entry.event().toArray());
  }

  public boolean isEntry() {
    return serializer == JournalEntrySerializer.IDENTIFIER;
  }

  /**
   * The entry of this row.
   *
   * @throws BrokenChainException if it is not what was written under this entity and number
   */
  JournalEntry entry(String entity) {
    if (!manifest.equals(HashChain.LABEL) || previousHash.size() != HashChain.HASH_BYTES) {
      throw new BrokenChainException(entity, nr, "is not an entry of this version: " + manifest);
    }
    var entry = new JournalEntry(previousHash, Bytes.of(bytes));
    Bytes derived = HashChain.hash(entity, nr, entry);
    if (!derived.equals(hash)) {
      throw new BrokenChainException(entity, nr, "has hash " + derived + ", stored was " + hash);
    }
    return entry;
  }

  int size() {
    return FIXED_BYTES + bytes.length;
  }
}

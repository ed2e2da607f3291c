package chat.sotto.journal;

import chat.sotto.model.Bytes;

/**
 * An entry as read from the journal, its hash derived anew and found equal to the stored one.
 *
 * @param writtenAt milliseconds since 1970
 * @param hash chain hash after it
 */
public record StoredEntry(long sequenceNr, long writtenAt, JournalEntry entry, Bytes hash) {
  static StoredEntry of(String entity, EventRow row) {
    return new StoredEntry(row.nr(), row.writtenAt(), row.entry(entity), row.hash());
  }
}

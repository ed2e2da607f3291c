package chat.sotto.journal;

import chat.sotto.model.Bytes;

/**
 * What is persisted of an event: its bytes, encoded once, and the chain hash before it.
 *
 * @param previousHash chain hash of the event before, {@link HashChain#START} for the first
 * @param event JSON of {@link EventCodec#encode}, exactly as stored and hashed
 */
public record JournalEntry(Bytes previousHash, Bytes event) {
  public JournalEntry {
    if (previousHash.size() != HashChain.HASH_BYTES) {
      throw new IllegalArgumentException("a previous hash has 32 bytes");
    }
  }
}

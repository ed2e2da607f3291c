package chat.sotto.journal;

import akka.serialization.SerializerWithStringManifest;
import chat.sotto.model.Bytes;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;

/**
 * Copies a {@link JournalEntry}: previous hash, then the event's bytes. The store keeps the two in
 * columns of their own; this form is for Akka's own checks and test journals.
 */
public final class JournalEntrySerializer extends SerializerWithStringManifest {
  static final int IDENTIFIER = 1001;

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  /** Names the rule of the chain, not the event's type, which is in its JSON. */
  @Override
  public String manifest(Object entry) {
    return HashChain.LABEL;
  }

  @Override
  public byte[] toBinary(Object object) {
    var entry = (JournalEntry) object;
    return ByteBuffer.allocate(HashChain.HASH_BYTES + entry.event().size())
        .put(entry.previousHash().toArray())
        .put(entry.event().toArray())
        .array();
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    if (!manifest.equals(HashChain.LABEL) || bytes.length < HashChain.HASH_BYTES) {
      throw new NotSerializableException("not a journal entry of this version: " + manifest);
    }
    var previousHash = new byte[HashChain.HASH_BYTES];
    var event = new byte[bytes.length - HashChain.HASH_BYTES];
    ByteBuffer.wrap(bytes).get(previousHash).get(event);
    return new JournalEntry(Bytes.of(previousHash), Bytes.of(event));
  }
}

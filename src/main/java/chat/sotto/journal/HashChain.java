package chat.sotto.journal;

import chat.sotto.model.Bytes;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * The head of an entity's chain of stored events; immutable. {@code hash_n = SHA-256(enc(LABEL,
 * entity, n, hash_(n-1), bytes_n))} with {@code enc} of docs/protocol.md §1.1, over the stored
 * bytes, so that an auditor checks bytes that it need not trust.
 *
 * @param entity the persistence id
 * @param sequenceNr number of the last event, 0 before the first
 * @param head chain hash after it
 */
public record HashChain(String entity, long sequenceNr, Bytes head) {
  public static final String LABEL = "sotto/v1/journal";
  public static final int HASH_BYTES = 32;

  private static final byte[] LABEL_BYTES = LABEL.getBytes(StandardCharsets.UTF_8);

  /** The hash before the first event: 32 zero bytes. Entity and number are in every hash. */
  public static final Bytes START = Bytes.of(new byte[HASH_BYTES]);

  public static HashChain start(String entity) {
    return new HashChain(entity, 0, START);
  }

  @JsonIgnore
  public boolean isEmpty() {
    return sequenceNr == 0;
  }

  /** The entries for events that are to be persisted together, in their order. */
  public List<JournalEntry> entries(List<Bytes> events) {
    var entries = new ArrayList<JournalEntry>(events.size());
    HashChain chain = this;
    for (Bytes event : events) {
      var entry = new JournalEntry(chain.head, event);
      entries.add(entry);
      chain = chain.append(entry);
    }
    return List.copyOf(entries);
  }

  /**
   * The chain after one more entry.
   *
   * @throws BrokenChainException if the entry does not follow this head
   */
  public HashChain append(JournalEntry entry) {
    long next = sequenceNr + 1;
    if (!entry.previousHash().equals(head)) {
      throw new BrokenChainException(
          entity, next, "follows " + entry.previousHash() + ", expected " + head);
    }
    return new HashChain(entity, next, hash(entity, next, entry));
  }

  /** The chain hash after an entry. */
  public static Bytes hash(String entity, long sequenceNr, JournalEntry entry) {
    MessageDigest digest = sha256();
    item(digest, LABEL_BYTES);
    item(digest, entity.getBytes(StandardCharsets.UTF_8));
    item(digest, ByteBuffer.allocate(Long.BYTES).putLong(sequenceNr).array());
    item(digest, entry.previousHash().toArray());
    item(digest, entry.event().toArray());
    return Bytes.of(digest.digest());
  }

  private static void item(MessageDigest digest, byte[] bytes) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}

package chat.sotto.crypto;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The hash chain of an inbox or a group's log (docs/protocol.md §6, §9.1). Each hash covers all
 * before it: who knows one hash knows when any earlier entry was changed, left out, added or moved.
 */
public final class EntryChain {
  private EntryChain() {}

  /** hash_0 of a log. */
  public static byte[] start(String kind, String owner, long generation) {
    return Hash.of(Labels.LOG, kind, owner, generation);
  }

  /** hash_n. @param to the owner of the inbox, or the group */
  public static byte[] next(
      byte[] previous,
      long sequenceNr,
      long time,
      String entryKind,
      String fromUser,
      String fromDevice,
      String to,
      byte[] messageId,
      byte[] bodyDigest) {
    return Hash.of(
        Labels.ENTRY,
        previous,
        sequenceNr,
        time,
        entryKind,
        fromUser,
        fromDevice,
        to,
        messageId,
        bodyDigest);
  }

  /** @param digests device id to the SHA-256 of its ciphertext, in the order of the ids */
  public static byte[] bodyDigest(SortedMap<String, byte[]> digests) {
    List<Object> items = new ArrayList<>();
    for (Map.Entry<String, byte[]> digest : digests.entrySet()) {
      items.add(digest.getKey());
      items.add(digest.getValue());
    }
    return Hash.of(Labels.BODY, items.toArray());
  }
}

package chat.sotto.model;

import java.util.Optional;

/**
 * One entry of a group's log, all that its chain hash covers (docs/protocol.md §9.1).
 *
 * @param time milliseconds since 1970, rising from entry to entry
 * @param messageId 16 bytes, the client's
 * @param seed the server's, with a commit and nothing else
 * @param hash the chain hash after this entry, 32 bytes
 */
public record GroupEntry(
    long sequenceNr,
    long time,
    UserName fromUser,
    DeviceId fromDevice,
    Bytes messageId,
    GroupContent content,
    Optional<Bytes> seed,
    Bytes hash) {
  public GroupEntry {
    Bounds.atLeast("sequenceNr", sequenceNr, 1);
    Bounds.time("time", time);
    Bounds.size("messageId", messageId, Bounds.MESSAGE_ID_BYTES);
    seed.ifPresent(bytes -> Bounds.size("seed", bytes, Bounds.HASH_BYTES));
    if (seed.isPresent() != content instanceof GroupContent.Commit) {
      throw new IllegalArgumentException("seed must come with a commit, and only with one");
    }
    Bounds.size("hash", hash, Bounds.HASH_BYTES);
  }

  /** The same entry with another chain hash. */
  public GroupEntry with(Bytes chainHash) {
    return new GroupEntry(
        sequenceNr, time, fromUser, fromDevice, messageId, content, seed, chainHash);
  }

  public Point point() {
    return new Point(sequenceNr, hash);
  }
}

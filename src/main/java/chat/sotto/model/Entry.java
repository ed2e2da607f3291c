package chat.sotto.model;

import java.util.List;

/**
 * The header of an inbox entry, all that its chain hash covers (docs/protocol.md §6).
 *
 * @param time milliseconds since 1970, rising from entry to entry
 * @param messageId 16 bytes, the client's
 * @param bodies sorted by device, one each
 * @param hash the chain hash after this entry, 32 bytes
 */
public record Entry(
    long sequenceNr,
    long time,
    String entryKind,
    UserName fromUser,
    DeviceId fromDevice,
    Bytes messageId,
    List<BodyDigest> bodies,
    Bytes hash) {
  public static final String MESSAGE = "message";

  public Entry {
    Bounds.atLeast("sequenceNr", sequenceNr, 1);
    Bounds.time("time", time);
    Bounds.length("entryKind", entryKind, 1, 16);
    Bounds.size("messageId", messageId, Bounds.MESSAGE_ID_BYTES);
    bodies = Bounds.count("bodies", bodies, 0, DeviceList.DEVICES_MAX);
    Bounds.rising("bodies", bodies.stream().map(BodyDigest::device).toList());
    Bounds.size("hash", hash, Bounds.HASH_BYTES);
  }

  /** The same entry with another chain hash. */
  public Entry with(Bytes chainHash) {
    return new Entry(
        sequenceNr, time, entryKind, fromUser, fromDevice, messageId, bodies, chainHash);
  }

  public Point point() {
    return new Point(sequenceNr, hash);
  }
}

package chat.sotto.model;

import java.util.List;

/**
 * The header of an inbox entry, all that its chain hash covers (docs/protocol.md §6).
 *
 * @param time milliseconds since 1970, rising from entry to entry
 * @param messageId 16 bytes, the client's
 * @param bodies sorted by device
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
    bodies = List.copyOf(bodies);
  }

  public Point point() {
    return new Point(sequenceNr, hash);
  }
}

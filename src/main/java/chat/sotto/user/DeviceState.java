package chat.sotto.user;

import java.util.Optional;

/**
 * What the server keeps for one device of the user.
 *
 * @param cursor the last entry that it acknowledged, or where it was cut off
 * @param cutOff whether the cursor is a cut that the device has not acknowledged yet
 * @param total bytes of all copies ever accepted for it
 * @param lastSeen when it last signed in, used its token or acknowledged something, as far as that
 *     is kept; 0 for never
 */
public record DeviceState(
    Position cursor,
    boolean cutOff,
    long total,
    Optional<Token> token,
    Prekeys prekeys,
    long lastSeen) {
  static DeviceState startingAt(Position cursor) {
    return new DeviceState(cursor, false, cursor.total(), Optional.empty(), Prekeys.NONE, 0);
  }

  DeviceState acknowledged(Position place) {
    return new DeviceState(place, false, total, token, prekeys, lastSeen);
  }

  DeviceState cutOffAt(Position place) {
    return new DeviceState(place, true, total, token, prekeys, lastSeen);
  }

  DeviceState received(long newTotal) {
    return new DeviceState(cursor, cutOff, newTotal, token, prekeys, lastSeen);
  }

  DeviceState with(Optional<Token> newToken) {
    return new DeviceState(cursor, cutOff, total, newToken, prekeys, lastSeen);
  }

  DeviceState with(Prekeys newPrekeys) {
    return new DeviceState(cursor, cutOff, total, token, newPrekeys, lastSeen);
  }

  DeviceState seenAt(long time) {
    return new DeviceState(cursor, cutOff, total, token, prekeys, time);
  }

  /** After a restore: its one-time prekeys may have been given out since the copy was made. */
  DeviceState restored() {
    return with(prekeys.signedOnly());
  }

  /** Nobody signs in with it any more. */
  DeviceState erased() {
    return with(Optional.<Token>empty()).with(prekeys.signedOnly());
  }

  /** Whether an acknowledgement up to here changes nothing. The first one after a cut does. */
  boolean hasAcknowledged(long sequenceNr) {
    long acknowledged = cursor.point().sequenceNr();
    return sequenceNr < acknowledged || sequenceNr == acknowledged && !cutOff;
  }

  /** Whether one more entry of this size may wait for it. */
  boolean hasRoomFor(int size, long headSequenceNr, UserLimits limits) {
    return headSequenceNr - cursor.point().sequenceNr() < limits.entriesMax()
        && total - cursor.total() + size <= limits.bytesMax();
  }
}

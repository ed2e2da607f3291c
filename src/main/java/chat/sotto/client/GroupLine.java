package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;

/**
 * One line of a group as this device shows it.
 *
 * @param sequenceNr of its entry in the group's log, or of the one behind which it stands since
 *     the server lost its own; 0 while it waits to be sent
 * @param id the sender's, 16 bytes
 * @param sentAt by the sender's clock, of a notice by the server's; milliseconds since 1970
 * @param text what was written or, in {@link State#NOTICE}, what happened; in {@link
 *     State#CANNOT_OPEN} why it cannot be read, in {@link State#UNSUPPORTED} the type that this
 *     version does not know
 */
public record GroupLine(
    GroupId group,
    long sequenceNr,
    UserName from,
    Bytes id,
    boolean mine,
    long sentAt,
    State state,
    String text) {
  public enum State {
    /** Mine, not yet in the log. */
    PENDING,
    /** Mine, in the log. */
    SENT,
    RECEIVED,
    CANNOT_OPEN,
    /** Needs a newer version of Sotto. */
    UNSUPPORTED,
    /** Somebody came, went, or changed the group. */
    NOTICE
  }

  GroupLine at(long newNr) {
    return new GroupLine(group, newNr, from, id, mine, sentAt, state, text);
  }

  @Override
  public String toString() {
    return "GroupLine[group=" + group + ", sequenceNr=" + sequenceNr + ", state=" + state + "]";
  }
}

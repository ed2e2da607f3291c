package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;

/**
 * One line of a conversation as this device knows it.
 *
 * @param with the other person
 * @param id the sender's, 16 bytes
 * @param sentAt by the sender's clock, milliseconds since 1970
 * @param text what was written; in {@link State#CANNOT_OPEN} why it cannot be read, in
 *     {@link State#UNSUPPORTED} the type that this version does not know
 */
public record Message(
    UserName with, Bytes id, boolean mine, long sentAt, State state, String text) {
  public enum State {
    /** Mine, not yet taken by the server. */
    PENDING,
    /** Mine, on the server's disk. */
    SENT,
    /** Mine, stored by the other person's device, which said so end to end. */
    DELIVERED,
    RECEIVED,
    /** Theirs. {@link SottoClient#repair} asks for it again. */
    CANNOT_OPEN,
    /** Theirs, needs a newer version of Sotto. */
    UNSUPPORTED
  }

  Message as(State now) {
    return new Message(with, id, mine, sentAt, now, text);
  }

  @Override
  public String toString() {
    return "Message[with=" + with + ", id=" + id + ", mine=" + mine + ", state=" + state + "]";
  }
}

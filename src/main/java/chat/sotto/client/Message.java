package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;
import java.util.Optional;

/**
 * One line of a conversation as this device knows it.
 *
 * @param with the other person
 * @param id the sender's, 16 bytes
 * @param sentAt by the sender's clock, milliseconds since 1970
 * @param text what was written, or said with a file; in {@link State#CANNOT_OPEN} why it cannot be
 *     read, in {@link State#UNSUPPORTED} the type that this version does not know
 * @param content all that was sent, if that is more than a text
 */
public record Message(
    UserName with,
    Bytes id,
    boolean mine,
    long sentAt,
    State state,
    String text,
    Optional<ContentJson> content) {
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

  /** A line with a text, or with what is said instead of one. */
  public Message(
      UserName with, Bytes id, boolean mine, long sentAt, State state, String text) {
    this(with, id, mine, sentAt, state, text, Optional.empty());
  }

  static Message of(
      UserName with, Bytes id, boolean mine, long sentAt, State state, Content content) {
    return new Message(
        with,
        id,
        mine,
        sentAt,
        state,
        ContentJson.words(content),
        ContentJson.besideWords(content));
  }

  Message as(State now) {
    return new Message(with, id, mine, sentAt, now, text, content);
  }

  Message withText(String now) {
    return new Message(with, id, mine, sentAt, state, now, content);
  }

  /** Nothing is left of what was said. */
  Message erased() {
    return new Message(with, id, mine, sentAt, state, "");
  }

  /** What was sent; empty if that is not known, or was deleted. */
  Optional<Content> said() {
    boolean isReadable = state != State.CANNOT_OPEN && state != State.UNSUPPORTED;
    return isReadable ? ContentJson.read(text, content) : Optional.empty();
  }

  /** Whether it is a text, and not a file. */
  boolean hasText() {
    return said().filter(Content.Text.class::isInstance).isPresent();
  }

  /** The file that was sent. */
  public Optional<Content.File> file() {
    return said().filter(Content.File.class::isInstance).map(Content.File.class::cast);
  }

  /** What it answers. */
  public Optional<MessageRef> replyTo() {
    return said()
        .filter(Content.Line.class::isInstance)
        .flatMap(line -> ((Content.Line) line).replyTo());
  }

  @Override
  public String toString() {
    return "Message[with=" + with + ", id=" + id + ", mine=" + mine + ", state=" + state + "]";
  }
}

package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import java.util.Optional;

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
 * @param content all that was sent, if that is more than a text
 */
public record GroupLine(
    GroupId group,
    long sequenceNr,
    UserName from,
    Bytes id,
    boolean mine,
    long sentAt,
    State state,
    String text,
    Optional<ContentJson> content) {
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
    NOTICE,
    /** Changes how another line is shown, and is none itself. */
    CHANGE
  }

  /** A line with a text, or with what is said instead of one. */
  public GroupLine(
      GroupId group,
      long sequenceNr,
      UserName from,
      Bytes id,
      boolean mine,
      long sentAt,
      State state,
      String text) {
    this(group, sequenceNr, from, id, mine, sentAt, state, text, Optional.empty());
  }

  GroupLine at(long newNr) {
    return new GroupLine(group, newNr, from, id, mine, sentAt, state, text, content);
  }

  GroupLine withText(String now) {
    return new GroupLine(group, sequenceNr, from, id, mine, sentAt, state, now, content);
  }

  /** Nothing is left of what was said. */
  GroupLine erased() {
    return new GroupLine(group, sequenceNr, from, id, mine, sentAt, state, "");
  }

  /** What was sent; empty if that is not known, or was deleted. */
  Optional<Content> said() {
    return switch (state) {
      case PENDING, SENT, RECEIVED, CHANGE -> ContentJson.read(text, content);
      case CANNOT_OPEN, UNSUPPORTED, NOTICE -> Optional.empty();
    };
  }

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
    return "GroupLine[group=" + group + ", sequenceNr=" + sequenceNr + ", state=" + state + "]";
  }
}

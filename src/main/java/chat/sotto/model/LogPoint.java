package chat.sotto.model;

/** What a device acknowledges: everything of one log up to and including a point. */
public record LogPoint(String kind, String owner, long generation, long sequenceNr, Bytes hash) {
  public static final String INBOX = "inbox";

  public Point point() {
    return new Point(sequenceNr, hash);
  }
}

package chat.sotto.model;

/** What a device acknowledges: everything of one log up to and including a point. */
public record LogPoint(String kind, String owner, long generation, long sequenceNr, Bytes hash) {
  public static final String INBOX = "inbox";
  public static final String GROUP = "group";

  public LogPoint {
    Bounds.length("kind", kind, 1, 16);
    Bounds.length("owner", owner, 1, 64);
    Bounds.atLeast("generation", generation, 1);
    Bounds.atLeast("sequenceNr", sequenceNr, 0);
    Bounds.size("hash", hash, Bounds.HASH_BYTES);
  }

  public Point point() {
    return new Point(sequenceNr, hash);
  }
}

package chat.sotto.model;

/** A place in a log: an entry's number and its chain hash (32 bytes). Number 0 has hash_0. */
public record Point(long sequenceNr, Bytes hash) {
  public Point {
    Bounds.atLeast("sequenceNr", sequenceNr, 0);
    Bounds.size("hash", hash, Bounds.HASH_BYTES);
  }
}

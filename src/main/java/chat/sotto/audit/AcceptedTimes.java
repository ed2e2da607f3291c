package chat.sotto.audit;

/**
 * When the entries of an inbox were accepted, from the oldest that waits to the newest. Beyond a
 * maximum the oldest are forgotten.
 */
final class AcceptedTimes {
  static final int KEPT_MAX = 1 << 18;

  /** Of an entry that is none of a person's, or was forgotten. */
  static final long UNKNOWN = -1;

  private static final int FIRST_SIZE = 64;

  private long[] times = new long[FIRST_SIZE];
  private long first = 1;
  private long next = 1;

  /** The entry's number follows; those between it and the last one are nobody's. */
  void add(long sequenceNr, long time) {
    skipTo(sequenceNr);
    put(time);
  }

  private void skipTo(long sequenceNr) {
    if (sequenceNr - next > KEPT_MAX) {
      first = sequenceNr;
      next = sequenceNr;
    }
    while (next < sequenceNr) {
      put(UNKNOWN);
    }
  }

  private void put(long time) {
    if (next - first == times.length) {
      makeRoom();
    }
    times[index(next)] = time;
    next++;
  }

  private void makeRoom() {
    if (times.length == KEPT_MAX) {
      first++;
      return;
    }
    var larger = new long[times.length * 2];
    for (long nr = first; nr < next; nr++) {
      larger[(int) (nr % larger.length)] = times[index(nr)];
    }
    times = larger;
  }

  private int index(long sequenceNr) {
    return (int) (sequenceNr % times.length);
  }

  long of(long sequenceNr) {
    return sequenceNr >= first && sequenceNr < next ? times[index(sequenceNr)] : UNKNOWN;
  }

  /** What is before is asked for no more. */
  void forgetBefore(long sequenceNr) {
    first = Math.max(first, Math.min(sequenceNr, next));
  }
}

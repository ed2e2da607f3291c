package chat.sotto.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;

/**
 * The generations of a log (docs/protocol.md §10), derived from its entries: a new one begins with
 * each entry that the server made after a restore.
 *
 * @param beginnings rising, by number and by generation
 */
public record Generations(@JsonValue List<Beginning> beginnings) {
  /** Of every log until its server was restored from a copy. */
  public static final long FIRST = 1;

  /** Of a log that was never restored. */
  public static final Generations ONE = new Generations(List.of());

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Generations {
    beginnings = List.copyOf(beginnings);
    Bounds.rising("beginnings", beginnings.stream().map(Beginning::sequenceNr).toList());
    Bounds.rising("generations", beginnings.stream().map(Beginning::generation).toList());
  }

  /** @param sequenceNr of the entry that begins it */
  public record Beginning(long sequenceNr, long generation) {}

  /** Of an entry; number 0 is that of the log's beginning. */
  public long at(long sequenceNr) {
    long generation = FIRST;
    for (Beginning one : beginnings) {
      if (one.sequenceNr() <= sequenceNr) {
        generation = one.generation();
      }
    }
    return generation;
  }

  public long newest() {
    return at(Bounds.NUMBER_MAX);
  }

  /** Whether a point names the generation that it lies in. */
  public boolean contain(LogPoint point) {
    return at(point.sequenceNr()) == point.generation();
  }

  /** Whether the entry begins the next one after that head. Its signature is not looked at. */
  public boolean canGoOnWith(Restored entry, Point head) {
    return entry.previous().equals(head)
        && entry.generation() > newest()
        && entry.hash().equals(entry.derivedHash());
  }

  /** With that of the entry. */
  public Generations goOnWith(Restored entry) {
    var more = new ArrayList<>(beginnings);
    more.add(new Beginning(entry.sequenceNr(), entry.generation()));
    return new Generations(more);
  }
}

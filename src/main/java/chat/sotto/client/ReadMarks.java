package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;
import java.util.Optional;

/** Up to which line of a conversation the user has read, on whichever device. */
final class ReadMarks {
  private static final Table<Mark> MARKS = new Table<>("read-mark", Mark.class);

  private final Rows rows;

  private record Mark(Bytes upTo, long ordinal) {}

  ReadMarks(Rows rows) {
    this.rows = rows;
  }

  /** @return whether it went further; it never goes back, nor to a line that is not known here */
  boolean move(UserName with, Bytes upTo) {
    Optional<Long> ordinal = new History(rows).ordinal(with, upTo);
    long before = rows.get(MARKS, with.value()).map(Mark::ordinal).orElse(0L);
    boolean moves = ordinal.filter(at -> at > before).isPresent();
    if (moves) {
      rows.put(MARKS, with.value(), new Mark(upTo, ordinal.get()));
    }
    return moves;
  }

  Optional<Bytes> find(UserName with) {
    return rows.get(MARKS, with.value()).map(Mark::upTo);
  }
}

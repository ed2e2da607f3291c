package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.UserName;
import java.util.Optional;

/** Up to which line of a conversation somebody has read, on whichever device of theirs. */
final class ReadMarks {
  private static final Table<Mark> OURS = new Table<>("read-mark", Mark.class);
  private static final Table<Mark> THEIRS = new Table<>("seen-mark", Mark.class);

  private final Rows rows;
  private final Table<Mark> marks;

  private record Mark(Bytes upTo, long ordinal) {}

  private ReadMarks(Rows rows, Table<Mark> marks) {
    this.rows = rows;
    this.marks = marks;
  }

  /** What this user has read. */
  static ReadMarks ours(Rows rows) {
    return new ReadMarks(rows, OURS);
  }

  /** What the other person has read of this user's. */
  static ReadMarks theirs(Rows rows) {
    return new ReadMarks(rows, THEIRS);
  }

  /** @return whether it went further; it never goes back, nor to a line that is not known here */
  boolean move(UserName with, Bytes upTo) {
    Optional<Long> ordinal = new History(rows).ordinal(with, upTo);
    long before = ordinal(with);
    boolean moves = ordinal.filter(at -> at > before).isPresent();
    if (moves) {
      rows.put(marks, with.value(), new Mark(upTo, ordinal.get()));
    }
    return moves;
  }

  /** The place of that line; 0 if there is none. */
  long ordinal(UserName with) {
    return rows.get(marks, with.value()).map(Mark::ordinal).orElse(0L);
  }

  Optional<Bytes> find(UserName with) {
    return rows.get(marks, with.value()).map(Mark::upTo);
  }
}

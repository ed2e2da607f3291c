package chat.sotto.user;

import chat.sotto.model.Point;

/**
 * A place in an inbox and in the journal behind it.
 *
 * @param journalNr number of the journal's event at this place; later entries have higher ones
 * @param total bytes accepted for the device concerned up to here
 */
public record Position(Point point, long journalNr, long total) {
  /** Whether it may come after that one; at the same number they have the same hash. */
  boolean canFollow(Position earlier) {
    long step = point.sequenceNr() - earlier.point.sequenceNr();
    boolean inOrder = journalNr >= earlier.journalNr && total >= earlier.total;
    return inOrder && (step > 0 || step == 0 && point.equals(earlier.point));
  }
}

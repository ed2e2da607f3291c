package chat.sotto.journal;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Deletes the bodies that nobody needs, many at a time and in the order in which they lie on disk:
 * one by one each would cost the pages of three trees. What is not deleted yet when the server ends
 * is at the next start.
 */
final class Sweeping {
  /** Notes that are read at once. */
  static final int NOTES_MAX = 1_024;

  /** Bodies that one step deletes, so that it delays no batch for long. */
  static final int STEP = 500;

  private final Writer writer;
  private final AtomicBoolean isDue = new AtomicBoolean(true);
  private volatile boolean isUnderWay;

  Sweeping(Writer writer) {
    this.writer = writer;
  }

  /** Something is to be deleted. */
  void request() {
    isDue.set(true);
  }

  /** For one thread, now and then. @param connection reads what was noted */
  void beginIfDue(Tables connection) throws SQLException {
    if (!isUnderWay && isDue.getAndSet(false)) {
      Tables.Unneeded found = connection.unneeded(NOTES_MAX);
      if (!found.ids().isEmpty()) {
        isUnderWay = true;
        // There may be more than was read.
        request();
        delete(found.ids(), found.last());
      }
    }
  }

  private void delete(List<String> ids, long last) {
    List<String> step = ids.subList(0, Math.min(STEP, ids.size()));
    List<String> rest = ids.subList(step.size(), ids.size());
    writer
        .submit(
            0,
            tables -> {
              tables.deleteBodies(step);
              if (rest.isEmpty()) {
                tables.forgetUnneeded(last);
              }
              return null;
            })
        .thenRun(
            () -> {
              if (rest.isEmpty()) {
                isUnderWay = false;
              } else {
                delete(rest, last);
              }
            });
  }

  /** Deletes all, where nothing else is written any more. */
  static void finish(Tables writing) throws SQLException {
    Tables.Unneeded left = writing.unneeded(NOTES_MAX);
    while (!left.ids().isEmpty()) {
      Tables.Unneeded found = left;
      writing.whole(
          tables -> {
            tables.deleteBodies(found.ids());
            tables.forgetUnneeded(found.last());
            return null;
          });
      left = writing.unneeded(NOTES_MAX);
    }
  }
}

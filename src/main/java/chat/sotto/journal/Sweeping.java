package chat.sotto.journal;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the bodies that nobody needs, many at a time and in the order in which they lie on disk:
 * one by one each would cost the pages of three trees. What is not deleted yet when the server ends
 * is at the next start.
 */
final class Sweeping {
  /** Bodies that are looked up at once; of one note all. */
  static final int PAGE = 2_000;

  /** Bodies that one step deletes, so that it delays no batch for long. */
  static final int STEP = 500;

  private static final Logger LOG = LoggerFactory.getLogger(Sweeping.class);

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

  /** For one thread, now and then. */
  void beginIfDue() {
    if (!isUnderWay && isDue.getAndSet(false)) {
      isUnderWay = true;
      goOn(tables -> tables.unneeded(PAGE));
    }
  }

  private void goOn(Writer.Change<Tables.Unneeded> step) {
    writer
        .submit(0, step)
        .whenComplete(
            (left, failure) -> {
              if (failure != null) {
                onFailed(failure);
              } else if (left.ids().isEmpty()) {
                isUnderWay = false;
              } else {
                goOn(tables -> deleteSome(tables, left));
              }
            });
  }

  private void onFailed(Throwable failure) {
    if (!(failure instanceof StoreClosedException)) {
      LOG.warn("Acknowledged ciphertexts were not deleted; this is tried again.", failure);
    }
    request();
    isUnderWay = false;
  }

  /** @return what is left of it, or the next page if there may be one */
  private static Tables.Unneeded deleteSome(Tables tables, Tables.Unneeded found)
      throws SQLException {
    List<String> step = found.ids().subList(0, Math.min(STEP, found.ids().size()));
    tables.deleteBodies(step);
    List<String> rest = found.ids().subList(step.size(), found.ids().size());
    if (!rest.isEmpty()) {
      return new Tables.Unneeded(rest, found.last(), found.isAll());
    }
    tables.forgetUnneeded(found.last());
    // What came meanwhile waits for more.
    return found.isAll() ? Tables.Unneeded.NOTHING : tables.unneeded(PAGE);
  }

  /** Deletes all, where nothing else is written any more. */
  static void finish(Tables writing) throws SQLException {
    Tables.Unneeded left = writing.unneeded(PAGE);
    while (!left.ids().isEmpty()) {
      Tables.Unneeded found = left;
      left = writing.whole(tables -> deleteSome(tables, found));
    }
  }
}

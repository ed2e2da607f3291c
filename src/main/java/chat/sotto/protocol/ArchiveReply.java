package chat.sotto.protocol;

import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import java.util.List;

/** What a device is told about its user's archive (docs/protocol.md §14.1). */
public sealed interface ArchiveReply extends ServerFrame.Reply {
  private static void check(long nonce, long first, long last) {
    ServerFrame.checkNonce(nonce);
    Bounds.atLeast("first", first, 1);
    Bounds.atLeast("last", last, first - 1);
  }

  /**
   * Which batches are there.
   *
   * @param last one below {@code first} if there are none
   * @param quota the most that {@code bytes} may become
   */
  record State(long nonce, long first, long last, long bytes, long quota)
      implements ArchiveReply {
    public State {
      check(nonce, first, last);
      Bounds.atLeast("bytes", bytes, 0);
      Bounds.atLeast("quota", quota, 0);
    }
  }

  /** @param batches with falling numbers, without gaps */
  record Batches(long nonce, List<Batch> batches, long first, long last)
      implements ArchiveReply {
    public Batches {
      check(nonce, first, last);
      batches = Bounds.count("batches", batches, 0, Limits.ARCHIVE_PAGE_MAX);
      for (int i = 0; i < batches.size(); i++) {
        Bounds.within("nr", batches.get(i).nr(), first, last);
        if (batches.get(i).nr() != batches.get(0).nr() - i) {
          throw new IllegalArgumentException("the numbers must fall by one");
        }
      }
    }
  }

  record Batch(long nr, Bytes blob) {
    public Batch {
      Bounds.atLeast("nr", nr, 1);
      Bounds.size("blob", blob, 1, Limits.BATCH_BYTES_MAX);
    }
  }
}

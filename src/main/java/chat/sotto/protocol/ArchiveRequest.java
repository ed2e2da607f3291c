package chat.sotto.protocol;

import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;

/** What a device asks about its user's archive (docs/protocol.md §14.1). */
public sealed interface ArchiveRequest extends ClientFrame.Later {
  record State(long nonce, Secret token) implements ArchiveRequest {
    public State {
      ClientFrame.Later.check(nonce, token);
    }
  }

  /** @param nr one above that of the last batch */
  record Append(long nonce, Secret token, long nr, Bytes blob) implements ArchiveRequest {
    public Append {
      ClientFrame.Later.check(nonce, token);
      Bounds.atLeast("nr", nr, 1);
      Bounds.size("blob", blob, 1, Limits.BATCH_BYTES_MAX);
    }
  }

  /** The newest batches. @param before number that they are below */
  record Page(long nonce, Secret token, long before) implements ArchiveRequest {
    public Page {
      ClientFrame.Later.check(nonce, token);
      Bounds.atLeast("before", before, 1);
    }
  }

  record Drop(long nonce, Secret token) implements ArchiveRequest {
    public Drop {
      ClientFrame.Later.check(nonce, token);
    }
  }
}

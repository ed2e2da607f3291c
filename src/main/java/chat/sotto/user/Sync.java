package chat.sotto.user;

import chat.sotto.model.Bytes;
import java.util.Optional;

/**
 * What the user's devices share.
 *
 * @param counter 0 as long as nothing was put
 * @param digest SHA-256 of the body
 * @param former of the one before, which a crash may have left on disk
 */
public record Sync(long counter, Optional<Bytes> digest, Optional<Bytes> former) {
  static final Sync NONE = new Sync(0, Optional.empty(), Optional.empty());

  boolean canPut(long next) {
    return next == counter + 1;
  }

  Sync put(UserEvent.SyncPut event) {
    UserState.require(canPut(event.counter()), "what is put is not the next one");
    return new Sync(event.counter(), Optional.of(event.digest()), digest);
  }
}

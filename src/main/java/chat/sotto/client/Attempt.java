package chat.sotto.client;

import chat.sotto.protocol.AccountReply;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A sign-in that the program waits for.
 *
 * @param linker if the account may not have this device yet
 * @param staleLeft how often somebody else may still be quicker
 */
record Attempt(
    Account.First first,
    Optional<Linker> linker,
    int staleLeft,
    CompletableFuture<Void> done) {
  private static final int STALE_MAX = 5;

  /** Makes a device of the account of this store, in the transaction that it is given. */
  interface Linker {
    Linking.Prepared prepare(Rows rows, AccountReply.Linking offer);
  }

  Attempt(Account.First first, Optional<Linker> linker, CompletableFuture<Void> done) {
    this(first, linker, STALE_MAX, done);
  }

  boolean mayTryAgain() {
    return staleLeft > 0;
  }

  Attempt again() {
    return new Attempt(first, linker, staleLeft - 1, done);
  }
}

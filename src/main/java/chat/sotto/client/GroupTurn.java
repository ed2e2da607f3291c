package chat.sotto.client;

import java.security.SecureRandom;
import java.time.Duration;

/**
 * When it is this device's turn to commit the new list of somebody else's devices: each waits for a
 * time of its own, so that mostly one of them does it.
 */
final class GroupTurn {
  private final ListPause pause;
  private final SecureRandom random;
  private long proposalNr;
  private long at;

  GroupTurn(ListPause pause, SecureRandom random) {
    this.pause = pause;
    this.random = random;
  }

  /**
   * @param sequenceNr of the proposal that waits
   * @return zero once it is
   */
  Duration left(long sequenceNr, long now) {
    if (sequenceNr != proposalNr) {
      proposalNr = sequenceNr;
      at = now + pause.draw(random).toMillis();
    }
    // A clock that is put back must not make it wait for ever.
    long left = Math.min(at - now, pause.max().toMillis());
    return Duration.ofMillis(Math.max(0, left));
  }
}

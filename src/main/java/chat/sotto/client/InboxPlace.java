package chat.sotto.client;

import chat.sotto.model.Point;
import java.util.Optional;

/**
 * How far an inbox was taken.
 *
 * @param claim present from a sign-in that named a higher generation until that was proved
 * @param restored present once an entry was taken with which a restored server went on
 */
record InboxPlace(
    long generation, Point head, Optional<Claim> claim, Optional<Restart> restored) {
  /** @param isFromCursor whether the head is the server's word, which names no generation */
  record Claim(long generation, boolean isFromCursor) {}

  /**
   * @param previousNr the number before the last restored entry that was taken
   * @param sharedNr up to which whatever the server is restored from has the same entries
   */
  record Restart(long previousNr, long sharedNr) {}

  static InboxPlace of(Point start) {
    return new InboxPlace(Inbox.FIRST_GENERATION, start, Optional.empty(), Optional.empty());
  }

  InboxPlace at(Point newHead) {
    return new InboxPlace(generation, newHead, claim, restored);
  }

  InboxPlace with(Optional<Claim> newClaim) {
    return new InboxPlace(generation, head, newClaim, restored);
  }

  /** What was claimed is true, up to that generation. */
  InboxPlace in(long newGeneration) {
    Optional<Claim> left =
        claim
            .filter(open -> open.generation > newGeneration)
            .map(open -> new Claim(open.generation, false));
    return new InboxPlace(newGeneration, head, left, restored);
  }

  InboxPlace after(long previousNr, long sharedNr) {
    return new InboxPlace(
        generation, head, claim, Optional.of(new Restart(previousNr, sharedNr)));
  }

  boolean claims(long other) {
    return claim.filter(open -> generation < other && other <= open.generation).isPresent();
  }

  /** Whether an entry of that generation may come next. */
  boolean takes(long other) {
    boolean isOpen = claim.filter(Claim::isFromCursor).isPresent();
    return other == generation || isOpen && claims(other);
  }

  /** Before the claim is proved, nothing here says how what lies there should be. */
  boolean passesOver(long other, long sequenceNr) {
    return claim.isPresent() && (sequenceNr <= head.sequenceNr() || other < generation);
  }
}

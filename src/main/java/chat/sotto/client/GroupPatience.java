package chat.sotto.client;

import chat.sotto.model.GroupProposal;
import chat.sotto.model.Membership;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a device without keys of the epoch waits for some (docs/protocol.md §9.2). One commit
 * with wrong secrets leaves everybody without, and then nobody is there who could give any: so a
 * member with something to do begins new ones, into which nothing of the epoch before goes.
 */
final class GroupPatience {
  static final Duration KEYS_AWAITED_MAX = Duration.ofMinutes(10);

  private final GroupView view;
  private final Self self;
  private final Optional<Long> lastAskedAt;
  private final long now;

  /** @param lastAskedAt for keys, whether or not they came */
  GroupPatience(GroupView view, Self self, Optional<Long> lastAskedAt, long now) {
    this.view = view;
    this.self = self;
    this.lastAskedAt = lastAskedAt;
    this.now = now;
  }

  /** An admin need not wait: it may be about to remove who made that commit. */
  boolean mayReset(GroupWish wish) {
    boolean isOperation =
        !(wish instanceof GroupWish.Say) && view.membership().isAdmin(self.user());
    return isOperation
        || left().filter(left -> left.isZero() || left.isNegative()).isPresent();
  }

  /** Absent if this device has not asked, or may not commit. */
  Optional<Duration> left() {
    Membership membership = view.membership();
    boolean isPending =
        membership.pending().stream()
            .filter(one -> one.op() instanceof GroupProposal.Rekey)
            .anyMatch(one -> one.device().equals(self.device()));
    return lastAskedAt
        .filter(at -> isPending && membership.isMember(self.user()))
        .map(at -> KEYS_AWAITED_MAX.minusMillis(now - at));
  }
}

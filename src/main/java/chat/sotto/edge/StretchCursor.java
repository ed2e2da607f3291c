package chat.sotto.edge;

import chat.sotto.group.Group;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.Point;
import chat.sotto.model.UserName;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Which parts of a group's log are a user's, and in which of them its connection is. Pure. It
 * learns from the group when it attaches, and from the entries as they are pushed.
 */
final class StretchCursor {
  private final UserName user;
  private List<Group.Stretch> all = List.of();
  private Optional<Group.Stretch> current = Optional.empty();

  StretchCursor(UserName user) {
    this.user = user;
  }

  /** @param told by the group, in their order */
  void onAttached(List<Group.Stretch> told) {
    all = List.copyOf(told);
    current =
        current.map(
            now ->
                all.stream()
                    .filter(one -> isSame(one, now))
                    .findFirst()
                    .orElseGet(() -> forgotten(now)));
  }

  /** The group keeps the newest ones only: where this one ended is not known any more. */
  private static Group.Stretch forgotten(Group.Stretch one) {
    return one.end().isPresent() ? one : endingAt(one, one.start().sequenceNr());
  }

  private static Group.Stretch endingAt(Group.Stretch one, long end) {
    return new Group.Stretch(
        one.start(), one.attempt(), one.confirmedNr(), Optional.of(end));
  }

  private static boolean isSame(Group.Stretch one, Group.Stretch other) {
    return one.start().sequenceNr() == other.start().sequenceNr();
  }

  /** The stretch in which a device is that acknowledged so much; it is the current one then. */
  boolean resume(Point cursor) {
    Optional<Group.Stretch> found =
        all.stream()
            .filter(one -> one.start().sequenceNr() < cursor.sequenceNr())
            .filter(one -> includes(one, cursor.sequenceNr()))
            .findFirst();
    found.ifPresent(this::enter);
    return found.isPresent();
  }

  /** The first stretch that is not over at an entry. */
  Optional<Group.Stretch> firstAfter(long sequenceNr) {
    return all.stream().filter(one -> includes(one, sequenceNr + 1)).findFirst();
  }

  /** Where a device begins that has acknowledged nothing: what was before is over for its user. */
  Optional<Group.Stretch> newest() {
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  /** The stretch that goes on after an entry, if it is one of the user's. */
  Optional<Group.Stretch> goingOnAfter(long sequenceNr) {
    return all.stream()
        .filter(one -> one.start().sequenceNr() <= sequenceNr)
        .filter(one -> includes(one, sequenceNr + 1))
        .findFirst();
  }

  private static boolean includes(Group.Stretch one, long sequenceNr) {
    return one.end().isEmpty() || sequenceNr <= one.end().get();
  }

  void enter(Group.Stretch stretch) {
    current = Optional.of(stretch);
  }

  Optional<Group.Stretch> current() {
    return current;
  }

  /** The stretch after the current one. */
  Optional<Group.Stretch> next() {
    return current.flatMap(
        now ->
            all.stream()
                .filter(one -> one.start().sequenceNr() > now.start().sequenceNr())
                .findFirst());
  }

  /** Whether the user is in the group now, as far as is known. */
  boolean isOpen() {
    return newest().filter(one -> one.end().isEmpty()).isPresent();
  }

  /** Whether an entry of the log may be pushed in the current stretch. */
  boolean isWithin(long sequenceNr) {
    return current.filter(now -> includes(now, sequenceNr)).isPresent();
  }

  /** Whether the current stretch ends at or before an entry. */
  boolean isOver(long sequenceNr) {
    return current.flatMap(Group.Stretch::end).filter(end -> end <= sequenceNr).isPresent();
  }

  /** The last entry to push now. @param head of the log */
  long limit(long head) {
    return current.flatMap(Group.Stretch::end).orElse(head);
  }

  /** Whether a post comes with its ciphertext. */
  boolean isReadable(long sequenceNr) {
    return current
        .flatMap(Group.Stretch::confirmedNr)
        .filter(nr -> nr < sequenceNr)
        .isPresent();
  }

  /** The entry was pushed. */
  void onPushed(GroupEntry entry) {
    boolean isOwn = entry.fromUser().equals(user);
    long nr = entry.sequenceNr();
    if (entry.content() instanceof GroupContent.Confirm && isOwn) {
      replaceCurrent(
          now ->
              new Group.Stretch(now.start(), now.attempt(), Optional.of(nr), now.end()));
    } else if (isEnd(entry.content(), isOwn)) {
      replaceCurrent(now -> endingAt(now, nr));
    }
  }

  private boolean isEnd(GroupContent content, boolean isOwn) {
    if (content instanceof GroupContent.Commit commit) {
      return commit.ops().stream().anyMatch(op -> op.user().equals(user) && isGoing(op));
    }
    return isOwn
        && content instanceof GroupContent.Proposal proposal
        && (proposal.op() instanceof GroupProposal.Leave
            || proposal.op() instanceof GroupProposal.Decline);
  }

  private static boolean isGoing(GroupOp op) {
    return op instanceof GroupOp.Remove
        || op instanceof GroupOp.Leave
        || op instanceof GroupOp.Decline
        || op instanceof GroupOp.Timeout;
  }

  private void replaceCurrent(UnaryOperator<Group.Stretch> change) {
    current =
        current.map(
            now -> {
              Group.Stretch changed = change.apply(now);
              all = all.stream().map(one -> isSame(one, now) ? changed : one).toList();
              return changed;
            });
  }
}

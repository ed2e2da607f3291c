package chat.sotto.group;

import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.UserName;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * Which parts of the log are whose, also of those who are gone: of each the newest few. Grows with
 * the people who ever were in the group, not with its entries.
 */
public record Stretches(@JsonValue PMap<UserName, PVector<Group.Stretch>> byUser) {
  /** Kept of one user; whoever comes and goes more often does not get the oldest any more. */
  static final int STRETCHES_MAX = 8;

  static final Stretches NONE = new Stretches(HashTreePMap.empty());

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Stretches restore(Map<UserName, List<Group.Stretch>> byUser) {
    PMap<UserName, PVector<Group.Stretch>> restored = HashTreePMap.empty();
    for (Map.Entry<UserName, List<Group.Stretch>> each : byUser.entrySet()) {
      restored = restored.plus(each.getKey(), TreePVector.from(each.getValue()));
    }
    return new Stretches(restored);
  }

  /** In their order; empty if the user never was in the group. */
  List<Group.Stretch> of(UserName user) {
    return byUser.getOrDefault(user, TreePVector.empty());
  }

  /** Whether what comes next is the user's too. */
  boolean isOpen(UserName user) {
    return newest(user).filter(stretch -> stretch.end().isEmpty()).isPresent();
  }

  private Optional<Group.Stretch> newest(UserName user) {
    List<Group.Stretch> all = of(user);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  /** Who is given the ciphertext of a post there: each was a member when it came. */
  Stream<UserName> readers(long sequenceNr) {
    return byUser.entrySet().stream()
        .filter(each -> each.getValue().stream().anyMatch(one -> one.hasPost(sequenceNr)))
        .map(Map.Entry::getKey);
  }

  /** After an entry that the rules allow. */
  Stretches after(GroupEvent.Signed event) {
    if (event instanceof GroupEvent.Committed committed) {
      Stretches next = this;
      for (GroupOp op : committed.content().ops()) {
        next = next.after(op, committed);
      }
      return next;
    } else if (event instanceof GroupEvent.Confirmed) {
      return replaceNewest(event.user(), old -> confirmed(old, event.sequenceNr()));
    } else if (event.content() instanceof GroupContent.Proposal proposal
        && (proposal.op() instanceof GroupProposal.Leave
            || proposal.op() instanceof GroupProposal.Decline)) {
      return end(event.user(), event.sequenceNr());
    }
    return this;
  }

  /** Nobody is left who could go on: what the invited wait for does not come any more. */
  Stretches endAll(long sequenceNr) {
    Stretches next = this;
    for (UserName user : byUser.keySet()) {
      next = next.end(user, sequenceNr);
    }
    return next;
  }

  private Stretches after(GroupOp op, GroupEvent.Committed event) {
    if (op instanceof GroupOp.Found) {
      return begin(
          op.user(),
          new Group.Stretch(
              event.content().head(), Optional.empty(), Optional.of(0L), Optional.empty()));
    } else if (op instanceof GroupOp.Invite) {
      return begin(
          op.user(),
          new Group.Stretch(
              event.content().head(),
              Optional.of(event.attempt()),
              Optional.empty(),
              Optional.empty()));
    } else if (op instanceof GroupOp.Remove || op instanceof GroupOp.Timeout) {
      return end(op.user(), event.sequenceNr());
    }
    // Who leaves or declines is out from the own proposal on; the commit only says so.
    return this;
  }

  private Stretches begin(UserName user, Group.Stretch stretch) {
    PVector<Group.Stretch> all = byUser.getOrDefault(user, TreePVector.empty());
    PVector<Group.Stretch> kept = all.size() < STRETCHES_MAX ? all : all.minus(0);
    return new Stretches(byUser.plus(user, kept.plus(stretch)));
  }

  private Stretches end(UserName user, long sequenceNr) {
    return isOpen(user) ? replaceNewest(user, old -> ended(old, sequenceNr)) : this;
  }

  private Stretches replaceNewest(
      UserName user, UnaryOperator<Group.Stretch> change) {
    PVector<Group.Stretch> all = byUser.get(user);
    int last = all.size() - 1;
    return new Stretches(byUser.plus(user, all.with(last, change.apply(all.get(last)))));
  }

  private static Group.Stretch confirmed(Group.Stretch old, long sequenceNr) {
    return new Group.Stretch(old.start(), old.attempt(), Optional.of(sequenceNr), old.end());
  }

  private static Group.Stretch ended(Group.Stretch old, long sequenceNr) {
    return new Group.Stretch(
        old.start(), old.attempt(), old.confirmedNr(), Optional.of(sequenceNr));
  }
}

package chat.sotto.client;

import chat.sotto.client.GroupSending.Step;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupContent.Confirm;
import chat.sotto.model.GroupContent.Post;
import chat.sotto.model.GroupContent.Proposal;
import chat.sotto.model.GroupRefusal;
import chat.sotto.model.GroupRefusedException;
import chat.sotto.model.Membership;
import chat.sotto.protocol.ErrorCode;
import java.security.SecureRandom;
import java.util.Optional;

/** What lies at hand in one transaction that makes an entry for a group. */
record GroupDesk(
    Self self,
    SecureRandom random,
    long now,
    GroupRows groups,
    GroupOutbox outbox,
    People people,
    TypingKeys typingKeys) {

  static GroupDesk of(Rows rows, SecureRandom random, long now) {
    Self self = Self.of(rows);
    return new GroupDesk(
        self,
        random,
        now,
        new GroupRows(rows),
        new GroupOutbox(rows),
        new People(rows, self.serverHost()),
        new TypingKeys(rows));
  }

  Step done(Rows.Row<GroupOutbox.Item> row) {
    outbox.delete(row.key());
    return new Step.Settled(row.value(), Optional.empty());
  }

  Step settle(Rows.Row<GroupOutbox.Item> row, ErrorCode refusal) {
    outbox.delete(row.key());
    return new Step.Settled(row.value(), Optional.of(refusal));
  }

  Step settle(Rows.Row<GroupOutbox.Item> row, GroupRefusal refusal) {
    return settle(row, ErrorCode.valueOf(refusal.name()));
  }

  /** Why the entry could not come next in this log. */
  Optional<GroupRefusal> refusal(GroupView view, GroupContent content) {
    Membership membership = view.membership();
    var place =
        new Membership.Place(
            view.head().sequenceNr() + 1,
            Math.max(now, view.time() + 1),
            self.user(),
            self.device());
    try {
      if (content instanceof Commit commit) {
        membership.commit(place, commit);
      } else if (content instanceof Proposal proposal) {
        membership.propose(place, proposal);
      } else if (content instanceof Confirm confirm) {
        membership.confirm(place, confirm);
      } else if (content instanceof Post post) {
        membership.post(place, post);
        long last = groups.chain(view.group(), self.device()).counter();
        return post.counter() == last + 1
            ? Optional.empty()
            : Optional.of(GroupRefusal.EPOCH_STALE);
      }
      return Optional.empty();
    } catch (GroupRefusedException e) {
      return Optional.of(e.refusal());
    }
  }
}

package chat.sotto.client;

import chat.sotto.client.GroupSending.Step;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent.Kind;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRefusal;
import chat.sotto.model.GroupRole;
import chat.sotto.model.Membership;
import chat.sotto.model.Membership.Pending;
import chat.sotto.model.RosterRow;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What is to be done next in a group that this user is in, from what it wishes and what the group
 * needs.
 */
final class GroupWishes {
  private final GroupDesk desk;
  private final Self self;
  private final GroupView view;
  private final Membership membership;
  private final GroupPrekeys keys;
  private final GroupDuties duties;
  private final GroupTurn turn;
  private final GroupPatience waiting;
  private final GroupEntries entries;

  GroupWishes(GroupDesk desk, GroupView view, GroupPrekeys keys, GroupTurn turn) {
    this.desk = desk;
    self = desk.self();
    this.view = view;
    this.keys = keys;
    this.turn = turn;
    membership = view.membership();
    duties = new GroupDuties(view);
    waiting = new GroupPatience(view, self, desk.groups().keysAskedAt(view.group()), desk.now());
    entries = new GroupEntries(view, self, desk.random());
  }

  Step step(Optional<Rows.Row<GroupOutbox.Item>> item) {
    Optional<GroupFlight> ownList = ownList();
    return ownList.isPresent() ? ready(ownList.get()) : stepWithOwnList(item);
  }

  /**
   * The group has an older list of this user's devices, and nobody told it yet. Before anything is
   * written: who was removed must not read it, and who is new wants to.
   */
  private Optional<GroupFlight> ownList() {
    boolean isOlder =
        membership
            .row(self.user())
            .filter(own -> own.deviceList().version() < self.list().version())
            .isPresent();
    return isOlder
        ? Optional.of(
                entries.proposal(Optional.empty(), new GroupProposal.Devices(self.list())))
            .filter(made -> desk.refusal(view, made.content()).isEmpty())
        : Optional.empty();
  }

  private Step stepWithOwnList(Optional<Rows.Row<GroupOutbox.Item>> item) {
    Optional<GroupWish> wish = item.map(row -> row.value().wish());
    boolean isGoing = wish.filter(GroupWishes::isGoing).isPresent();
    if (!view.missed().isEmpty() && !isGoing && membership.isMember(self.user())) {
      return afterRemovals(item);
    } else if (membership.awaitsReset()) {
      // A member's next text or change brings the keys; whoever is invited needs them to accept.
      return item.filter(row -> !(row.value().wish() instanceof GroupWish.Accept))
          .map(this::step)
          .orElse(new Step.Idle());
    }
    Predicate<GroupWish> needsNone = wanted -> isGoing(wanted) || waiting.mayReset(wanted);
    boolean canBeDone = wish.filter(needsNone).isPresent();
    if (view.keys().isEmpty() && !canBeDone) {
      return askForKeys(item.isPresent());
    }
    return item.map(this::step).orElseGet(this::takeLists);
  }

  /**
   * A new device can do nothing, and a removed one is there, until somebody commits: the user's own
   * devices do it at once, others if none of these does.
   */
  private Step takeLists() {
    List<Pending> lists =
        membership.pending().stream()
            .filter(one -> one.op() instanceof GroupProposal.Devices)
            .toList();
    if (lists.isEmpty() || !membership.isMember(self.user())) {
      return new Step.Idle();
    }
    boolean isOwn = lists.stream().anyMatch(one -> one.user().equals(self.user()));
    Duration left =
        isOwn ? Duration.ZERO : turn.left(lists.get(0).sequenceNr(), desk.now());
    if (!left.isZero()) {
      return new Step.Later(left);
    }
    Step step = commit(Optional.empty(), List.of(), Optional.empty());
    // There is nothing to be written that the user would have to choose for.
    return step instanceof Step.Blocked ? new Step.Idle() : step;
  }

  /** What others have undone unknowingly: the admins' clients do it again, at once. */
  private Step afterRemovals(Optional<Rows.Row<GroupOutbox.Item>> item) {
    if (membership.isAdmin(self.user())) {
      return item.map(this::step)
          .orElseGet(() -> commit(Optional.empty(), List.of(), Optional.empty()));
    }
    List<UserName> admins =
        membership.rows().keySet().stream()
            .filter(membership::isAdmin)
            .filter(user -> !view.missed().contains(user))
            .toList();
    return new Step.Undone(view.missed(), admins);
  }

  /** This device does not follow: it asks whoever commits next, and waits. */
  private Step askForKeys(boolean hasMore) {
    GroupFlight asking = entries.proposal(Optional.empty(), new GroupProposal.Rekey());
    if (desk.refusal(view, asking.content()).isEmpty()) {
      return ready(asking);
    }
    Optional<Duration> left = hasMore ? waiting.left() : Optional.empty();
    return left.<Step>map(Step.Later::new).orElse(new Step.Idle());
  }

  private Step ready(GroupFlight flight) {
    desk.outbox().put(view.group(), flight);
    return new Step.Ready(flight);
  }

  private Step step(Rows.Row<GroupOutbox.Item> row) {
    GroupWish wish = row.value().wish();
    Optional<String> key = Optional.of(row.key());
    if (wish instanceof GroupWish.Leave) {
      return propose(row, entries.proposal(key, new GroupProposal.Leave()));
    } else if (wish instanceof GroupWish.Decline) {
      return propose(row, entries.proposal(key, new GroupProposal.Decline()));
    } else if (wish instanceof GroupWish.Accept) {
      return accept(row);
    } else if (!membership.isMember(self.user())) {
      return desk.settle(row, ErrorCode.NOT_MEMBER);
    } else if (wish instanceof GroupWish.Say say) {
      return say(row, say);
    } else if (wish instanceof GroupWish.Create) {
      return desk.done(row);
    }
    return membership.isAdmin(self.user())
        ? change(row, wish)
        : desk.settle(row, ErrorCode.NOT_ADMIN);
  }

  private Step propose(Rows.Row<GroupOutbox.Item> row, GroupFlight flight) {
    Optional<GroupRefusal> refusal = desk.refusal(view, flight.content());
    return refusal.isPresent() ? desk.settle(row, refusal.get()) : ready(flight);
  }

  private Step accept(Rows.Row<GroupOutbox.Item> row) {
    Optional<Membership.Row> own = membership.row(self.user());
    if (own.filter(mine -> mine.role().isMember()).isPresent()) {
      return desk.done(row);
    }
    UserName inviter =
        own.flatMap(Membership.Row::invitation)
            .map(Membership.Invitation::inviter)
            .or(() -> desk.groups().inviter(view.group()))
            .orElseThrow();
    return propose(row, entries.confirm(Optional.of(row.key()), inviter));
  }

  private Step say(Rows.Row<GroupOutbox.Item> row, GroupWish.Say say) {
    Map<UserName, Bytes> blocked = blocked(membership.roster());
    if (!blocked.isEmpty()) {
      return new Step.Blocked(blocked);
    } else if (needsCommit()) {
      return commit(Optional.empty(), List.of(), Optional.empty());
    }
    GroupOutbox.Item item = row.value();
    String group = view.group().value();
    ContentJson content =
        desk.typingKeys()
            .brought(
                group,
                item.messageId(),
                say.content(),
                TypingKeys.audience(membership, self.user()),
                desk.now(),
                desk.random());
    var plaintext = new GroupPlaintext(group, item.at(), content);
    GroupChain chain = desk.groups().chain(view.group(), self.device());
    return ready(entries.post(row.key(), item.messageId(), chain, plaintext));
  }

  private boolean needsCommit() {
    return view.keys().isEmpty()
        || !view.missed().isEmpty()
        || duties.areDue(desk.now())
        || isSpent();
  }

  private boolean isSpent() {
    return desk.groups().isSpent(view.group(), membership.epoch());
  }

  /** What is so already is done, whoever did it. */
  private Step change(Rows.Row<GroupOutbox.Item> row, GroupWish wish) {
    Optional<Rows.Row<GroupOutbox.Item>> item = Optional.of(row);
    if (wish instanceof GroupWish.Invite invite) {
      return invite(row, invite);
    } else if (wish instanceof GroupWish.Remove remove) {
      return membership.row(remove.user()).isEmpty()
          ? desk.done(row)
          : commit(
              item, List.of(new GroupOp.Remove(remove.user())), Optional.empty());
    } else if (wish instanceof GroupWish.SetRole set) {
      return role(row, set);
    }
    GroupName name = ((GroupWish.Rename) wish).name();
    return view.name().equals(Optional.of(name.value()))
        ? desk.done(row)
        : commit(item, List.of(), Optional.of(name));
  }

  private Step role(Rows.Row<GroupOutbox.Item> row, GroupWish.SetRole set) {
    Optional<GroupRole> role = membership.row(set.user()).map(Membership.Row::role);
    if (role.isEmpty()) {
      return desk.settle(row, ErrorCode.NOT_MEMBER);
    }
    return role.get() == set.role()
        ? desk.done(row)
        : commit(
            Optional.of(row),
            List.of(new GroupOp.ChangeRole(set.user(), set.role())),
            Optional.empty());
  }

  private Step invite(Rows.Row<GroupOutbox.Item> row, GroupWish.Invite invite) {
    Set<UserName> missing = new LinkedHashSet<>();
    var ops = new ArrayList<GroupOp>();
    for (UserName user : invite.users()) {
      boolean isThere = membership.row(user).isPresent() && !duties.isInTheWay(user);
      if (isThere) {
        continue;
      } else if (!keys.invited().containsKey(user)) {
        missing.add(user);
      } else {
        DeviceList list = keys.invited().get(user).deviceList();
        if (!desk.people().learn(user, list)) {
          return new Step.Blocked(Map.of(user, list.accountKey()));
        }
        ops.add(new GroupOp.Invite(user, list));
      }
    }
    if (!missing.isEmpty()) {
      return new Step.NeedsKeys(missing, false);
    }
    return ops.isEmpty() ? desk.done(row) : commit(Optional.of(row), ops, Optional.empty());
  }

  /** @param item what the commit fulfils, besides the duties of whoever commits */
  private Step commit(
      Optional<Rows.Row<GroupOutbox.Item>> item,
      List<GroupOp> wished,
      Optional<GroupName> newName) {
    boolean isInTheWay =
        wished.stream()
            .filter(op -> !(op instanceof GroupOp.Remove))
            .anyMatch(op -> duties.isInTheWay(op.user()));
    if (isInTheWay) {
      return commit(Optional.empty(), List.of(), Optional.empty());
    }
    List<GroupOp> ops = duties.ops(wished, keys);
    var commits = new GroupCommits(view, self, keys, desk.random());
    Map<UserName, Bytes> blocked = blocked(commits.roster(ops));
    if (!blocked.isEmpty()) {
      return new Step.Blocked(blocked);
    } else if (commits.needsMembers(ops) && keys.members().isEmpty()) {
      return new Step.NeedsKeys(Set.of(), true);
    }
    // A name that never opened here is repeated as what it is known by.
    GroupName name =
        newName.orElseGet(() -> new GroupName(view.name().orElse(view.group().value())));
    GroupFlight flight =
        commits.make(item.map(Rows.Row::key), kind(), ops, name);
    Optional<GroupRefusal> refusal = desk.refusal(view, flight.content());
    if (refusal.isPresent()) {
      return item.map(row -> desk.settle(row, refusal.get())).orElse(new Step.Idle());
    }
    return ready(flight);
  }

  private Kind kind() {
    return view.keys().isPresent() ? Kind.CHANGE : Kind.RESET;
  }

  /** Nobody is given keys whose account key the user has not chosen. */
  private Map<UserName, Bytes> blocked(List<RosterRow> roster) {
    var blocked = new TreeMap<UserName, Bytes>();
    for (RosterRow row : roster) {
      boolean isOther = !row.user().equals(self.user());
      if (isOther && !desk.people().meet(row.deviceList())) {
        blocked.put(row.user(), row.deviceList().accountKey());
      }
    }
    return blocked;
  }

  static boolean isGoing(GroupWish wish) {
    return wish instanceof GroupWish.Leave || wish instanceof GroupWish.Decline;
  }
}

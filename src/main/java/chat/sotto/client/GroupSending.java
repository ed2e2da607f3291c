package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupContent.Confirm;
import chat.sotto.model.GroupContent.Kind;
import chat.sotto.model.GroupContent.Post;
import chat.sotto.model.GroupContent.Proposal;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.GroupRefusal;
import chat.sotto.model.GroupRefusedException;
import chat.sotto.model.GroupRole;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.Membership;
import chat.sotto.model.RosterRow;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ErrorCode;
import java.security.SecureRandom;
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
 * Makes the next entry of this device for a group, in one transaction: it is stored before its
 * first byte leaves, and no other is made until the log shows it or can no longer take it. So one
 * chain key seals one post.
 */
final class GroupSending {
  /** How often what was asked for is made anew because the group had moved on. */
  static final int ATTEMPTS_MAX = 20;

  private final Self self;
  private final SecureRandom random;
  private final long now;
  private final GroupRows groups;
  private final GroupOutbox outbox;
  private final People people;

  /** What can be done next in one group. */
  sealed interface Step {
    /** Nothing waits, or it waits for others. */
    record Idle() implements Step {}

    /** Something can be done then, whatever others do. */
    record Later(Duration after) implements Step {}

    /** People whose account key is another than the pinned one, with that key. */
    record Blocked(Map<UserName, Bytes> keys) implements Step {}

    /** @param members whether keys of everybody in the group are needed */
    record NeedsKeys(Set<UserName> invited, boolean members) implements Step {}

    record Ready(GroupFlight flight) implements Step {}

    /** @param refusal why it cannot be; absent if it is so now */
    record Settled(GroupOutbox.Item item, Optional<ErrorCode> refusal) implements Step {}
  }

  GroupSending(Rows rows, SecureRandom random, long now) {
    this.random = random;
    this.now = now;
    self = Self.of(rows);
    groups = new GroupRows(rows);
    outbox = new GroupOutbox(rows);
    people = new People(rows, self.serverHost());
  }

  /**
   * @param keys what the server just gave
   * @throws Breach if a device list or prekey of it is refused
   */
  Step next(GroupId group, GroupPrekeys keys) {
    Optional<Rows.Row<GroupOutbox.Item>> item = outbox.first(group);
    Optional<GroupView> view = groups.find(group);
    if (groups.alarm(group).isPresent()) {
      return new Step.Idle();
    } else if (view.isEmpty()) {
      return item.map(row -> create(group, row)).orElse(new Step.Idle());
    } else if (view.get().ending().isPresent()) {
      outbox.land(group);
      return item.map(this::settleInvain).orElse(new Step.Idle());
    }
    Optional<GroupFlight> flight = outbox.flight(group);
    if (flight.isPresent()) {
      if (refusal(view.get(), flight.get().content()).isEmpty()) {
        return new Step.Ready(flight.get());
      }
      // The log has moved on without it, so the server never takes it: decide anew.
      Optional<Step> given = giveUp(group, flight.get());
      if (given.isPresent()) {
        return given.get();
      }
    }
    return new Next(view.get(), keys).step(item);
  }

  private Optional<Step> giveUp(GroupId group, GroupFlight flight) {
    outbox.land(group);
    Optional<Rows.Row<GroupOutbox.Item>> tooOften =
        outbox
            .first(group)
            .filter(row -> flight.itemKey().equals(Optional.of(row.key())))
            .filter(row -> !(row.value().wish() instanceof GroupWish.Say))
            .filter(row -> outbox.tryAgain(row.key()) >= ATTEMPTS_MAX);
    return tooOften.map(row -> settle(row, ErrorCode.EPOCH_STALE));
  }

  private Step create(GroupId group, Rows.Row<GroupOutbox.Item> row) {
    Optional<GroupFlight> flight = outbox.flight(group);
    if (flight.isPresent()) {
      return new Step.Ready(flight.get());
    } else if (!(row.value().wish() instanceof GroupWish.Create create)) {
      return settle(row, ErrorCode.NOT_MEMBER);
    } else {
      GroupView empty =
          GroupView.before(
              group, GroupStatements.GENERATION, GroupStatements.start(group));
      var found = new GroupOp.Found(self.user(), self.list());
      GroupFlight made =
          new GroupCommits(empty, self, GroupPrekeys.NONE, random)
              .make(
                  Optional.of(row.key()), Kind.CREATE, List.of(found), create.name());
      outbox.put(group, made);
      return new Step.Ready(made);
    }
  }

  /** Who is gone has left, if that was the wish; nothing else can be done. */
  private Step settleInvain(Rows.Row<GroupOutbox.Item> row) {
    return isGoing(row.value().wish()) ? done(row) : settle(row, ErrorCode.NOT_MEMBER);
  }

  private static boolean isGoing(GroupWish wish) {
    return wish instanceof GroupWish.Leave || wish instanceof GroupWish.Decline;
  }

  private Step done(Rows.Row<GroupOutbox.Item> row) {
    outbox.delete(row.key());
    return new Step.Settled(row.value(), Optional.empty());
  }

  private Step settle(Rows.Row<GroupOutbox.Item> row, ErrorCode refusal) {
    outbox.delete(row.key());
    return new Step.Settled(row.value(), Optional.of(refusal));
  }

  private Step settle(Rows.Row<GroupOutbox.Item> row, GroupRefusal refusal) {
    return settle(row, ErrorCode.valueOf(refusal.name()));
  }

  /** Why the entry could not come next in this log. */
  private Optional<GroupRefusal> refusal(GroupView view, GroupContent content) {
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

  /** The next step in a group that this user is in. */
  private final class Next {
    private final GroupView view;
    private final Membership membership;
    private final GroupPrekeys keys;
    private final GroupDuties duties;
    private final GroupWaiting waiting;
    private final GroupEntries entries;

    Next(GroupView view, GroupPrekeys keys) {
      this.view = view;
      this.keys = keys;
      membership = view.membership();
      duties = new GroupDuties(view);
      waiting = new GroupWaiting(view, self, groups.keysAskedAt(view.group()), now);
      entries = new GroupEntries(view, self, random);
    }

    Step step(Optional<Rows.Row<GroupOutbox.Item>> item) {
      Predicate<GroupWish> needsNone = wish -> isGoing(wish) || waiting.mayReset(wish);
      boolean canBeDone = item.map(row -> row.value().wish()).filter(needsNone).isPresent();
      if (view.keys().isEmpty() && !canBeDone) {
        return askForKeys(item.isPresent());
      }
      return item.map(this::step).orElse(new Step.Idle());
    }

    /** This device does not follow: it asks whoever commits next, and waits. */
    private Step askForKeys(boolean hasMore) {
      GroupFlight asking = entries.proposal(Optional.empty(), new GroupProposal.Rekey());
      if (refusal(view, asking.content()).isEmpty()) {
        return ready(asking);
      }
      Optional<Duration> left = hasMore ? waiting.left() : Optional.empty();
      return left.<Step>map(Step.Later::new).orElse(new Step.Idle());
    }

    private Step ready(GroupFlight flight) {
      outbox.put(view.group(), flight);
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
        return settle(row, ErrorCode.NOT_MEMBER);
      } else if (wish instanceof GroupWish.Say say) {
        return say(row, say);
      } else if (wish instanceof GroupWish.Create) {
        return done(row);
      }
      return membership.isAdmin(self.user())
          ? change(row, wish)
          : settle(row, ErrorCode.NOT_ADMIN);
    }

    private Step propose(Rows.Row<GroupOutbox.Item> row, GroupFlight flight) {
      Optional<GroupRefusal> refusal = refusal(view, flight.content());
      return refusal.isPresent() ? settle(row, refusal.get()) : ready(flight);
    }

    private Step accept(Rows.Row<GroupOutbox.Item> row) {
      Optional<Membership.Row> own = membership.row(self.user());
      if (own.filter(mine -> mine.role().isMember()).isPresent()) {
        return done(row);
      }
      UserName inviter =
          own.flatMap(Membership.Row::invitation).orElseThrow().inviter();
      return propose(row, entries.confirm(Optional.of(row.key()), inviter));
    }

    private Step say(Rows.Row<GroupOutbox.Item> row, GroupWish.Say say) {
      Map<UserName, Bytes> blocked = blocked(membership.roster());
      if (!blocked.isEmpty()) {
        return new Step.Blocked(blocked);
      } else if (view.keys().isEmpty() || duties.areDue(now) || isSpent()) {
        return commit(Optional.empty(), List.of(), Optional.empty());
      }
      GroupOutbox.Item item = row.value();
      var plaintext =
          new GroupPlaintext(view.group().value(), item.at(), say.content());
      GroupChain chain = groups.chain(view.group(), self.device());
      return ready(entries.post(row.key(), item.messageId(), chain, plaintext));
    }

    private boolean isSpent() {
      return groups.isSpent(view.group(), membership.epoch());
    }

    /** What is so already is done, whoever did it. */
    private Step change(Rows.Row<GroupOutbox.Item> row, GroupWish wish) {
      Optional<Rows.Row<GroupOutbox.Item>> item = Optional.of(row);
      if (wish instanceof GroupWish.Invite invite) {
        return invite(row, invite);
      } else if (wish instanceof GroupWish.Remove remove) {
        return membership.row(remove.user()).isEmpty()
            ? done(row)
            : commit(
                item, List.of(new GroupOp.Remove(remove.user())), Optional.empty());
      } else if (wish instanceof GroupWish.SetRole set) {
        return role(row, set);
      }
      GroupName name = ((GroupWish.Rename) wish).name();
      return view.name().equals(Optional.of(name.value()))
          ? done(row)
          : commit(item, List.of(), Optional.of(name));
    }

    private Step role(Rows.Row<GroupOutbox.Item> row, GroupWish.SetRole set) {
      Optional<GroupRole> role = membership.row(set.user()).map(Membership.Row::role);
      if (role.isEmpty()) {
        return settle(row, ErrorCode.NOT_MEMBER);
      }
      return role.get() == set.role()
          ? done(row)
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
          if (!people.learn(user, list)) {
            return new Step.Blocked(Map.of(user, list.accountKey()));
          }
          ops.add(new GroupOp.Invite(user, list));
        }
      }
      if (!missing.isEmpty()) {
        return new Step.NeedsKeys(missing, false);
      }
      return ops.isEmpty() ? done(row) : commit(Optional.of(row), ops, Optional.empty());
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
      var commits = new GroupCommits(view, self, keys, random);
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
      Optional<GroupRefusal> refusal = refusal(view, flight.content());
      if (refusal.isPresent()) {
        return item.map(row -> settle(row, refusal.get())).orElse(new Step.Idle());
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
        if (isOther && !people.meet(row.deviceList())) {
          blocked.put(row.user(), row.deviceList().accountKey());
        }
      }
      return blocked;
    }
  }
}

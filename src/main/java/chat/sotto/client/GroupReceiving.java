package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent.Commit;
import chat.sotto.model.GroupContent.Proposal;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupProposal;
import chat.sotto.model.Membership;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.RosterRow;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ServerFrame.CaughtUp;
import chat.sotto.protocol.ServerFrame.GroupEntryPush;
import chat.sotto.protocol.ServerFrame.GroupStart;
import chat.sotto.protocol.ServerFrame.RestoredPush;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a push of a group's log means, in the one transaction that also moves head, roster and
 * keys: either all of it is stored, or the server pushes the entry again.
 */
final class GroupReceiving {
  private final Rows rows;
  private final Self self;
  private final SecureRandom random;
  private final long now;
  private final GroupRows groups;
  private final GroupPast past;
  private final GroupOutbox outbox;
  private final People people;
  private final Prekeys prekeys;
  private final List<ClientEvent> events = new ArrayList<>();

  /** What became of a push. */
  enum Fate {
    /** It is stored, now or before: it may be acknowledged. */
    STORED,
    /** Something before it is missing. */
    GAP,
    /** It is none of what this device takes. */
    IGNORED
  }

  /**
   * @param settled the wish of this device that the entry fulfils
   * @param events what to tell after the transaction
   */
  record Outcome(Fate fate, Optional<GroupOutbox.Item> settled, List<ClientEvent> events) {
    static Outcome of(Fate fate) {
      return new Outcome(fate, Optional.empty(), List.of());
    }
  }

  GroupReceiving(Rows rows, SecureRandom random, long now) {
    this.rows = rows;
    this.random = random;
    this.now = now;
    self = Self.of(rows);
    groups = new GroupRows(rows);
    past = new GroupPast(rows);
    outbox = new GroupOutbox(rows);
    people = new People(rows, self.serverHost());
    prekeys = new Prekeys(rows, self, random);
  }

  /** The log begins here for this device, for the first time or after it was away. */
  Outcome take(GroupStart push) {
    GroupId group = push.owner();
    if (groups.alarm(group).isPresent()) {
      return Outcome.of(Fate.IGNORED);
    }
    Optional<GroupView> view = groups.find(group);
    if (view.filter(known -> known.generation() > push.generation()).isPresent()) {
      // A copy that is restored twice leads once more through what the first restore went on from.
      requireKnown(group, new Point(push.sequenceNr(), push.hash()));
      return Outcome.of(Fate.IGNORED);
    } else if (view.filter(known -> known.generation() != push.generation()).isPresent()) {
      if (!isProved(push)) {
        return Outcome.of(Fate.IGNORED);
      }
    } else {
      requireKnown(group, new Point(push.sequenceNr(), push.hash()));
      if (view.filter(known -> isRepeat(known, push)).isPresent()) {
        return Outcome.of(Fate.IGNORED);
      } else if (view.filter(GroupView::isOpen).isPresent()) {
        // Whoever is in a group hears of its end from its log, and not from a new beginning.
        return Outcome.of(Fate.GAP);
      }
    }
    GroupJoining joining =
        groups
            .joining(group)
            .filter(begun -> begun.goesOnWith(push))
            .map(begun -> begun.with(push))
            .orElseGet(() -> GroupJoining.of(push));
    groups.put(joining);
    return Outcome.of(Fate.IGNORED);
  }

  /**
   * Whether the log begins anew after a restore. Who was let in after the copy hears no end of it,
   * but the inbox has proved that there was a restore.
   *
   * @throws Breach if there was none
   */
  private boolean isProved(GroupStart push) {
    var inbox = new Inbox(rows, self);
    boolean isProved = push.generation() <= inbox.generation();
    GroupLog.requireUnaltered(isProved || inbox.isClaimed(push.generation()));
    return isProved;
  }

  private static boolean isRepeat(GroupView view, GroupStart push) {
    long head = view.head().sequenceNr();
    return head > push.sequenceNr()
        || head == push.sequenceNr() && view.ending().isEmpty();
  }

  /** @throws Breach if the entry may not stand there; then nothing more of the group is taken */
  Outcome take(GroupEntryPush push) {
    GroupId group = push.owner();
    if (groups.alarm(group).isPresent()) {
      return Outcome.of(Fate.IGNORED);
    }
    Optional<GroupJoining> joining = groups.joining(group);
    Optional<GroupView> view = groups.find(group);
    Optional<Point> head =
        joining.map(GroupJoining::head).or(() -> view.map(GroupView::head));
    boolean isOver = joining.isEmpty() && view.flatMap(GroupView::ending).isPresent();
    if (isOver && push.generation() > view.get().generation()) {
      // A restored server has this user in the group again, who stays out.
      return Outcome.of(Fate.IGNORED);
    } else if (head.isEmpty() || push.sequenceNr() > head.get().sequenceNr() + 1) {
      return Outcome.of(Fate.GAP);
    } else if (push.sequenceNr() <= head.get().sequenceNr()) {
      return repeat(group, new Point(push.sequenceNr(), push.hash()));
    } else if (joining.isPresent()) {
      GroupLog.requireUnaltered(push.generation() == joining.get().generation());
      return join(push, joining.get(), view);
    } else if (isOver) {
      return Outcome.of(Fate.IGNORED);
    }
    GroupLog.requireUnaltered(push.generation() == view.get().generation());
    past.remember(view.get().membership());
    return store(push, log(view.get()).take(push), view);
  }

  /** @throws Breach as {@link GroupRestoring#take} */
  Outcome take(RestoredPush push) {
    return new GroupRestoring(rows, self, random).take(push.entry());
  }

  private GroupLog log(GroupView view) {
    return new GroupLog(view, self, groups.held(view.group(), self, random));
  }

  private Outcome join(GroupEntryPush push, GroupJoining joining, Optional<GroupView> before) {
    if (joining.isFounding()) {
      GroupView empty =
          GroupView.before(push.owner(), joining.generation(), joining.start());
      GroupLog.Taken taken = log(empty).take(push);
      GroupLog.requireUnaltered(isFoundHere(taken.view()));
      return store(push, taken, before);
    }
    Optional<GroupJoining> skipped = joining.skip(push);
    if (skipped.isPresent()) {
      groups.put(skipped.get());
      return Outcome.of(Fate.STORED);
    }
    // An invitation that was taken before would lead back to what has been since.
    GroupLog.requireUnaltered(
        !groups.hash(push.owner(), push.sequenceNr()).equals(Optional.of(push.hash())));
    Optional<GroupView> left = before.filter(view -> isAnew(view, joining));
    List<UserName> gone =
        left.filter(GroupView::isOpen).map(view -> gone(view, push)).orElse(List.of());
    long startNr = joining.start().sequenceNr();
    left.ifPresent(view -> new GroupLines(rows).leaveBehind(view.group(), startNr));
    past.forgetAll(push.owner());
    GroupLog.Taken taken =
        joining.join(push, self, groups.held(push.owner(), self, random)).missing(gone);
    joining.rows().stream().map(RosterRow::deviceList).forEach(this::meet);
    groups.putInviter(push.owner(), joining.inviter());
    return store(push, taken, before);
  }

  /** By a device of this user: nobody else makes a group in which only this user is. */
  private boolean isFoundHere(GroupView founded) {
    GroupLog.Held held = groups.held(founded.group(), self, random);
    return founded
        .membership()
        .row(self.user())
        .filter(own -> GroupJoining.isOwn(own.deviceList(), self, held))
        .isPresent();
  }

  private static boolean isAnew(GroupView before, GroupJoining joining) {
    return before.generation() != joining.generation();
  }

  /** Whom this device saw go, and the inviting commit does not invite: a restore undid that. */
  private List<UserName> gone(GroupView before, GroupEntryPush push) {
    Membership now = before.membership();
    Set<UserName> invited =
        push.content() instanceof Commit commit
            ? commit.ops().stream()
                .filter(GroupOp.Invite.class::isInstance)
                .map(GroupOp::user)
                .collect(Collectors.toSet())
            : Set.of();
    Stream<UserName> seen =
        past.people(before.group()).stream()
            .filter(user -> now.row(user).isEmpty() || now.isLeaving(user));
    return Stream.concat(before.missed().stream(), seen)
        .filter(user -> !user.equals(self.user()) && !invited.contains(user))
        .distinct()
        .sorted()
        .toList();
  }

  private Outcome store(
      GroupEntryPush push, GroupLog.Taken all, Optional<GroupView> before) {
    var lines = new GroupLines(rows);
    GroupLog.Taken taken =
        all.with(all.lines().stream().filter(line -> !lines.isRepeat(line)).toList());
    groups.put(taken, before.map(GroupView::membership));
    new GroupAwaited(rows).remove(push.owner());
    taken.usedPrekey().ifPresent(id -> prekeys.used(Prekey.Kind.ONE_TIME.text(), id));
    if (push.content() instanceof Commit commit) {
      commit.ops().forEach(this::meet);
    }
    boolean isOurs = push.fromDevice().equals(self.device());
    boolean isAsking =
        push.content() instanceof Proposal proposal
            && proposal.op() instanceof GroupProposal.Rekey;
    if (isOurs && isAsking) {
      groups.keysAsked(push.owner(), push.time());
    }
    var typingKeys = new TypingKeys(rows);
    if (isOurs) {
      typingKeys.sent(push.owner().value(), push.messageId());
    }
    taken
        .typingKey()
        .ifPresent(key -> typingKeys.heard(push.owner().value(), push.fromDevice(), key));
    Optional<GroupOutbox.Item> settled =
        isOurs ? outbox.landed(push.owner(), push.messageId()) : Optional.empty();
    taken.lines().forEach(line -> tell(lines, line));
    Membership after = taken.view().membership();
    if (before.filter(view -> view.membership() == after).isEmpty()) {
      events.add(new ClientEvent.GroupChanged(push.owner()));
    }
    return new Outcome(Fate.STORED, settled, List.copyOf(events));
  }

  private void tell(GroupLines lines, GroupLine line) {
    if (line.state() == GroupLine.State.CHANGE) {
      lines.changedBy(line).map(ClientEvent.GroupLineChanged::new).ifPresent(events::add);
      lines
          .timer(line)
          .map(timer -> new ClientEvent.GroupTimerSet(line.group(), line.from(), timer.seconds()))
          .ifPresent(events::add);
      return;
    }
    timed(line);
    ShownGroupLine shown = lines.shown(line);
    events.add(new ClientEvent.GroupLineShown(shown.line()));
    if (shown.edited() || shown.deleted() || !shown.reactions().isEmpty()) {
      events.add(new ClientEvent.GroupLineChanged(shown));
    }
  }

  private void timed(GroupLine line) {
    String conversation = Timers.of(line.group());
    var passing = new Disappearing(rows);
    if (line.mine()) {
      passing.begin(conversation, line.from(), line.id(), line.said(), now);
    } else {
      passing.unread(conversation, line.sequenceNr(), line.from(), line.id(), line.said());
    }
  }

  private void meet(GroupOp op) {
    if (op instanceof GroupOp.Invite invite) {
      meet(invite.deviceList());
    } else if (op instanceof GroupOp.Devices devices) {
      meet(devices.deviceList());
    }
  }

  /** Pins who is met for the first time; another key than the one pinned is told. */
  private void meet(DeviceList list) {
    boolean isOther = !list.user().equals(self.user());
    if (isOther && !people.meet(list)) {
      events.add(new ClientEvent.KeyChanged(list.user(), list.accountKey()));
    }
  }

  /** @return {@link Fate#GAP} if something is missing before that point */
  Outcome reached(CaughtUp push) {
    var group = new GroupId(push.owner());
    Optional<GroupView> view = groups.find(group);
    boolean isJoining = groups.joining(group).isPresent();
    if (groups.alarm(group).isPresent()) {
      return Outcome.of(Fate.IGNORED);
    } else if (isJoining || view.isEmpty()) {
      return Outcome.of(Fate.GAP);
    } else if (view.get().ending().isPresent()) {
      return Outcome.of(Fate.IGNORED);
    } else if (view.get().head().sequenceNr() < push.sequenceNr()
        || view.get().generation() < push.generation()) {
      return Outcome.of(Fate.GAP);
    }
    GroupLog.requireUnaltered(push.generation() == view.get().generation());
    requireKnown(group, new Point(push.sequenceNr(), push.hash()));
    return Outcome.of(Fate.STORED);
  }

  /** Of what this device never took, it does not sign that it has it. */
  private Outcome repeat(GroupId group, Point point) {
    requireKnown(group, point);
    boolean isKnown = groups.hash(group, point.sequenceNr()).isPresent();
    return Outcome.of(isKnown ? Fate.STORED : Fate.IGNORED);
  }

  /** What lies before this device's part of the log, it cannot know. */
  private void requireKnown(GroupId group, Point point) {
    Optional<Bytes> known = groups.hash(group, point.sequenceNr());
    GroupLog.requireUnaltered(known.map(point.hash()::equals).orElse(true));
  }
}

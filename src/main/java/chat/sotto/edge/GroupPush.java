package chat.sotto.edge;

import akka.actor.typed.ActorRef;
import chat.sotto.group.BodyIds;
import chat.sotto.group.Group;
import chat.sotto.group.GroupLogEntry;
import chat.sotto.group.GroupState;
import chat.sotto.group.RosterBody;
import chat.sotto.journal.Bodies;
import chat.sotto.journal.StoredEntry;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.RosterRow;
import chat.sotto.protocol.Limits;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.user.Notice;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;

/**
 * A group's log on one connection. The user has it in stretches, each from an invitation to a
 * removal.
 *
 * <p><b>Invariant</b>: nothing that lies outside them is pushed, and of a post that came before the
 * user's confirmation the ciphertext is not.
 */
final class GroupPush extends LogPush<GroupLogEntry> {
  private static final Duration FIRST_RETRY = Duration.ofMillis(500);

  /** Each waits twice as long as the one before: about a minute altogether. */
  private static final int RETRIES = 7;

  private final GroupId group;
  private final GroupPushes all;
  private final Optional<Point> acknowledgedBefore;
  private final StretchCursor stretches;
  private final GroupLeaving leaving;
  private final Deque<LongFunction<ServerFrame.Push>> start = new ArrayDeque<>(0);
  private long head;
  private int retries;
  private boolean lacksRoster;
  private final GroupEntrance entrance;
  private boolean hasMissed;

  GroupPush(Outlet outlet, Notice.GroupPlace place, GroupPushes all) {
    super(
        new Name(LogPoint.GROUP, place.group().value()),
        GroupState.entity(place.group()),
        outlet,
        new Cursor<>(
            new GroupLog(place.group(), outlet.self().device()), Limits.GROUP_IN_FLIGHT_MAX));
    this.group = place.group();
    this.entrance = new GroupEntrance(group);
    this.all = all;
    this.acknowledgedBefore = place.cursor();
    this.stretches = new StretchCursor(outlet.self().user());
    this.leaving = new GroupLeaving(outlet, this, group);
  }

  GroupId group() {
    return group;
  }

  /** The end of the log for the user, once the device has acknowledged it. */
  Optional<Point> acknowledgedTo() {
    return isOver() && cursor().acknowledged() >= cursor().pushed().sequenceNr()
        ? Optional.of(cursor().pushed())
        : Optional.empty();
  }

  // Attaching

  @Override
  void tellAttach() {
    SignIn.Granted self = outlet().self();
    entity().tell(new Group.Attach(self.user(), self.device(), all.notices()));
  }

  @Override
  void attachAgain() {
    // One that does not answer keeps no other waiting.
    all.release(this);
    all.attachSoon(this);
  }

  /** The group has news for the user. */
  void onChanged() {
    retries = 0;
    all.attachSoon(this);
  }

  void onNotice(Group.Notice notice) {
    if (notice instanceof Group.Attached now) {
      onAttached(now);
    } else if (notice instanceof Group.Waiting now) {
      onWaiting(now);
    } else if (notice instanceof Group.Missed missed) {
      onMissed(missed);
    } else if (notice instanceof Group.Appended appended) {
      appended.entries().forEach(this::onAppended);
    } else if (notice instanceof Group.NotMember) {
      onNotMember();
    }
  }

  private void onAttached(Group.Attached now) {
    onAttachedTo(now.group(), now.generations());
    retries = 0;
    entrance.onIn(now);
    head = Math.max(head, now.head().sequenceNr());
    stretches.onAttached(now.stretches());
    if (cursor().isAttached()) {
      cursor().extendTo(stretches.limit(head));
    } else if (stretches.current().isEmpty()) {
      begin();
    }
    if (stretches.isOpen()) {
      leaving.onOpen();
    }
    detachIfOver();
    leaveIfOver();
  }

  private void onWaiting(Group.Waiting now) {
    onAttachedTo(now.group(), now.generations());
    retries = 0;
    if (entrance.onWaiting(now)) {
      start.clear();
      start.add(entrance.waiting(generation(now.head()), now));
    }
  }

  /** Nothing of the log is for this device; those that had it may not have seen its end. */
  private void onMissed(Group.Missed missed) {
    onNotAttached();
    all.release(this);
    entrance.close();
    hasMissed = true;
    leaving.leaveOnceAllHaveSeen(missed.end(), missed.devices());
  }

  private void begin() {
    if (acknowledgedBefore.filter(stretches::resume).isPresent()) {
      cursor().moveTo(GroupLog.position(acknowledgedBefore.get()), stretches.limit(head));
    } else {
      acknowledgedBefore
          .map(at -> stretches.firstAfter(at.sequenceNr()))
          .orElseGet(stretches::newest)
          .ifPresentOrElse(this::begin, () -> all.release(this));
    }
  }

  /** A hint is of use only where the user may see the entry. */
  private void onAppended(GroupLogEntry entry) {
    if (entrance.isWaiting()) {
      if (GroupEntrance.mayLetIn(entry)) {
        all.attachSoon(this);
      }
      return;
    }
    long nr = entry.point().sequenceNr();
    head = Math.max(head, nr);
    if (stretches.isWithin(nr)) {
      cursor().onAppended(entry);
    }
  }

  /** The index is ahead of the group while an invitation is being written. */
  private void onNotMember() {
    onNotAttached();
    all.release(this);
    if (retries < RETRIES) {
      attachAgainAfter(FIRST_RETRY.multipliedBy(1L << retries));
      retries++;
    } else {
      leaving.leave();
    }
  }

  // Pushing

  @Override
  boolean step() {
    if (!start.isEmpty()) {
      outlet().say(start.remove());
      return true;
    }
    if (lacksRoster || isOver()) {
      Optional<Group.Stretch> next = stretches.next();
      if (next.isPresent()) {
        begin(next.get());
        return true;
      }
    }
    return !lacksRoster && super.step();
  }

  /** Whether the current stretch was pushed to its end. */
  private boolean isOver() {
    return cursor().isAttached() && stretches.isOver(cursor().pushed().sequenceNr());
  }

  /**
   * Whether there is nothing left to push that was there when the group answered, or nothing that
   * may be pushed before the device acknowledges: it need not, and others wait.
   */
  boolean isSettled() {
    boolean hasAnswered = isAttached() || isOver();
    return hasAnswered
        && start.isEmpty()
        && (entrance.isWaiting()
            || lacksRoster
            || cursor().isFull()
            || (cursor().isCaughtUp() && !(isOver() && hasNext())));
  }

  private boolean hasNext() {
    return stretches.next().isPresent();
  }

  private void begin(Group.Stretch stretch) {
    stretches.enter(stretch);
    if (stretch.attempt().isEmpty()) {
      begin(stretch.start(), List.of());
      return;
    }
    outlet()
        .read(
            bodies().get(BodyIds.roster(group, stretch.attempt().get())),
            body -> {
              lacksRoster = body.isEmpty();
              body.map(RosterBody::fromBytes)
                  .ifPresentOrElse(
                      roster -> begin(stretch.start(), roster.rows()), this::onRosterGone);
            });
  }

  /** It has expired, and without it a device could not check what follows. */
  private void onRosterGone() {
    if (isOverForGood()) {
      detach();
      leaving.leave();
    }
  }

  private void begin(Point at, List<RosterRow> rows) {
    start.clear();
    start.addAll(entrance.start(generation(at), at, rows));
    cursor().moveTo(GroupLog.position(at), stretches.limit(head));
  }

  @Override
  Optional<GroupLogEntry> entry(StoredEntry event) {
    return Optional.of(GroupLogEntry.of(group, event.sequenceNr(), event.entry()));
  }

  @Override
  CompletionStage<LongFunction<ServerFrame.Push>> push(GroupLogEntry entry) {
    if (entry instanceof GroupLogEntry.OfServer restored) {
      return Stages.now(nonce -> ServerFrame.RestoredPush.of(nonce, restored.entry()));
    }
    var made = (GroupLogEntry.OfDevice) entry;
    boolean isReadable = stretches.isReadable(made.entry().sequenceNr());
    DeviceId device = outlet().self().device();
    return GroupBodies.read(bodies(), group, device, made, isReadable, outlet().now())
        .thenApply(beside -> nonce -> push(nonce, made.entry(), beside));
  }

  private ServerFrame.Push push(long nonce, GroupEntry entry, GroupBodies.Beside beside) {
    return new ServerFrame.GroupEntryPush(
        nonce,
        group,
        generation(entry.point()),
        entry.sequenceNr(),
        entry.time(),
        entry.fromUser(),
        entry.fromDevice(),
        entry.messageId(),
        entry.content(),
        entry.hash(),
        entry.seed(),
        beside.info(),
        beside.piece(),
        beside.ciphertext());
  }

  @Override
  void onPushed(GroupLogEntry entry) {
    if (entry instanceof GroupLogEntry.OfDevice made) {
      stretches.onPushed(made.entry());
      entrance.onPushed(made.entry(), outlet().self().user());
    }
    detachIfOver();
  }

  private void detachIfOver() {
    if (isOver() && !hasNext()) {
      detach();
    }
  }

  /** It could undo an attaching that is under way: that one's answer comes back here. */
  private void detach() {
    if (isAttached() && !isAsking()) {
      onDetached();
      entity().tell(new Group.Detach(all.notices()));
    }
  }

  /** Pushes once more what came after an entry, as far as it is the user's. */
  void follow(long after) {
    if (!cursor().isAttached() || !start.isEmpty() || after >= cursor().pushed().sequenceNr()) {
      return;
    }
    // A device may not have seen the end of an earlier stretch, though it acknowledged nothing.
    Group.Stretch from =
        stretches.goingOnAfter(after).or(stretches::current).orElseThrow();
    if (after <= from.start().sequenceNr()) {
      begin(from);
    } else {
      stretches.enter(from);
      outlet()
          .read(
              readJournal(after - 1, after),
              events -> {
                Point at = entry(events.get(0)).orElseThrow().point();
                cursor().moveTo(GroupLog.position(at), stretches.limit(head));
              });
    }
  }

  // Leaving

  @Override
  void onAcknowledgementStored() {
    leaveIfOver();
  }

  private void leaveIfOver() {
    if (!isOverForGood()) {
      return;
    }
    if (lacksRoster) {
      leaving.leave();
    } else if (cursor().acknowledged() >= cursor().pushed().sequenceNr()) {
      leaving.leaveOnceAllHaveSeen(cursor().pushed().sequenceNr(), entrance.devices());
    }
  }

  /** Whether the user is not in the group any more and nothing of it is left to push. */
  boolean isOverForGood() {
    boolean isOver = hasMissed || lacksRoster || isOver();
    return all.has(this) && !entrance.isWaiting() && !stretches.isOpen() && !hasNext() && isOver;
  }

  /** Unless the group has news meanwhile, which say how it goes on. */
  void onLeft() {
    if (!isAsking() && !all.isWaiting(this) && !stretches.isOpen()) {
      onDetached();
      all.remove(this);
    }
  }

  private Entity<Group.Command> entity() {
    return outlet().node().group(group);
  }

  private Bodies bodies() {
    return outlet().node().store().bodies();
  }
}

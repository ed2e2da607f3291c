package chat.sotto.group;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.ReplyEffect;
import chat.sotto.journal.CommandTable;
import chat.sotto.journal.Decision;
import chat.sotto.journal.JournalEntry;
import chat.sotto.journal.JournaledEntity;
import chat.sotto.model.Device;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupRefusal;
import chat.sotto.model.Membership;
import chat.sotto.model.RosterRow;
import chat.sotto.model.UserName;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A group's entity: what becomes an entry is decided by {@link AppendDecisions}, and carried out
 * here. Nothing is answered before the event it rests on is on disk; a refusal is a reply and
 * leaves no event.
 */
final class GroupBehavior extends JournaledEntity<Group.Command, GroupState> {
  /**
   * What the behaviour is given.
   *
   * @param nanoTime for rates: rises whatever the clock does
   * @param putBody takes a body into the queue in which the next event will be
   * @param deleteBodies drops bodies that nobody needs any more, without blocking
   * @param passivate asks for this entity's {@link Group.Stop}
   */
  record Surroundings(
      Clock clock,
      LongSupplier nanoTime,
      GroupLimits limits,
      PutBody putBody,
      Consumer<Collection<String>> deleteBodies,
      Consumer<ActorRef<Group.Command>> passivate) {}

  @FunctionalInterface
  interface PutBody {
    /** @return false if too much waits to be written */
    boolean put(String id, byte[] bytes, long expiresAt);
  }

  private static final CommandTable<GroupBehavior, Group.Command, GroupState> COMMANDS =
      commands();

  /** From so many connections on, telling them of a post costs more than taking it. */
  static final int CROWD_MIN = 16;

  /** A crowd that was told is left alone for this, and then told of several posts at once. */
  static final Duration REST = Duration.ofMillis(10);

  private final ActorContext<Group.Command> context;
  private final TimerScheduler<Group.Command> timers;
  private final GroupId group;
  private final Surroundings surroundings;
  private final AppendDecisions decisions;
  private final Attachments attachments = new Attachments();
  private final Acknowledged acknowledged = new Acknowledged();
  private final List<GroupLogEntry.OfDevice> untold = new ArrayList<>();

  static Behavior<Group.Command> create(GroupId group, Surroundings surroundings) {
    return Behaviors.withTimers(
        timers ->
            setup(
                Group.Command.class,
                Group.Stop.class,
                context -> new GroupBehavior(context, timers, group, surroundings)));
  }

  private GroupBehavior(
      ActorContext<Group.Command> context,
      TimerScheduler<Group.Command> timers,
      GroupId group,
      Surroundings surroundings) {
    super(context, GroupState.entity(group), new Group.Idle(), surroundings.passivate());
    this.context = context;
    this.timers = timers;
    this.group = group;
    this.surroundings = surroundings;
    this.decisions =
        new AppendDecisions(
            surroundings.clock(), new PostRate(surroundings.limits(), surroundings.nanoTime()));
  }

  @Override
  public GroupState emptyState() {
    return GroupState.empty(group);
  }

  @Override
  protected CommandHandlerWithReply<Group.Command, JournalEntry, GroupState> handler() {
    return COMMANDS.of(this);
  }

  private static CommandTable<GroupBehavior, Group.Command, GroupState> commands() {
    var table = new CommandTable<GroupBehavior, Group.Command, GroupState>();
    table
        .forAnyState()
        .onCommand(Group.AppendAll.class, GroupBehavior::onAppend)
        .onCommand(Group.Review.class, GroupBehavior::onReview)
        .onCommand(Group.Attach.class, GroupBehavior::onAttach)
        .onCommand(Group.Detach.class, GroupBehavior::onDetach)
        .onCommand(Group.DescribeRoster.class, GroupBehavior::onDescribeRoster)
        .onCommand(Group.Progress.class, GroupBehavior::onProgress)
        .onCommand(Group.Typing.class, GroupBehavior::onTyping)
        .onCommand(Group.TellNow.class, GroupBehavior::onTellNow)
        .onCommand(Group.Idle.class, (entity, state, command) -> entity.leaveIfAlone())
        .onCommand(Group.Stop.class, GroupBehavior::onStop);
    return table;
  }

  private ReplyEffect<JournalEntry, GroupState> onStop(GroupState state, Group.Stop command) {
    return Effect().stop().thenNoReply();
  }

  private ReplyEffect<JournalEntry, GroupState> onAppend(
      GroupState state, Group.AppendAll command) {
    Decision<GroupEvent, Group.AppendReplies> decision = decisions.append(state, command);
    if (decision.events().isEmpty()) {
      return answer(state, command.replyTo(), decision.reply());
    }
    List<Logged> logged = logged(decision);
    if (!logged.stream().allMatch(this::putRoster)) {
      List<Group.AppendReply> busy =
          Collections.nCopies(command.appends().size(), new Group.Busy());
      return answer(state, command.replyTo(), new Group.AppendReplies(busy));
    }
    return persist(decision)
        .thenRun(after -> makeKnown(logged))
        .thenReply(command.replyTo(), after -> decision.reply());
  }

  /** An entry, between what it found and what it left. */
  private record Logged(GroupState before, GroupEvent.Signed event, GroupState after) {
    GroupLogEntry.OfDevice entry() {
      return GroupLogEntry.OfDevice.of(event);
    }

    boolean isPost() {
      return event instanceof GroupEvent.Posted;
    }
  }

  private static List<Logged> logged(Decision<GroupEvent, ?> decision) {
    List<Logged> logged = new ArrayList<>();
    for (int i = 0; i < decision.events().size(); i++) {
      logged.add(
          new Logged(
              (GroupState) decision.states().get(i),
              (GroupEvent.Signed) decision.events().get(i),
              (GroupState) decision.states().get(i + 1)));
    }
    return logged;
  }

  private static boolean bringsDevices(GroupState before, GroupEvent.Committed event) {
    return event.content().ops().stream()
        .anyMatch(
            op ->
                op instanceof GroupOp.Invite
                    || op instanceof GroupOp.Devices devices
                        && devices.deviceList().devices().stream()
                            .anyMatch(device -> !before.hasDevice(op.user(), device.id())));
  }

  /**
   * Puts up what newcomers are given, if there are any: queued before the event, it is on disk no
   * later.
   */
  private boolean putRoster(Logged logged) {
    return !(logged.event() instanceof GroupEvent.Committed event)
        || !bringsDevices(logged.before(), event)
        || surroundings
            .putBody()
            .put(
                BodyIds.roster(group, event.attempt()),
                new RosterBody(logged.after().membership().roster()).toBytes(),
                event.expiresAt());
  }

  /**
   * Tells connections what is on disk now, of posts a crowd a moment later, and those who are out
   * for the last time; but nothing to a device that its user took from the list.
   */
  private void makeKnown(List<Logged> logged) {
    for (Logged one : logged) {
      if (one.isPost()) {
        untold.add(one.entry());
      } else {
        tellUntold();
        makeKnown(one);
      }
    }
    if (!isResting()) {
      tellUntold();
    }
  }

  /**
   * Until the timer fires. {@code TellNow} may then wait for a write, or be dropped because too
   * much does; but whatever is written when nobody rests is told with all that was untold.
   */
  private boolean isResting() {
    return timers.isTimerActive(Group.TellNow.class);
  }

  private void makeKnown(Logged change) {
    GroupState after = change.after();
    attachments.keepOnly(one -> !one.isIn() || after.hasDevice(one.user(), one.device()));
    untold.add(change.entry());
    tellUntold();
    attachments.keepOnly(one -> after.isOpen(one.user()));
  }

  private void tellUntold() {
    if (untold.isEmpty()) {
      return;
    }
    if (!isResting() && attachments.size() >= CROWD_MIN) {
      timers.startSingleTimer(Group.TellNow.class, new Group.TellNow(), REST);
    }
    attachments.tellAll(new Group.Appended(group, List.copyOf(untold)));
    untold.clear();
  }

  private ReplyEffect<JournalEntry, GroupState> onTellNow(
      GroupState state, Group.TellNow command) {
    return Effect().none().thenRun(this::tellUntold).thenNoReply();
  }

  private ReplyEffect<JournalEntry, GroupState> onReview(GroupState state, Group.Review command) {
    return answer(state, command.replyTo(), decisions.review(state, command));
  }

  private ReplyEffect<JournalEntry, GroupState> onAttach(GroupState state, Group.Attach command) {
    UserName user = command.user();
    if (state.stretches().of(user).isEmpty()) {
      return answer(state, command.connection(), new Group.NotMember(group));
    }
    boolean isIn = state.hasDevice(user, command.device());
    return Effect()
        .none()
        .thenRun(
            () -> {
              if (state.isOpen(user)) {
                var follower = new Attachments.Follower(user, command.device(), isIn);
                attachments.attach(command.connection(), follower);
                context.watch(command.connection());
              }
            })
        .thenReply(command.connection(), after -> attached(state, user, command.device()));
  }

  private Group.Notice attached(GroupState state, UserName user, DeviceId device) {
    List<Group.Stretch> stretches = state.stretches().of(user, device);
    List<DeviceId> devices = List.copyOf(state.stretches().devices(user).keySet());
    if (!stretches.isEmpty()) {
      return new Group.Attached(
          group,
          context.getSelf(),
          state.head(),
          stretches,
          devices,
          state.inviter(user),
          state.generations());
    }
    if (state.isOpen(user)) {
      boolean isPending = state.isListPending(user);
      return new Group.Waiting(
          group, context.getSelf(), state.head(), isPending, state.generations());
    }
    return new Group.Missed(group, state.stretches().end(user), devices);
  }

  private ReplyEffect<JournalEntry, GroupState> onDetach(GroupState state, Group.Detach command) {
    return Effect()
        .none()
        .thenRun(
            () -> {
              attachments.remove(command.connection());
              context.unwatch(command.connection());
            })
        .thenNoReply();
  }

  private ReplyEffect<JournalEntry, GroupState> onDescribeRoster(
      GroupState state, Group.DescribeRoster command) {
    Membership membership = state.membership();
    return membership.isMember(command.user())
        ? Effect().reply(command.replyTo(), roster(membership))
        : answer(state, command.replyTo(), new Group.Refused(GroupRefusal.NOT_MEMBER));
  }

  private static Group.Roster roster(Membership membership) {
    return new Group.Roster(
        membership.roster().stream()
            .map(
                row ->
                    new Group.RosterUser(
                        row.user(), membership.isMember(row.user()), devicesOf(row)))
            .toList());
  }

  private static List<DeviceId> devicesOf(RosterRow row) {
    return row.deviceList().devices().stream().map(Device::id).toList();
  }

  private ReplyEffect<JournalEntry, GroupState> onProgress(
      GroupState state, Group.Progress command) {
    if (state.isEmpty()) {
      return leaveIfAlone();
    }
    return Effect()
        .none()
        .thenRun(
            () -> {
              List<String> unneeded =
                  acknowledged.add(state, command.user(), command.sequenceNr());
              if (!unneeded.isEmpty()) {
                surroundings.deleteBodies().accept(unneeded);
              }
            })
        .thenNoReply();
  }

  private ReplyEffect<JournalEntry, GroupState> onTyping(GroupState state, Group.Typing command) {
    Membership membership = state.membership();
    UserName user = command.user();
    if (state.isEmpty() || !membership.isMember(user, command.device())) {
      return leaveIfAlone();
    }
    return Effect()
        .none()
        .thenRun(
            () ->
                attachments.tell(
                    new Group.Typed(group, user, command.device(), command.sealed()),
                    one ->
                        !one.user().equals(user)
                            && membership.isMember(one.user(), one.device())))
        .thenNoReply();
  }

  /** Nothing happened but this reply; a group that nobody made leaves memory at once. */
  private <R> ReplyEffect<JournalEntry, GroupState> answer(
      GroupState state, ActorRef<? super R> replyTo, R reply) {
    return state.isEmpty()
        ? answerAndLeave(replyTo, reply)
        : Effect().none().thenReply(replyTo, after -> reply);
  }

  @Override
  protected boolean isAttached() {
    return !attachments.isEmpty();
  }

  @Override
  protected void detach(ActorRef<?> connection) {
    attachments.remove(connection);
  }
}

package chat.sotto.user;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.ReplyEffect;
import chat.sotto.journal.CommandTable;
import chat.sotto.journal.Decision;
import chat.sotto.journal.JournalEntry;
import chat.sotto.journal.JournaledEntity;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A user's entity: what each command leads to is decided by {@link AccountDecisions}, {@link
 * PrekeyDecisions}, {@link InboxDecisions}, {@link AckDecisions} and {@link GroupDecisions}, and
 * carried out here. Nothing is answered before the events it rests on are on disk; a refusal is a
 * reply and leaves no event.
 */
final class UserBehavior extends JournaledEntity<User.Command, UserState> {
  private static final CommandTable<UserBehavior, User.Command, UserState> COMMANDS = commands();

  private final UserName user;
  private final UserSurroundings surroundings;
  private final Announcements announcements;
  private final AccountDecisions accounts;
  private final AccountChangeDecisions changes;
  private final PrekeyDecisions prekeys;
  private final InboxDecisions inbox;
  private final AckDecisions acks;
  private final GroupDecisions groups;
  private final ArchiveDecisions archives;

  static Behavior<User.Command> create(UserName user, UserSurroundings surroundings) {
    return setup(
        User.Command.class,
        User.Stop.class,
        context -> new UserBehavior(context, user, surroundings));
  }

  private UserBehavior(
      ActorContext<User.Command> context, UserName user, UserSurroundings surroundings) {
    super(context, UserState.entity(user), new User.Idle(), surroundings.passivate());
    this.user = user;
    this.surroundings = surroundings;
    this.announcements = new Announcements(context, surroundings);
    this.accounts = new AccountDecisions(surroundings.clock(), surroundings.limits());
    this.changes =
        new AccountChangeDecisions(surroundings.clock(), surroundings.limits(), accounts);
    this.prekeys = new PrekeyDecisions(surroundings.clock());
    this.inbox = new InboxDecisions(surroundings.clock(), surroundings.limits());
    this.acks = new AckDecisions(surroundings.clock());
    this.groups = new GroupDecisions(surroundings.clock());
    this.archives = new ArchiveDecisions(surroundings.clock(), surroundings.limits());
  }

  @Override
  public UserState emptyState() {
    return UserState.empty(user);
  }

  @Override
  protected CommandHandlerWithReply<User.Command, JournalEntry, UserState> handler() {
    return COMMANDS.of(this);
  }

  private static CommandTable<UserBehavior, User.Command, UserState> commands() {
    var table = new CommandTable<UserBehavior, User.Command, UserState>();
    // Whether the name is free is a rule of its own; everything else needs an account, but for
    // what is asked of a name that is all that is left of one.
    table
        .forAnyState()
        .onCommand(User.Register.class, UserBehavior::onRegister)
        .onCommand(User.Idle.class, (entity, state, command) -> entity.leaveIfAlone())
        .onCommand(User.Stop.class, UserBehavior::onStop);
    table
        .forState(UserState::isErased)
        .onCommand(User.PutPrekeys.class, inVain(User.PutPrekeys::replyTo, Brought::by))
        .onCommand(User.GiveSignedKeys.class, UserBehavior::onGiveSignedKeys);
    table
        .forState(UserState::isReopened)
        .onCommand(AccountCommand.Describe.class, UserBehavior::onDescribeReopened);
    table
        .forState(UserState::isRegistered)
        .onCommand(AccountCommand.Reopen.class, UserBehavior::onReopen)
        .onCommand(User.Erase.class, UserBehavior::onErase);
    table
        .forState(state -> !state.hasAccount())
        .onCommand(User.Erase.class, unknown(User.Erase::replyTo))
        .onCommand(AccountCommand.Describe.class, unknown(AccountCommand.Describe::replyTo))
        .onCommand(AccountCommand.Reopen.class, unknown(AccountCommand.Reopen::replyTo))
        .onCommand(AccountCommand.Link.class, inVain(AccountCommand.Link::replyTo, Brought::by))
        .onCommand(AccountCommand.Change.class, inVain(AccountCommand.Change::replyTo, Brought::by))
        .onCommand(AccountCommand.AskReset.class, unknown(AccountCommand.AskReset::replyTo))
        .onCommand(AccountCommand.CancelReset.class, unknown(AccountCommand.CancelReset::replyTo))
        .onCommand(
            AccountCommand.PutSync.class, inVain(AccountCommand.PutSync::replyTo, Brought::by))
        .onCommand(User.SignIn.class, unknown(User.SignIn::replyTo))
        .onCommand(User.Resume.class, unknown(User.Resume::replyTo))
        .onCommand(User.SignOut.class, unknown(User.SignOut::replyTo))
        .onCommand(User.SetVisibility.class, unknown(User.SetVisibility::replyTo))
        .onCommand(User.DescribeDevices.class, unknown(User.DescribeDevices::replyTo))
        .onCommand(User.PutPrekeys.class, unknown(User.PutPrekeys::replyTo))
        .onCommand(User.GiveKeys.class, unknown(User.GiveKeys::replyTo))
        .onCommand(User.Accept.class, UserBehavior::onAcceptInVain)
        .onCommand(User.FindHeard.class, unknown(User.FindHeard::replyTo))
        .onCommand(User.Acknowledge.class, unknown(User.Acknowledge::replyTo))
        .onCommand(User.JoinGroup.class, unknown(User.JoinGroup::replyTo))
        .onCommand(User.LeaveGroup.class, unknown(User.LeaveGroup::replyTo))
        .onCommand(User.FindProgress.class, unknown(User.FindProgress::replyTo))
        .onCommand(User.GiveSignedKeys.class, unknown(User.GiveSignedKeys::replyTo))
        .onCommand(ArchiveCommand.Find.class, unknown(ArchiveCommand.Find::replyTo))
        .onCommand(ArchiveCommand.Append.class, unknown(ArchiveCommand.Append::replyTo))
        .onCommand(ArchiveCommand.Drop.class, unknown(ArchiveCommand.Drop::replyTo))
        .onCommand(User.GroupNews.class, (entity, state, command) -> entity.leaveIfAlone())
        .onCommand(User.Attach.class, UserBehavior::onAttachToNobody);
    table
        .forState(UserState::hasAccount)
        .onCommand(AccountCommand.Describe.class, UserBehavior::onDescribe)
        .onCommand(AccountCommand.Link.class, UserBehavior::onLink)
        .onCommand(AccountCommand.Change.class, UserBehavior::onChange)
        .onCommand(AccountCommand.AskReset.class, UserBehavior::onAskReset)
        .onCommand(AccountCommand.CancelReset.class, UserBehavior::onCancelReset)
        .onCommand(AccountCommand.PutSync.class, UserBehavior::onPutSync)
        .onCommand(User.SignIn.class, UserBehavior::onSignIn)
        .onCommand(User.Resume.class, UserBehavior::onResume)
        .onCommand(User.SignOut.class, UserBehavior::onSignOut)
        .onCommand(User.SetVisibility.class, UserBehavior::onSetVisibility)
        .onCommand(User.DescribeDevices.class, UserBehavior::onDescribeDevices)
        .onCommand(User.PutPrekeys.class, UserBehavior::onPutPrekeys)
        .onCommand(User.GiveKeys.class, UserBehavior::onGiveKeys)
        .onCommand(User.Accept.class, UserBehavior::onAccept)
        .onCommand(User.FindHeard.class, UserBehavior::onFindHeard)
        .onCommand(User.Acknowledge.class, UserBehavior::onAcknowledge)
        .onCommand(User.JoinGroup.class, UserBehavior::onJoinGroup)
        .onCommand(User.GroupNews.class, UserBehavior::onGroupNews)
        .onCommand(User.LeaveGroup.class, UserBehavior::onLeaveGroup)
        .onCommand(User.FindProgress.class, UserBehavior::onFindProgress)
        .onCommand(User.GiveSignedKeys.class, UserBehavior::onGiveSignedKeys)
        .onCommand(ArchiveCommand.Find.class, UserBehavior::onFindArchive)
        .onCommand(ArchiveCommand.Append.class, UserBehavior::onAppendBatch)
        .onCommand(ArchiveCommand.Drop.class, UserBehavior::onDropArchive)
        .onCommand(User.Attach.class, UserBehavior::onAttach);
    return table;
  }

  private ReplyEffect<JournalEntry, UserState> onStop(UserState state, User.Stop command) {
    return Effect().stop().thenNoReply();
  }

  private ReplyEffect<JournalEntry, UserState> onRegister(UserState state, User.Register command) {
    DeviceId device = command.deviceList().devices().get(0).id();
    Set<String> brought = Brought.prekeys(user, device, command.prekeys());
    return carryOut(state, command.replyTo(), accounts.register(state, command), brought);
  }

  private ReplyEffect<JournalEntry, UserState> onDescribe(
      UserState state, AccountCommand.Describe command) {
    return Effect().reply(command.replyTo(), announcements.facts(state));
  }

  private ReplyEffect<JournalEntry, UserState> onDescribeReopened(
      UserState state, AccountCommand.Describe command) {
    return Effect().reply(command.replyTo(), AccountDecisions.reopened(state));
  }

  private ReplyEffect<JournalEntry, UserState> onLink(
      UserState state, AccountCommand.Link command) {
    return carryOut(
        state, command.replyTo(), changes.link(state, command), Brought.by(user, command));
  }

  private ReplyEffect<JournalEntry, UserState> onChange(
      UserState state, AccountCommand.Change command) {
    return carryOut(
        state, command.replyTo(), changes.change(state, command), Brought.by(user, command));
  }

  private ReplyEffect<JournalEntry, UserState> onAskReset(
      UserState state, AccountCommand.AskReset command) {
    return carryOut(state, command.replyTo(), changes.askReset(state, command));
  }

  private ReplyEffect<JournalEntry, UserState> onCancelReset(
      UserState state, AccountCommand.CancelReset command) {
    return carryOut(state, command.replyTo(), changes.cancelReset(state, command));
  }

  private ReplyEffect<JournalEntry, UserState> onPutSync(
      UserState state, AccountCommand.PutSync command) {
    return carryOut(
        state, command.replyTo(), changes.putSync(state, command), Brought.by(user, command));
  }

  private ReplyEffect<JournalEntry, UserState> onReopen(
      UserState state, AccountCommand.Reopen command) {
    return carryOut(state, command.replyTo(), changes.reopen(state, command));
  }

  private ReplyEffect<JournalEntry, UserState> onSignIn(UserState state, User.SignIn command) {
    return carryOut(state, command.replyTo(), accounts.signIn(state, command));
  }

  private ReplyEffect<JournalEntry, UserState> onResume(UserState state, User.Resume command) {
    return carryOut(state, command.replyTo(), accounts.resume(state, command));
  }

  private ReplyEffect<JournalEntry, UserState> onSignOut(UserState state, User.SignOut command) {
    return carryOut(state, command.replyTo(), accounts.signOut(state, command));
  }

  private ReplyEffect<JournalEntry, UserState> onSetVisibility(
      UserState state, User.SetVisibility command) {
    return carryOut(state, command.replyTo(), accounts.setVisibility(state, command));
  }

  private ReplyEffect<JournalEntry, UserState> onDescribeDevices(
      UserState state, User.DescribeDevices command) {
    var devices = state.account().map(one -> new User.Devices(one.deviceList(), one.listHash()));
    return Effect().reply(command.replyTo(), devices.orElseThrow());
  }

  private ReplyEffect<JournalEntry, UserState> onPutPrekeys(
      UserState state, User.PutPrekeys command) {
    return carryOut(
        state, command.replyTo(), prekeys.put(state, command), Brought.by(user, command));
  }

  private ReplyEffect<JournalEntry, UserState> onErase(UserState state, User.Erase command) {
    return carryOut(state, command.replyTo(), accounts.erase(state, command), Set.of());
  }

  private ReplyEffect<JournalEntry, UserState> onGiveKeys(UserState state, User.GiveKeys command) {
    return carryOut(state, command.replyTo(), prekeys.give(state, command), Set.of());
  }

  /** Of what brought bodies before its connection learned that the account is gone. */
  private static <D> CommandTable.Handler<UserBehavior, D, UserState> inVain(
      Function<D, ActorRef<? super User.UnknownUser>> replyTo,
      BiFunction<UserName, D, Set<String>> brought) {
    return (entity, state, command) -> {
      Set<String> bodies = brought.apply(entity.user, command);
      return entity
          .Effect()
          .none()
          .thenRun(() -> entity.dropUnheld(bodies, state))
          .thenReply(replyTo.apply(command), after -> new User.UnknownUser());
    };
  }

  private ReplyEffect<JournalEntry, UserState> onAccept(UserState state, User.Accept command) {
    return carryOut(state, command.replyTo(), inbox.accept(state, command));
  }

  private ReplyEffect<JournalEntry, UserState> onFindHeard(
      UserState state, User.FindHeard command) {
    return Effect().reply(command.replyTo(), InboxDecisions.heard(state, command));
  }

  private ReplyEffect<JournalEntry, UserState> onAcknowledge(
      UserState state, User.Acknowledge command) {
    return carryOut(state, command.replyTo(), acks.acknowledge(state, command));
  }

  private ReplyEffect<JournalEntry, UserState> onJoinGroup(
      UserState state, User.JoinGroup command) {
    return carryOut(state, command.replyTo(), groups.join(state, command));
  }

  private ReplyEffect<JournalEntry, UserState> onGroupNews(
      UserState state, User.GroupNews command) {
    return Effect()
        .none()
        .thenRun(() -> announcements.tellOf(state, command.group()))
        .thenNoReply();
  }

  private ReplyEffect<JournalEntry, UserState> onLeaveGroup(
      UserState state, User.LeaveGroup command) {
    return carryOut(state, command.replyTo(), groups.leave(state, command));
  }

  private ReplyEffect<JournalEntry, UserState> onFindProgress(
      UserState state, User.FindProgress command) {
    return Effect().reply(command.replyTo(), GroupDecisions.progress(state, command));
  }

  private ReplyEffect<JournalEntry, UserState> onGiveSignedKeys(
      UserState state, User.GiveSignedKeys command) {
    return Effect().reply(command.replyTo(), PrekeyDecisions.signed(state));
  }

  private ReplyEffect<JournalEntry, UserState> onFindArchive(
      UserState state, ArchiveCommand.Find command) {
    return Effect().reply(command.replyTo(), archives.facts(state));
  }

  /**
   * The store's queue keeps the order: the body is on disk no later than its event. After a crash
   * between them the next batch of this number takes its place.
   */
  private ReplyEffect<JournalEntry, UserState> onAppendBatch(
      UserState state, ArchiveCommand.Append command) {
    var decision = archives.append(state, command);
    boolean isTaken = !decision.events().isEmpty();
    if (isTaken
        && !surroundings
            .keepBody()
            .test(BodyIds.batch(user, command.nr()), command.blob().toArray())) {
      return Effect().reply(command.replyTo(), new ArchiveCommand.Busy());
    }
    return carryOut(state, command.replyTo(), decision);
  }

  private ReplyEffect<JournalEntry, UserState> onDropArchive(
      UserState state, ArchiveCommand.Drop command) {
    return carryOut(state, command.replyTo(), archives.drop(state, command));
  }

  private <R> ReplyEffect<JournalEntry, UserState> carryOut(
      UserState before, ActorRef<R> replyTo, Decision<UserEvent, R> decision) {
    return persist(decision)
        .thenRun(after -> announcements.makeKnown(before, after, decision.events()))
        .thenReply(replyTo, after -> decision.reply());
  }

  /**
   * A command that may take the place of bodies.
   *
   * @param brought those that were stored for it
   */
  private <R> ReplyEffect<JournalEntry, UserState> carryOut(
      UserState before,
      ActorRef<R> replyTo,
      Decision<UserEvent, R> decision,
      Set<String> brought) {
    Set<String> bodies = KeptBodies.held(before);
    bodies.addAll(brought);
    return persist(decision)
        .thenRun(after -> dropUnheld(bodies, after))
        .thenRun(after -> announcements.makeKnown(before, after, decision.events()))
        .thenReply(replyTo, after -> decision.reply());
  }

  /** Event first, deletion after: what is dropped are bodies that nobody can be led to. */
  private void dropUnheld(Set<String> bodies, UserState after) {
    var unheld = new HashSet<>(bodies);
    unheld.removeAll(KeptBodies.held(after));
    if (!unheld.isEmpty()) {
      surroundings.deleteBodies().accept(unheld);
    }
  }

  private ReplyEffect<JournalEntry, UserState> onAttach(UserState state, User.Attach command) {
    return Effect().none().thenRun(() -> announcements.attach(state, command)).thenNoReply();
  }

  private ReplyEffect<JournalEntry, UserState> onAcceptInVain(
      UserState state, User.Accept command) {
    return answerAndLeave(command.replyTo(), command.unknownUser());
  }

  private ReplyEffect<JournalEntry, UserState> onAttachToNobody(
      UserState state, User.Attach command) {
    return answerAndLeave(command.connection(), new Notice.SignedOff());
  }

  private static <D> CommandTable.Handler<UserBehavior, D, UserState> unknown(
      Function<D, ActorRef<? super User.UnknownUser>> replyTo) {
    return (entity, state, command) ->
        entity.answerAndLeave(replyTo.apply(command), new User.UnknownUser());
  }

  /** What a crash right after an event kept from being deleted. */
  @Override
  protected void onRecovered(UserState state) {
    Set<String> left = KeptBodies.former(state);
    if (!left.isEmpty()) {
      surroundings.deleteBodies().accept(left);
    }
    if (state.isErased() && !state.isReopened()) {
      surroundings.removals().erased(user, state.chain().sequenceNr());
    }
  }

  @Override
  protected boolean isAttached() {
    return announcements.isAnybodyAttached();
  }

  @Override
  protected void detach(ActorRef<?> connection) {
    announcements.detach(connection);
  }
}

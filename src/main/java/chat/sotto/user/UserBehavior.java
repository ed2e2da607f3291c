package chat.sotto.user;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.ReplyEffect;
import chat.sotto.journal.Decision;
import chat.sotto.journal.JournalEntry;
import chat.sotto.journal.JournaledEntity;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A user's entity: what each command leads to is decided by {@link AccountDecisions}, {@link
 * PrekeyDecisions}, {@link InboxDecisions}, {@link AckDecisions} and {@link GroupDecisions}, and
 * carried out here. Nothing is answered before the events it rests on are on disk; a refusal is a
 * reply and leaves no event.
 */
final class UserBehavior extends JournaledEntity<User.Command, UserState> {
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
    return Behaviors.setup(context -> new UserBehavior(context, user, surroundings));
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
  public CommandHandlerWithReply<User.Command, JournalEntry, UserState> commandHandler() {
    var table = newCommandHandlerWithReplyBuilder();
    // Whether the name is free is a rule of its own; everything else needs an account, but for
    // what is asked of a name that is all that is left of one.
    table
        .forAnyState()
        .onCommand(User.Register.class, this::onRegister)
        .onCommand(User.Idle.class, () -> leaveIfAlone())
        .onCommand(User.Stop.class, () -> Effect().stop().thenNoReply());
    table
        .forState(UserState::isErased)
        .onCommand(User.PutPrekeys.class, this::onPutPrekeysInVain)
        .onCommand(User.GiveSignedKeys.class, this::onGiveSignedKeys);
    table
        .forState(UserState::isReopened)
        .onCommand(AccountCommand.Describe.class, this::onDescribeReopened);
    table
        .forState(UserState::isRegistered)
        .onCommand(AccountCommand.Reopen.class, this::onReopen)
        .onCommand(User.Erase.class, this::onErase);
    table
        .forState(state -> !state.hasAccount())
        .onCommand(User.Erase.class, command -> unknown(command.replyTo()))
        .onCommand(AccountCommand.Describe.class, command -> unknown(command.replyTo()))
        .onCommand(AccountCommand.Reopen.class, command -> unknown(command.replyTo()))
        .onCommand(AccountCommand.Link.class, this::onLinkInVain)
        .onCommand(AccountCommand.Change.class, this::onChangeInVain)
        .onCommand(AccountCommand.AskReset.class, command -> unknown(command.replyTo()))
        .onCommand(AccountCommand.CancelReset.class, command -> unknown(command.replyTo()))
        .onCommand(AccountCommand.PutSync.class, this::onPutSyncInVain)
        .onCommand(User.SignIn.class, command -> unknown(command.replyTo()))
        .onCommand(User.Resume.class, command -> unknown(command.replyTo()))
        .onCommand(User.SignOut.class, command -> unknown(command.replyTo()))
        .onCommand(User.SetVisibility.class, command -> unknown(command.replyTo()))
        .onCommand(User.DescribeDevices.class, command -> unknown(command.replyTo()))
        .onCommand(User.PutPrekeys.class, command -> unknown(command.replyTo()))
        .onCommand(User.GiveKeys.class, command -> unknown(command.replyTo()))
        .onCommand(User.Accept.class, one -> answerAndLeave(one.replyTo(), one.unknownUser()))
        .onCommand(User.FindHeard.class, command -> unknown(command.replyTo()))
        .onCommand(User.Acknowledge.class, command -> unknown(command.replyTo()))
        .onCommand(User.JoinGroup.class, command -> unknown(command.replyTo()))
        .onCommand(User.LeaveGroup.class, command -> unknown(command.replyTo()))
        .onCommand(User.FindProgress.class, command -> unknown(command.replyTo()))
        .onCommand(User.GiveSignedKeys.class, command -> unknown(command.replyTo()))
        .onCommand(ArchiveCommand.Find.class, command -> unknown(command.replyTo()))
        .onCommand(ArchiveCommand.Append.class, command -> unknown(command.replyTo()))
        .onCommand(ArchiveCommand.Drop.class, command -> unknown(command.replyTo()))
        .onCommand(User.GroupNews.class, () -> leaveIfAlone())
        .onCommand(User.Attach.class, this::onAttachToNobody);
    table
        .forState(UserState::hasAccount)
        .onCommand(AccountCommand.Describe.class, this::onDescribe)
        .onCommand(AccountCommand.Link.class, this::onLink)
        .onCommand(AccountCommand.Change.class, this::onChange)
        .onCommand(AccountCommand.AskReset.class, this::onAskReset)
        .onCommand(AccountCommand.CancelReset.class, this::onCancelReset)
        .onCommand(AccountCommand.PutSync.class, this::onPutSync)
        .onCommand(User.SignIn.class, this::onSignIn)
        .onCommand(User.Resume.class, this::onResume)
        .onCommand(User.SignOut.class, this::onSignOut)
        .onCommand(User.SetVisibility.class, this::onSetVisibility)
        .onCommand(User.DescribeDevices.class, this::onDescribeDevices)
        .onCommand(User.PutPrekeys.class, this::onPutPrekeys)
        .onCommand(User.GiveKeys.class, this::onGiveKeys)
        .onCommand(User.Accept.class, this::onAccept)
        .onCommand(User.FindHeard.class, this::onFindHeard)
        .onCommand(User.Acknowledge.class, this::onAcknowledge)
        .onCommand(User.JoinGroup.class, this::onJoinGroup)
        .onCommand(User.GroupNews.class, this::onGroupNews)
        .onCommand(User.LeaveGroup.class, this::onLeaveGroup)
        .onCommand(User.FindProgress.class, this::onFindProgress)
        .onCommand(User.GiveSignedKeys.class, this::onGiveSignedKeys)
        .onCommand(ArchiveCommand.Find.class, this::onFindArchive)
        .onCommand(ArchiveCommand.Append.class, this::onAppendBatch)
        .onCommand(ArchiveCommand.Drop.class, this::onDropArchive)
        .onCommand(User.Attach.class, this::onAttach);
    return table.build();
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
    Account account = state.account().orElseThrow();
    return Effect()
        .reply(command.replyTo(), new User.Devices(account.deviceList(), account.listHash()));
  }

  private ReplyEffect<JournalEntry, UserState> onPutPrekeys(
      UserState state, User.PutPrekeys command) {
    Set<String> brought = Brought.prekeys(user, command.device(), command.prekeys());
    return carryOut(state, command.replyTo(), prekeys.put(state, command), brought);
  }

  private ReplyEffect<JournalEntry, UserState> onErase(UserState state, User.Erase command) {
    return carryOut(state, command.replyTo(), accounts.erase(state, command), Set.of());
  }

  private ReplyEffect<JournalEntry, UserState> onGiveKeys(UserState state, User.GiveKeys command) {
    return carryOut(state, command.replyTo(), prekeys.give(state, command), Set.of());
  }

  // What brought bodies before its connection learned that the account is gone.

  private ReplyEffect<JournalEntry, UserState> onPutPrekeysInVain(
      UserState state, User.PutPrekeys command) {
    Set<String> brought = Brought.prekeys(user, command.device(), command.prekeys());
    return inVain(state, command.replyTo(), brought);
  }

  private ReplyEffect<JournalEntry, UserState> onLinkInVain(
      UserState state, AccountCommand.Link command) {
    return inVain(state, command.replyTo(), Brought.by(user, command));
  }

  private ReplyEffect<JournalEntry, UserState> onChangeInVain(
      UserState state, AccountCommand.Change command) {
    return inVain(state, command.replyTo(), Brought.by(user, command));
  }

  private ReplyEffect<JournalEntry, UserState> onPutSyncInVain(
      UserState state, AccountCommand.PutSync command) {
    return inVain(state, command.replyTo(), Brought.by(user, command));
  }

  private ReplyEffect<JournalEntry, UserState> inVain(
      UserState state, ActorRef<? super User.UnknownUser> replyTo, Set<String> brought) {
    return Effect()
        .none()
        .thenRun(() -> dropUnheld(brought, state))
        .thenReply(replyTo, after -> new User.UnknownUser());
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

  private ReplyEffect<JournalEntry, UserState> onAttachToNobody(User.Attach command) {
    return answerAndLeave(command.connection(), new Notice.SignedOff());
  }

  private ReplyEffect<JournalEntry, UserState> unknown(
      ActorRef<? super User.UnknownUser> replyTo) {
    return answerAndLeave(replyTo, new User.UnknownUser());
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

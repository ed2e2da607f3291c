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
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import java.time.Clock;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A user's entity: what each command leads to is decided by {@link AccountDecisions}, {@link
 * PrekeyDecisions}, {@link InboxDecisions}, {@link AckDecisions} and {@link GroupDecisions}, and
 * carried out here. Nothing is answered before the events it rests on are on disk; a refusal is a
 * reply and leaves no event.
 */
final class UserBehavior extends JournaledEntity<User.Command, UserState> {
  /** Names in one notice, and groups, so that it stays below 32 KiB. */
  private static final int NAMES_MAX = 500;

  private static final int PLACES_MAX = 200;

  /**
   * What the behaviour is given.
   *
   * @param limits of the inbox and of tokens
   * @param deleteBodies drops bodies that nobody needs any more, without blocking
   * @param keepBody puts a body where it stays, before the events that are persisted after it,
   *     without blocking; false if the store takes nothing just now
   * @param progress is told what the user's devices acknowledged of groups
   * @param passivate asks for this entity's {@link User.Stop}
   */
  record Surroundings(
      Clock clock,
      UserLimits limits,
      Consumer<Collection<String>> deleteBodies,
      BiPredicate<String, byte[]> keepBody,
      ProgressListener progress,
      Consumer<ActorRef<User.Command>> passivate) {}

  private final ActorContext<User.Command> context;
  private final UserName user;
  private final Surroundings surroundings;
  private final Attachments attachments = new Attachments();
  private final AccountDecisions accounts;
  private final PrekeyDecisions prekeys;
  private final InboxDecisions inbox;
  private final AckDecisions acks;
  private final GroupDecisions groups;
  private final ArchiveDecisions archives;
  private final ProgressNews progress;

  static Behavior<User.Command> create(UserName user, Surroundings surroundings) {
    return Behaviors.setup(context -> new UserBehavior(context, user, surroundings));
  }

  private UserBehavior(
      ActorContext<User.Command> context, UserName user, Surroundings surroundings) {
    super(context, UserState.entity(user), new User.Idle(), surroundings.passivate());
    this.context = context;
    this.user = user;
    this.surroundings = surroundings;
    this.accounts = new AccountDecisions(surroundings.clock(), surroundings.limits());
    this.prekeys = new PrekeyDecisions(surroundings.clock());
    this.inbox = new InboxDecisions(surroundings.clock(), surroundings.limits());
    this.acks = new AckDecisions(surroundings.clock());
    this.groups = new GroupDecisions(surroundings.clock());
    this.archives = new ArchiveDecisions(surroundings.clock(), surroundings.limits());
    this.progress = new ProgressNews(surroundings.clock(), surroundings.progress());
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
        .forState(UserState::isRegistered)
        .onCommand(User.Erase.class, this::onErase);
    table
        .forState(state -> !state.hasAccount())
        .onCommand(User.Erase.class, command -> unknown(command.replyTo()))
        .onCommand(User.FindCredentials.class, command -> unknown(command.replyTo()))
        .onCommand(User.SignIn.class, command -> unknown(command.replyTo()))
        .onCommand(User.Resume.class, command -> unknown(command.replyTo()))
        .onCommand(User.SignOut.class, command -> unknown(command.replyTo()))
        .onCommand(User.SetVisibility.class, command -> unknown(command.replyTo()))
        .onCommand(User.DescribeDevices.class, command -> unknown(command.replyTo()))
        .onCommand(User.PutPrekeys.class, command -> unknown(command.replyTo()))
        .onCommand(User.GiveKeys.class, command -> unknown(command.replyTo()))
        .onCommand(User.Accept.class, command -> unknown(command.replyTo()))
        .onCommand(User.Acknowledge.class, command -> unknown(command.replyTo()))
        .onCommand(User.JoinGroup.class, command -> unknown(command.replyTo()))
        .onCommand(User.LeaveGroup.class, command -> unknown(command.replyTo()))
        .onCommand(User.FindProgress.class, command -> unknown(command.replyTo()))
        .onCommand(User.GiveSignedKeys.class, command -> unknown(command.replyTo()))
        .onCommand(User.FindArchive.class, command -> unknown(command.replyTo()))
        .onCommand(User.AppendBatch.class, command -> unknown(command.replyTo()))
        .onCommand(User.DropArchive.class, command -> unknown(command.replyTo()))
        .onCommand(User.GroupNews.class, () -> leaveIfAlone())
        .onCommand(User.Attach.class, this::onAttachToNobody);
    table
        .forState(UserState::hasAccount)
        .onCommand(User.FindCredentials.class, this::onFindCredentials)
        .onCommand(User.SignIn.class, this::onSignIn)
        .onCommand(User.Resume.class, this::onResume)
        .onCommand(User.SignOut.class, this::onSignOut)
        .onCommand(User.SetVisibility.class, this::onSetVisibility)
        .onCommand(User.DescribeDevices.class, this::onDescribeDevices)
        .onCommand(User.PutPrekeys.class, this::onPutPrekeys)
        .onCommand(User.GiveKeys.class, this::onGiveKeys)
        .onCommand(User.Accept.class, this::onAccept)
        .onCommand(User.Acknowledge.class, this::onAcknowledge)
        .onCommand(User.JoinGroup.class, this::onJoinGroup)
        .onCommand(User.GroupNews.class, this::onGroupNews)
        .onCommand(User.LeaveGroup.class, this::onLeaveGroup)
        .onCommand(User.FindProgress.class, this::onFindProgress)
        .onCommand(User.GiveSignedKeys.class, this::onGiveSignedKeys)
        .onCommand(User.FindArchive.class, this::onFindArchive)
        .onCommand(User.AppendBatch.class, this::onAppendBatch)
        .onCommand(User.DropArchive.class, this::onDropArchive)
        .onCommand(User.Attach.class, this::onAttach);
    return table.build();
  }

  private ReplyEffect<JournalEntry, UserState> onRegister(UserState state, User.Register command) {
    DeviceId device = command.deviceList().devices().get(0).id();
    var decision = accounts.register(state, command);
    return Effect()
        .persist(decision.entries())
        .thenRun(after -> dropUnheld(bodies(device, command.prekeys()), after))
        .thenReply(command.replyTo(), after -> decision.reply());
  }

  private ReplyEffect<JournalEntry, UserState> onFindCredentials(
      UserState state, User.FindCredentials command) {
    Account account = state.account().orElseThrow();
    return Effect()
        .reply(
            command.replyTo(),
            new User.Credentials(account.credentials(), account.deviceList()));
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
    Set<String> bodies = state.prekeyBodies();
    bodies.addAll(bodies(command.device(), command.prekeys()));
    var decision = prekeys.put(state, command);
    return Effect()
        .persist(decision.entries())
        .thenRun(after -> dropUnheld(bodies, after))
        .thenReply(command.replyTo(), after -> decision.reply());
  }

  /** Its connection brought their bodies before it learned that the account is gone. */
  private ReplyEffect<JournalEntry, UserState> onPutPrekeysInVain(
      UserState state, User.PutPrekeys command) {
    return Effect()
        .none()
        .thenRun(() -> dropUnheld(bodies(command.device(), command.prekeys()), state))
        .thenReply(command.replyTo(), after -> new User.UnknownUser());
  }

  private ReplyEffect<JournalEntry, UserState> onErase(UserState state, User.Erase command) {
    var decision = accounts.erase(state, command);
    return Effect()
        .persist(decision.entries())
        .thenRun(after -> dropUnheld(state.prekeyBodies(), after))
        .thenRun(after -> attachments.tellAll(new User.AccountErased()))
        .thenReply(command.replyTo(), after -> decision.reply());
  }

  private ReplyEffect<JournalEntry, UserState> onGiveKeys(UserState state, User.GiveKeys command) {
    var decision = prekeys.give(state, command);
    return Effect()
        .persist(decision.entries())
        .thenRun(after -> dropUnheld(state.prekeyBodies(), after))
        .thenReply(command.replyTo(), after -> decision.reply());
  }

  private Set<String> bodies(DeviceId device, List<PrekeyStatement> brought) {
    return brought.stream()
        .map(one -> HeldPrekey.of(one).ref(user, device).bodyId())
        .collect(Collectors.toSet());
  }

  /** Event first, deletion after: what is dropped are bodies that nobody can be led to. */
  private void dropUnheld(Set<String> bodies, UserState after) {
    var unheld = new HashSet<>(bodies);
    unheld.removeAll(after.prekeyBodies());
    if (!unheld.isEmpty()) {
      surroundings.deleteBodies().accept(unheld);
    }
  }

  private ReplyEffect<JournalEntry, UserState> onAccept(UserState state, User.Accept command) {
    return carryOut(state, command.replyTo(), inbox.accept(state, command));
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
    return Effect().none().thenRun(() -> tellOf(state, command.group())).thenNoReply();
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
      UserState state, User.FindArchive command) {
    return Effect().reply(command.replyTo(), archives.facts(state));
  }

  /**
   * The store's queue keeps the order: the body is on disk no later than its event. After a crash
   * between them the next batch of this number takes its place.
   */
  private ReplyEffect<JournalEntry, UserState> onAppendBatch(
      UserState state, User.AppendBatch command) {
    var decision = archives.append(state, command);
    boolean isTaken = !decision.events().isEmpty();
    if (isTaken
        && !surroundings
            .keepBody()
            .test(BodyIds.batch(user, command.nr()), command.blob().toArray())) {
      return Effect().reply(command.replyTo(), new User.ArchiveBusy());
    }
    return carryOut(state, command.replyTo(), decision);
  }

  private ReplyEffect<JournalEntry, UserState> onDropArchive(
      UserState state, User.DropArchive command) {
    return carryOut(state, command.replyTo(), archives.drop(state, command));
  }

  private <R> ReplyEffect<JournalEntry, UserState> carryOut(
      UserState before, ActorRef<R> replyTo, Decision<UserEvent, R> decision) {
    return Effect()
        .persist(decision.entries())
        .thenRun(after -> makeKnown(before, after, decision.events()))
        .thenReply(replyTo, after -> decision.reply());
  }

  /** Tells connections what is on disk now. */
  private void makeKnown(UserState before, UserState after, List<UserEvent> events) {
    long journalNr = before.chain().sequenceNr();
    for (UserEvent event : events) {
      journalNr++;
      if (event instanceof UserEvent.Accepted accepted) {
        attachments.tellAll(new User.Appended(accepted.inboxEntry(journalNr)));
      } else if (event instanceof UserEvent.DeviceCutOff cutOff) {
        DeviceState device = after.device(cutOff.device()).orElseThrow();
        attachments.tell(cutOff.device(), new User.CutOff(device.cursor()));
      } else if (event instanceof UserEvent.GroupJoined joined) {
        tellOf(after, joined.group());
      } else if (event instanceof UserEvent.Acked acked) {
        progress.onAcked(after, acked);
      }
    }
  }

  private void tellOf(UserState state, GroupId group) {
    if (state.groups().contains(group)) {
      attachments.tellEach(
          device -> new User.GroupChanged(state.groups().place(group, device)));
    }
  }

  private ReplyEffect<JournalEntry, UserState> onAttach(UserState state, User.Attach command) {
    Optional<DeviceState> device = state.device(command.device());
    if (device.isEmpty()) {
      return Effect().reply(command.connection(), new User.NotAttached());
    }
    return Effect()
        .none()
        .thenRun(() -> attach(state, device.get(), command))
        .thenNoReply();
  }

  private void attach(UserState state, DeviceState device, User.Attach command) {
    ActorRef<User.Notice> connection = command.connection();
    attachments
        .attach(command.device(), command.connectionId(), connection)
        .ifPresent(older -> older.tell(new User.Superseded()));
    context.watch(connection);
    connection.tell(
        new User.Attached(
            context.getSelf(),
            device.cursor(),
            state.headFor(device),
            device.cutOff(),
            state.inbox().generations(),
            state.account().orElseThrow().visibility()));
    tell(connection, state.inbox().heardFrom(), NAMES_MAX, User.HeardFrom::new);
    tell(connection, state.groups().places(command.device()), PLACES_MAX, User.InGroups::new);
  }

  /** In as many notices as it takes. */
  private static <T> void tell(
      ActorRef<User.Notice> connection,
      Collection<T> all,
      int max,
      Function<List<T>, User.Notice> notice) {
    List<T> each = List.copyOf(all);
    for (int from = 0; from < each.size(); from += max) {
      int to = Math.min(from + max, each.size());
      connection.tell(notice.apply(List.copyOf(each.subList(from, to))));
    }
  }

  private ReplyEffect<JournalEntry, UserState> onAttachToNobody(User.Attach command) {
    return answerAndLeave(command.connection(), new User.NotAttached());
  }

  private ReplyEffect<JournalEntry, UserState> unknown(
      ActorRef<? super User.UnknownUser> replyTo) {
    return answerAndLeave(replyTo, new User.UnknownUser());
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

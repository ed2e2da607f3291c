package chat.sotto.user;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import akka.persistence.typed.javadsl.ReplyEffect;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import chat.sotto.journal.JournalEntry;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A user's entity: what each command leads to is decided by {@link AccountDecisions}, {@link
 * PrekeyDecisions} and {@link InboxDecisions}, and carried out here. Nothing is answered before the
 * events it rests on are on disk; a refusal is a reply and leaves no event.
 */
final class UserBehavior
    extends EventSourcedBehaviorWithEnforcedReplies<User.Command, JournalEntry, UserState> {
  /** An entity to which nobody is attached leaves memory after this. */
  static final Duration IDLE = Duration.ofMinutes(2);

  private static final int SNAPSHOT_EVERY = 500;
  private static final int SNAPSHOTS_KEPT = 2;

  /** A recovery that applied more events than this found no snapshot. */
  private static final long SNAPSHOT_MISSED = SNAPSHOTS_KEPT * SNAPSHOT_EVERY;

  /** Names in one notice, so that it stays below 32 KiB. */
  private static final int NAMES_MAX = 500;

  /**
   * What the behaviour is given.
   *
   * @param limits of the inbox and of tokens
   * @param deleteBodies drops bodies that nobody needs any more, without blocking
   * @param passivate asks for this entity's {@link User.Stop}
   */
  record Surroundings(
      Clock clock,
      UserLimits limits,
      Consumer<Collection<String>> deleteBodies,
      Consumer<ActorRef<User.Command>> passivate) {}

  private final ActorContext<User.Command> context;
  private final UserName user;
  private final Surroundings surroundings;
  private final Attachments attachments = new Attachments();
  private final AccountDecisions accounts;
  private final PrekeyDecisions prekeys;
  private final InboxDecisions inbox;
  private long applied;
  private boolean snapshotDue;

  static Behavior<User.Command> create(UserName user, Surroundings surroundings) {
    return Behaviors.setup(context -> new UserBehavior(context, user, surroundings));
  }

  private UserBehavior(
      ActorContext<User.Command> context, UserName user, Surroundings surroundings) {
    super(PersistenceId.ofUniqueId(UserState.entity(user)));
    this.context = context;
    this.user = user;
    this.surroundings = surroundings;
    this.accounts = new AccountDecisions(surroundings.clock(), surroundings.limits());
    this.prekeys = new PrekeyDecisions(surroundings.clock());
    this.inbox = new InboxDecisions(surroundings.clock(), surroundings.limits());
    context.setReceiveTimeout(IDLE, new User.Idle());
  }

  @Override
  public String journalPluginId() {
    return "sotto.journal";
  }

  @Override
  public String snapshotPluginId() {
    return "sotto.snapshot-store";
  }

  @Override
  public UserState emptyState() {
    return UserState.empty(user);
  }

  @Override
  public CommandHandlerWithReply<User.Command, JournalEntry, UserState> commandHandler() {
    var table = newCommandHandlerWithReplyBuilder();
    // Whether the name is free is a rule of its own; everything else needs an account.
    table
        .forAnyState()
        .onCommand(User.Register.class, this::onRegister)
        .onCommand(User.Idle.class, this::onIdle)
        .onCommand(User.Stop.class, () -> Effect().stop().thenNoReply());
    table
        .forState(state -> !state.isRegistered())
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
        .onCommand(User.Attach.class, this::onAttachToNobody);
    table
        .forState(UserState::isRegistered)
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
    return carryOut(state, command.replyTo(), inbox.acknowledge(state, command));
  }

  private <R> ReplyEffect<JournalEntry, UserState> carryOut(
      UserState before, ActorRef<R> replyTo, Decision<R> decision) {
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
      }
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
            state.account().orElseThrow().visibility()));
    List<UserName> heardFrom = List.copyOf(state.inbox().heardFrom());
    for (int from = 0; from < heardFrom.size(); from += NAMES_MAX) {
      int to = Math.min(from + NAMES_MAX, heardFrom.size());
      connection.tell(new User.HeardFrom(List.copyOf(heardFrom.subList(from, to))));
    }
  }

  private ReplyEffect<JournalEntry, UserState> onAttachToNobody(User.Attach command) {
    return answerAndLeave(command.connection(), new User.NotAttached());
  }

  private ReplyEffect<JournalEntry, UserState> unknown(
      ActorRef<? super User.UnknownUser> replyTo) {
    return answerAndLeave(replyTo, new User.UnknownUser());
  }

  /** Whoever asks for names that nobody has must not fill the memory with them. */
  private <R> ReplyEffect<JournalEntry, UserState> answerAndLeave(
      ActorRef<? super R> replyTo, R reply) {
    return Effect()
        .none()
        .thenRun(() -> surroundings.passivate().accept(context.getSelf()))
        .thenReply(replyTo, state -> reply);
  }

  private ReplyEffect<JournalEntry, UserState> onIdle(UserState state, User.Idle command) {
    return Effect()
        .none()
        .thenRun(
            () -> {
              // An entity with an attached connection must not forget it.
              if (attachments.isEmpty()) {
                surroundings.passivate().accept(context.getSelf());
              }
            })
        .thenNoReply();
  }

  @Override
  public EventHandler<UserState, JournalEntry> eventHandler() {
    return (state, entry) -> {
      applied++;
      return state.apply(entry);
    };
  }

  @Override
  public SignalHandler<UserState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), state -> snapshotDue = applied > SNAPSHOT_MISSED)
        .onSignal(Terminated.class, (state, gone) -> attachments.remove(gone.getRef()))
        .build();
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, SNAPSHOTS_KEPT);
  }

  /** After a recovery that had to go without a snapshot the next event makes one. */
  @Override
  public boolean shouldSnapshot(UserState state, JournalEntry entry, long sequenceNr) {
    boolean due = snapshotDue;
    snapshotDue = false;
    return due;
  }
}

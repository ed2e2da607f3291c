package chat.sotto.journal;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.EffectBuilder;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import akka.persistence.typed.javadsl.ReplyEffect;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What every entity has in common: where its events and snapshots go, and when it leaves memory,
 * which is never while a connection is attached, since it would forget that.
 *
 * @param <C> commands
 * @param <S> state
 */
public abstract class JournaledEntity<C, S extends EntityState<?, S>>
    extends EventSourcedBehaviorWithEnforcedReplies<C, JournalEntry, S> {
  /** An entity to which nobody is attached leaves memory after this. */
  private static final Duration IDLE = Duration.ofMinutes(2);

  private static final int SNAPSHOT_EVERY = 500;
  private static final int SNAPSHOTS_KEPT = 2;

  private static final Decision<?, ?> NOTHING = Decision.onlyReply("nothing");

  private final ActorContext<C> context;
  private final Consumer<ActorRef<C>> passivate;
  private final CommandQueue.Gate gate = new CommandQueue.Gate();
  private Decision<?, ?> decided = NOTHING;

  /**
   * @param name the journal's name of the entity
   * @param idle what it is told when nothing was asked for a while
   * @param passivate asks for this entity's end
   */
  protected JournaledEntity(
      ActorContext<C> context, String name, C idle, Consumer<ActorRef<C>> passivate) {
    super(PersistenceId.ofUniqueId(name));
    this.context = context;
    this.passivate = passivate;
    context.setReceiveTimeout(IDLE, idle);
  }

  /**
   * An entity, and in front of it the {@link CommandQueue} for what it cannot take at once.
   *
   * @param stop the shard's word after it was asked to let the entity go
   */
  protected static <C> Behavior<C> setup(
      Class<C> commands,
      Class<? extends C> stop,
      Function<ActorContext<C>, JournaledEntity<C, ?>> entity) {
    return Behaviors.setup(
        context -> {
          JournaledEntity<C, ?> made = entity.apply(context);
          return new CommandQueue<>(context, commands, stop::isInstance, made, made.gate);
        });
  }

  /** What becomes of each command. */
  protected abstract CommandHandlerWithReply<C, JournalEntry, S> handler();

  @Override
  public final CommandHandlerWithReply<C, JournalEntry, S> commandHandler() {
    CommandHandlerWithReply<C, JournalEntry, S> handler = handler();
    return (state, command) -> {
      gate.open();
      return handler.apply(state, command);
    };
  }

  /** Whether a connection counts on being told what happens. */
  protected abstract boolean isAttached();

  /** The connection, which was watched, is gone. */
  protected abstract void detach(ActorRef<?> connection);

  @Override
  public final String journalPluginId() {
    return "sotto.journal";
  }

  @Override
  public final String snapshotPluginId() {
    return "sotto.snapshot-store";
  }

  /** The state is what it was before a crash, and nothing was asked yet. */
  protected void onRecovered(S state) {}

  /** Asks to go, unless somebody is attached. */
  protected final ReplyEffect<JournalEntry, S> leaveIfAlone() {
    return Effect()
        .none()
        .thenRun(
            () -> {
              if (!isAttached()) {
                passivate.accept(context.getSelf());
              }
            })
        .thenNoReply();
  }

  /** Whoever asks for names that nobody has must not fill the memory with them. */
  protected final <R> ReplyEffect<JournalEntry, S> answerAndLeave(
      ActorRef<? super R> replyTo, R reply) {
    return Effect()
        .none()
        .thenRun(() -> passivate.accept(context.getSelf()))
        .thenReply(replyTo, state -> reply);
  }

  /** Its events, which were applied when it was decided and so need not be read again here. */
  protected final EffectBuilder<JournalEntry, S> persist(Decision<?, ?> decision) {
    decided = decision;
    if (!decision.entries().isEmpty()) {
      gate.close();
    }
    return Effect().persist(decision.entries()).thenRun(gate::open);
  }

  @Override
  public final EventHandler<S, JournalEntry> eventHandler() {
    return (state, entry) -> {
      S after = decided.after(state, entry).map(this::own).orElseGet(() -> state.apply(entry));
      if (decided.endsWith(entry)) {
        decided = NOTHING;
      }
      return after;
    };
  }

  /** Only states of this entity follow one of its states. */
  @SuppressWarnings("unchecked")
  private S own(EntityState<?, ?> state) {
    return (S) state;
  }

  @Override
  public final SignalHandler<S> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .onSignal(Terminated.class, (state, gone) -> detach(gone.getRef()))
        .build();
  }

  /** Besides, Akka makes one after a recovery that applied so many. */
  @Override
  public final RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, SNAPSHOTS_KEPT);
  }
}

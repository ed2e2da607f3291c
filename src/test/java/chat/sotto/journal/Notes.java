package chat.sotto.journal;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import akka.persistence.typed.javadsl.ReplyEffect;
import akka.persistence.typed.javadsl.RetentionCriteria;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.ArrayList;
import java.util.List;

/** The smallest entity that persists journal entries as the real ones do. */
final class Notes
    extends EventSourcedBehaviorWithEnforcedReplies<Notes.Command, JournalEntry, Notes.State> {
  private static final EventCodec<Event> CODEC = new EventCodec<>(Event.class);

  interface Stored {}

  sealed interface Command extends Stored {}

  record Add(List<String> texts, ActorRef<State> replyTo) implements Command {}

  record Get(ActorRef<State> replyTo) implements Command {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  sealed interface Event {}

  @JsonTypeName("added")
  record Added(String text) implements Event {}

  record State(HashChain chain, List<String> texts) implements Stored {
    State apply(JournalEntry entry) {
      HashChain next = chain.append(entry);
      var added = (Added) CODEC.decode(entry.event());
      var all = new ArrayList<>(texts);
      all.add(added.text());
      return new State(next, List.copyOf(all));
    }
  }

  static Behavior<Command> create(String name) {
    return new Notes(PersistenceId.of("Notes", name));
  }

  private Notes(PersistenceId id) {
    super(id);
  }

  @Override
  public State emptyState() {
    return new State(HashChain.start(persistenceId().id()), List.of());
  }

  @Override
  public CommandHandlerWithReply<Command, JournalEntry, State> commandHandler() {
    return newCommandHandlerWithReplyBuilder()
        .forAnyState()
        .onCommand(Add.class, this::onAdd)
        .onCommand(Get.class, (state, get) -> Effect().reply(get.replyTo(), state))
        .build();
  }

  private ReplyEffect<JournalEntry, State> onAdd(State state, Add add) {
    var events = add.texts().stream().map(text -> CODEC.encode(new Added(text))).toList();
    return Effect()
        .persist(state.chain().entries(events))
        .thenReply(add.replyTo(), changed -> changed);
  }

  @Override
  public EventHandler<State, JournalEntry> eventHandler() {
    return State::apply;
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(5, 2);
  }
}

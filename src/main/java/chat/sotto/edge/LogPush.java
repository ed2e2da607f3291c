package chat.sotto.edge;

import akka.actor.typed.ActorRef;
import chat.sotto.journal.StoredEntry;
import chat.sotto.model.Generations;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.protocol.ServerFrame;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongFunction;

/**
 * One log on one connection: stays attached to the log's entity and pushes what {@link Cursor}
 * says when the network takes more.
 */
abstract class LogPush<E> {
  private static final long ATTACH_AGAIN_WITHIN_MS = 2_000;

  private final Name name;
  private final String journal;
  private final Outlet outlet;
  private final Cursor<E> cursor;
  private Optional<ActorRef<?>> entity = Optional.empty();
  private Generations generations = Generations.ONE;
  private boolean isAsking;

  /** Which log it is on the wire. */
  record Name(String kind, String owner) {
    boolean isOf(LogPoint point) {
      return kind.equals(point.kind()) && owner.equals(point.owner());
    }
  }

  /** @param journal the entity's name there */
  LogPush(Name name, String journal, Outlet outlet, Cursor<E> cursor) {
    this.name = name;
    this.journal = journal;
    this.outlet = outlet;
    this.cursor = cursor;
  }

  Name name() {
    return name;
  }

  Outlet outlet() {
    return outlet;
  }

  Cursor<E> cursor() {
    return cursor;
  }

  // Attaching

  /** Tells the entity that this connection is there. */
  abstract void tellAttach();

  /** It is time to attach again. */
  abstract void attachAgain();

  final void attach() {
    isAsking = true;
    tellAttach();
    attachAgainAfter(outlet.node().edgeLimits().askTimeout());
  }

  /** Unless the entity has answered by then. */
  final void attachAgainAfter(Duration delay) {
    outlet.timers().startSingleTimer(new Connection.AttachNow(this), delay);
  }

  final void onAttachNow() {
    if (isAsking || !isAttached()) {
      attachAgain();
    }
  }

  final boolean isAttached() {
    return entity.isPresent();
  }

  /** Whether the entity has not answered yet that this connection is there. */
  final boolean isAsking() {
    return isAsking;
  }

  /** The entity answered, and does not serve this connection. */
  final void onNotAttached() {
    isAsking = false;
  }

  /**
   * @param ref for watching only
   * @param ofLog no server that runs begins a new one
   */
  final void onAttachedTo(ActorRef<?> ref, Generations ofLog) {
    isAsking = false;
    generations = ofLog;
    entity = Optional.of(ref);
    outlet.context().watchWith(ref, new Connection.EntityStopped(this));
  }

  final void onDetached() {
    entity.ifPresent(outlet.context()::unwatch);
    entity = Optional.empty();
    outlet.timers().cancel(new Connection.AttachNow(this));
  }

  /** Many connections learn it at once, so each waits a time of its own. */
  final void onEntityStopped() {
    entity = Optional.empty();
    long delay = ThreadLocalRandom.current().nextLong(ATTACH_AGAIN_WITHIN_MS);
    attachAgainAfter(Duration.ofMillis(delay));
  }

  // Pushing

  /** The log's entry in an event of the journal, if it holds one. */
  abstract Optional<E> entry(StoredEntry event);

  /** Reads what goes with an entry. @return the push, from its nonce */
  abstract CompletionStage<LongFunction<ServerFrame.Push>> push(E entry);

  /** Does one thing, if there is one to do now. */
  boolean step() {
    Cursor.Step<E> step = cursor.next(outlet.now());
    if (step instanceof Cursor.ReadEntries<E> read) {
      readEntries(read);
    } else if (step instanceof Cursor.ReadBody<E> read) {
      outlet.read(push(read.entry()), push -> onPush(read, push));
    } else if (step instanceof Cursor.SayCaughtUp<E> caughtUp) {
      outlet.say(nonce -> caughtUp(nonce, caughtUp.at()));
    } else if (step instanceof Cursor.SayCutOff<E> cutOff) {
      outlet.say(nonce -> cutOff(nonce, cutOff.at()));
    }
    return !(step instanceof Cursor.Wait);
  }

  private void readEntries(Cursor.ReadEntries<E> read) {
    outlet.read(
        readJournal(read.after(), read.upTo()),
        events -> {
          long lastNr = events.get(events.size() - 1).sequenceNr();
          List<E> entries = events.stream().flatMap(one -> entry(one).stream()).toList();
          cursor.onEntries(read.round(), lastNr, entries);
        });
  }

  /** Events that must be there. */
  final CompletionStage<List<StoredEntry>> readJournal(long after, long upTo) {
    return outlet
        .node()
        .store()
        .journal()
        .read(journal, after, upTo)
        .thenApply(
            events -> {
              if (events.isEmpty()) {
                throw new IllegalStateException("the journal ends too early");
              }
              return events;
            });
  }

  private void onPush(Cursor.ReadBody<E> read, LongFunction<ServerFrame.Push> push) {
    if (cursor.onBody(read.round(), read.entry(), outlet.now())) {
      outlet.say(push);
      onPushed(read.entry());
    }
  }

  /** The entry was said. */
  void onPushed(E entry) {}

  /** The generation in which an entry lies. */
  final long generation(Point at) {
    return generations.at(at.sequenceNr());
  }

  private ServerFrame.Push caughtUp(long nonce, Point at) {
    return new ServerFrame.CaughtUp(
        nonce, name.kind(), name.owner(), generation(at), at.sequenceNr(), at.hash());
  }

  private ServerFrame.Push cutOff(long nonce, Point at) {
    return new ServerFrame.CutOff(
        nonce, name.kind(), name.owner(), generation(at), at.sequenceNr(), at.hash());
  }

  // Acknowledging

  /** What a point of this log says when it is acknowledged. Changes nothing. */
  final Cursor.Ack check(LogPoint point) {
    return generations.contain(point) ? cursor.check(point) : new Cursor.Refused();
  }

  /** The user's entity has stored that the device acknowledged something of this log. */
  void onAcknowledgementStored() {}
}

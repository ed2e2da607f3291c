package chat.sotto.edge;

import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.user.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Where one connection stands in one log: what it pushed, what it must read, what it may be told
 * was stored. Pure: says what to do next and is told what came of it.
 *
 * <p><b>Invariant</b>: entry n + 1 is pushed only after n. Hints may be lost or repeated: what is
 * missing between is read from the journal.
 */
final class Cursor<E> {
  private final Log<E> log;
  private final int inFlightMax;
  private final Deque<E> queued = new ArrayDeque<>(0);
  private final Deque<Pushed> inFlight = new ArrayDeque<>(0);
  private Position pushed;
  private long acknowledged;
  private long readTo;
  private long head;
  private boolean attached;
  private boolean reading;
  private int round;
  private boolean cutOff;
  private boolean saidCaughtUp;

  /** @param inFlightMax most entries that are pushed and not acknowledged */
  Cursor(Log<E> log, int inFlightMax) {
    this.log = log;
    this.inFlightMax = inFlightMax;
  }

  /** What a cursor must know of a log's entries. */
  interface Log<E> {
    /** Where one is after this entry. */
    Position after(Position before, E entry);

    /** The body that only this device needs, until it has acknowledged the entry. */
    Optional<String> ownBody(E entry);

    /** Most entries that wait here to be pushed. */
    int queuedMax();

    /** Events that are read at once: whoever comes back waits for these before the first is pushed. */
    int readMax();
  }

  /**
   * An entry that the client has, as far as we know, and has not acknowledged.
   *
   * @param bodyId of the device's own body, if there was one
   */
  record Pushed(Position position, long pushedAt, Optional<String> bodyId) {}

  sealed interface Step<E> {}

  /** Read events of the journal, then {@link #onEntries}. */
  record ReadEntries<E>(int round, long after, long upTo) implements Step<E> {}

  /** Read the body, then {@link #onBody}. */
  record ReadBody<E>(int round, E entry) implements Step<E> {}

  record SayCaughtUp<E>(Point at) implements Step<E> {}

  record SayCutOff<E>(Point at) implements Step<E> {}

  /** Nothing until something happens. */
  record Wait<E>() implements Step<E> {}

  /** The entity serves this connection, for the first time or again. */
  void onAttached(Position cursor, Position newHead, boolean wasCutOff) {
    boolean first = !attached;
    attached = true;
    if (first || (wasCutOff && isBeyond(cursor))) {
      startFrom(cursor, wasCutOff);
    }
    extendTo(newHead.journalNr());
  }

  /** The log has events up to here. */
  void extendTo(long newHead) {
    head = Math.max(head, newHead);
  }

  /** Nothing up to here is pushed any more. */
  void onCutOff(Position at) {
    if (attached && isBeyond(at)) {
      startFrom(at, true);
    }
  }

  private boolean isBeyond(Position at) {
    return at.point().sequenceNr() > pushed.point().sequenceNr();
  }

  private void startFrom(Position at, boolean wasCutOff) {
    inFlight.clear();
    goOnFrom(at);
    acknowledged = at.point().sequenceNr() - (wasCutOff ? 1 : 0);
    extendTo(readTo);
    cutOff = wasCutOff;
  }

  /**
   * Goes on from another place of the log, before or after the present one. What was pushed up to
   * there may still be acknowledged.
   */
  void moveTo(Position at, long newHead) {
    long nr = at.point().sequenceNr();
    // What is pushed again is acknowledged again.
    acknowledged = attached ? Math.min(acknowledged, nr) : nr;
    attached = true;
    inFlight.removeIf(one -> one.position().journalNr() > at.journalNr());
    goOnFrom(at);
    head = newHead;
    saidCaughtUp = false;
  }

  private void goOnFrom(Position at) {
    round++;
    reading = false;
    queued.clear();
    pushed = at;
    readTo = at.journalNr();
  }

  /** A hint that this entry was appended. */
  void onAppended(E entry) {
    if (!attached) {
      return;
    }
    Position at = log.after(pushed, entry);
    extendTo(at.journalNr());
    boolean next = at.point().sequenceNr() == lastQueued() + 1;
    if (next && !readsJournal() && queued.size() < log.queuedMax()) {
      queued.add(entry);
      readTo = at.journalNr();
    }
  }

  private boolean readsJournal() {
    return reading && queued.isEmpty();
  }

  private long lastQueued() {
    Position last = queued.isEmpty() ? pushed : log.after(pushed, queued.getLast());
    return last.point().sequenceNr();
  }

  boolean isAttached() {
    return attached;
  }

  /** The last entry pushed, or where pushing begins. */
  Point pushed() {
    return pushed.point();
  }

  /** Number of the last entry that the device acknowledged, or of where pushing began. */
  long acknowledged() {
    return acknowledged;
  }

  /** Whether all that was there when the connection came was pushed. */
  boolean isCaughtUp() {
    return saidCaughtUp;
  }

  /** Whether nothing more is pushed until the device has acknowledged something. */
  boolean isFull() {
    return inFlight.size() >= inFlightMax;
  }

  /**
   * What to do now that the network takes more.
   *
   * @param now milliseconds since 1970
   */
  Step<E> next(long now) {
    if (!attached || reading) {
      return new Wait<>();
    } else if (cutOff) {
      cutOff = false;
      // The device says that it took the cut over, as it says that it stored an entry.
      inFlight.add(new Pushed(pushed, now, Optional.empty()));
      return new SayCutOff<>(pushed.point());
    } else if (!queued.isEmpty()) {
      return isFull() ? new Wait<>() : readBody();
    } else if (readTo < head) {
      reading = true;
      return new ReadEntries<>(round, readTo, Math.min(head, readTo + log.readMax()));
    } else if (!saidCaughtUp) {
      saidCaughtUp = true;
      return new SayCaughtUp<>(pushed.point());
    }
    return new Wait<>();
  }

  private Step<E> readBody() {
    reading = true;
    return new ReadBody<>(round, queued.peek());
  }

  /** @param lastNr of the events that were read, which may hold more than entries */
  void onEntries(int ofRound, long lastNr, List<E> entries) {
    if (ofRound != round) {
      return;
    }
    reading = false;
    readTo = lastNr;
    queued.addAll(entries);
  }

  /** Whether the entry whose body was read is to be pushed now. */
  boolean onBody(int ofRound, E entry, long now) {
    if (ofRound != round) {
      return false;
    }
    reading = false;
    queued.remove();
    pushed = log.after(pushed, entry);
    inFlight.add(new Pushed(pushed, now, log.ownBody(entry)));
    return true;
  }

  /** What is pushed next, as far as it was read: so many at most. */
  List<E> ahead(int max) {
    return queued.stream().limit(max).toList();
  }

  sealed interface Ack {}

  /** New: the entity is to be told. */
  record Accepted(Pushed upTo) implements Ack {}

  /** At or below what is known already: changes nothing. */
  record Repeated() implements Ack {}

  /** Never pushed here, or with another hash. */
  record Refused() implements Ack {}

  /** What an acknowledgement of this log says. Changes nothing. */
  Ack check(LogPoint point) {
    if (!attached) {
      return new Refused();
    }
    if (point.sequenceNr() <= acknowledged) {
      return new Repeated();
    }
    return inFlight.stream()
        .filter(one -> one.position().point().equals(point.point()))
        .findFirst()
        .<Ack>map(Accepted::new)
        .orElseGet(Refused::new);
  }

  /** The device has stored everything up to here. @return the bodies that it needs no more */
  List<String> onAcknowledged(Pushed upTo) {
    acknowledged = upTo.position().point().sequenceNr();
    long nr = upTo.position().journalNr();
    List<String> bodies = new ArrayList<>();
    while (!inFlight.isEmpty() && inFlight.peek().position().journalNr() <= nr) {
      inFlight.remove().bodyId().ifPresent(bodies::add);
    }
    return bodies;
  }
}

package chat.sotto.edge;

import chat.sotto.model.DeviceId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.user.InboxEntry;
import chat.sotto.user.Position;
import chat.sotto.user.StoredCopy;
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
final class Cursor {
  private static final int QUEUED_MAX = 1000;

  private final DeviceId device;
  private final int inFlightMax;
  private final Deque<InboxEntry> queued = new ArrayDeque<>();
  private final Deque<Pushed> inFlight = new ArrayDeque<>();
  private Position pushed;
  private long acknowledged;
  private long readTo;
  private long head;
  private boolean attached;
  private boolean reading;
  private int round;
  private boolean cutOff;
  private boolean saidCaughtUp;

  Cursor(DeviceId device, int inFlightMax) {
    this.device = device;
    this.inFlightMax = inFlightMax;
  }

  /**
   * An entry that the client has, as far as we know, and has not acknowledged.
   *
   * @param bodyId of the device's copy, if there was one
   */
  record Pushed(Position position, long pushedAt, Optional<String> bodyId) {}

  sealed interface Step {}

  /** Read events of the journal, then {@link #onEntries}. */
  record ReadEntries(int round, long after, long upTo) implements Step {}

  /** Read the body, then {@link #onBody}. */
  record ReadBody(int round, InboxEntry entry, Optional<StoredCopy> copy) implements Step {}

  record SayCaughtUp(Point at) implements Step {}

  record SayCutOff(Point at) implements Step {}

  /** Nothing until something happens. */
  record Wait() implements Step {}

  /** The entity serves this connection, for the first time or again. */
  void onAttached(Position cursor, Position newHead, boolean wasCutOff) {
    boolean first = !attached;
    attached = true;
    if (first || (wasCutOff && isBeyond(cursor))) {
      startFrom(cursor, wasCutOff);
    }
    head = Math.max(head, newHead.journalNr());
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
    round++;
    reading = false;
    queued.clear();
    inFlight.clear();
    pushed = at;
    acknowledged = at.point().sequenceNr() - (wasCutOff ? 1 : 0);
    readTo = at.journalNr();
    head = Math.max(head, readTo);
    cutOff = wasCutOff;
  }

  /** A hint that this entry was appended. */
  void onAppended(InboxEntry entry) {
    if (!attached) {
      return;
    }
    head = Math.max(head, entry.journalNr());
    boolean next = entry.entry().sequenceNr() == lastQueued() + 1;
    if (next && !readsJournal() && queued.size() < QUEUED_MAX) {
      queued.add(entry);
      readTo = entry.journalNr();
    }
  }

  private boolean readsJournal() {
    return reading && queued.isEmpty();
  }

  private long lastQueued() {
    return queued.isEmpty()
        ? pushed.point().sequenceNr()
        : queued.getLast().entry().sequenceNr();
  }

  /**
   * What to do now that the network takes more.
   *
   * @param now milliseconds since 1970
   */
  Step next(long now) {
    if (!attached || reading) {
      return new Wait();
    } else if (cutOff) {
      cutOff = false;
      // The device says that it took the cut over, as it says that it stored an entry.
      inFlight.add(new Pushed(pushed, now, Optional.empty()));
      return new SayCutOff(pushed.point());
    } else if (!queued.isEmpty()) {
      return inFlight.size() < inFlightMax ? readBody() : new Wait();
    } else if (readTo < head) {
      reading = true;
      return new ReadEntries(round, readTo, head);
    } else if (!saidCaughtUp) {
      saidCaughtUp = true;
      return new SayCaughtUp(pushed.point());
    }
    return new Wait();
  }

  private Step readBody() {
    reading = true;
    InboxEntry entry = queued.peek();
    return new ReadBody(round, entry, entry.copyFor(device));
  }

  /** @param lastNr of the events that were read, which may hold more than entries */
  void onEntries(int ofRound, long lastNr, List<InboxEntry> entries) {
    if (ofRound != round) {
      return;
    }
    reading = false;
    readTo = lastNr;
    queued.addAll(entries);
  }

  /** Whether the entry whose body was read is to be pushed now. */
  boolean onBody(int ofRound, InboxEntry entry, long now) {
    if (ofRound != round) {
      return false;
    }
    reading = false;
    queued.remove();
    Optional<StoredCopy> copy = entry.copyFor(device);
    long total = copy.map(StoredCopy::total).orElse(pushed.total());
    pushed = new Position(entry.entry().point(), entry.journalNr(), total);
    inFlight.add(new Pushed(pushed, now, copy.map(StoredCopy::bodyId)));
    return true;
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

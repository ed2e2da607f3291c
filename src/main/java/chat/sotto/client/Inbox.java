package chat.sotto.client;

import chat.sotto.crypto.Hash;
import chat.sotto.model.BodyDigest;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Restored;
import chat.sotto.model.Statements;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.protocol.ServerFrame.EntryPush;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * This device's place in its user's inbox, and the chain up to it (docs/protocol.md §6). A server
 * that was restored from a copy goes on from an earlier place, in a new generation (§10): it says so
 * at sign-in, and proves it with an entry that it signed.
 */
final class Inbox {
  private static final Table<InboxPlace> PLACE =
      new Table<>("inbox-place", InboxPlace.class);
  private static final String KEY = "inbox";
  static final long FIRST_GENERATION = 1;

  /**
   * How far before the server's last known acknowledgement hashes are kept: a server that was
   * restored knows of an earlier one, and goes on only if what it pushes again is acknowledged.
   */
  static final int HASHES_KEPT = 2_048;

  /** Hashes of what the server may push again. */
  private static final Table<Known> KNOWN = new Table<>("inbox-hash", Known.class);

  private final Rows rows;
  private final Self self;

  /** What an entry is to the chain. */
  enum Fate {
    NEXT,
    /** It is in the chain already. */
    REPEAT,
    /** Of what a restored server says before it proves that it was restored: neither of the two. */
    UNCHAINED
  }

  private record Known(Bytes hash) {}

  Inbox(Rows rows, Self self) {
    this.rows = rows;
    this.self = self;
  }

  /** A new device begins where the inbox ends. */
  void begin(long generation, Point head) {
    put(new InboxPlace(generation, head, Optional.empty(), Optional.empty()));
  }

  /** Whether the server ever was restored, or says now that it was. */
  boolean wasRestored() {
    return generation() > FIRST_GENERATION || place().claim().isPresent();
  }

  Point head() {
    return place().head();
  }

  /** That of the newest restore that the server has proved. */
  long generation() {
    return place().generation();
  }

  LogPoint headAsLogPoint() {
    Point head = head();
    return new LogPoint(
        LogPoint.INBOX, self.user().value(), generation(), head.sequenceNr(), head.hash());
  }

  /**
   * Whether that point is of this device's chain. Only for such a one it signs that it has it: else
   * its word would vouch for entries that the server made up.
   */
  boolean holds(LogPoint point) {
    return point.generation() <= generation()
        && known(point.sequenceNr()).equals(Optional.of(point.hash()));
  }

  /** Whether the server said at sign-in that it was restored so lately. */
  boolean isClaimed(long generation) {
    return place().claims(generation);
  }

  /**
   * Takes the next entry into the chain.
   *
   * @throws Breach if it may not come here
   */
  Fate append(EntryPush push) {
    InboxPlace place = place();
    requireOwner(push.kind(), push.owner());
    if (place.passesOver(push.generation(), push.sequenceNr())) {
      return Fate.UNCHAINED;
    } else if (push.sequenceNr() <= place.head().sequenceNr()) {
      requireKnown(new Point(push.sequenceNr(), push.hash()), place);
      return Fate.REPEAT;
    }
    boolean isNext =
        place.takes(push.generation())
            && push.sequenceNr() == place.head().sequenceNr() + 1
            && push.hash().equals(hashAfter(place.head(), push));
    requireUnaltered(isNext && hasOurBody(push));
    put(place.in(push.generation()).at(new Point(push.sequenceNr(), push.hash())));
    return Fate.NEXT;
  }

  private Bytes hashAfter(Point head, EntryPush push) {
    return Statements.entryHash(head.hash(), self.user(), push.entry());
  }

  private boolean hasOurBody(EntryPush push) {
    Optional<Bytes> digest = ourDigest(push);
    return push.ciphertext()
        .map(ciphertext -> Bytes.of(Hash.sha256(ciphertext.toArray())))
        .map(actual -> digest.filter(actual::equals).isPresent())
        .orElse(true);
  }

  /** The digest of what is for this device; empty if nothing is. */
  Optional<Bytes> ourDigest(EntryPush push) {
    return push.bodies().stream()
        .filter(body -> body.device().equals(self.device()))
        .map(BodyDigest::digest)
        .findFirst();
  }

  /**
   * Goes on where a restored server does.
   *
   * @return how many entries of this device's chain are lost there; empty if it is a repeat
   * @throws Breach if the server did not sign it, or it cannot follow what this device has seen
   */
  Optional<Long> restore(Restored entry) {
    InboxPlace place = place();
    requireOwner(entry.kind(), entry.owner());
    if (entry.generation() <= place.generation()) {
      if (place.claim().isEmpty()) {
        requireUnaltered(entry.sequenceNr() <= place.head().sequenceNr());
        requireKnown(entry.point(), place);
      }
      return Optional.empty();
    }
    Bytes serverKey = new ServerPin(rows).signKey().orElseThrow();
    boolean isProof =
        place.claims(entry.generation()) && entry.verify(serverKey, self.serverHost());
    if (!isProof || !mayFollow(entry.previous(), place)) {
      throw new Breach(Alarm.RESTORE_REFUSED);
    }
    long previousNr = entry.previous().sequenceNr();
    boolean isOurs = known(previousNr).equals(Optional.of(entry.previous().hash()));
    long sharedNr =
        Math.min(previousNr, place.restored().map(InboxPlace.Restart::sharedNr).orElse(previousNr));
    forgetAfter(isOurs ? previousNr : sharedNr);
    put(place.in(entry.generation()).at(entry.point()).after(previousNr, sharedNr));
    return Optional.of(Math.max(0, place.head().sequenceNr() - previousNr));
  }

  /**
   * After one restore, another may lead back to what came after the first copy and was left then:
   * of that this device need not know anything.
   */
  private boolean mayFollow(Point previous, InboxPlace place) {
    long number = previous.sequenceNr();
    boolean isLeft = place.restored().filter(restart -> number > restart.sharedNr()).isPresent();
    boolean isInside = number <= place.head().sequenceNr();
    return isLeft || isInside && known(number).map(previous.hash()::equals).orElse(true);
  }

  /** @throws Breach unless everything up to that point is known here */
  void requireReached(ServerFrame.CaughtUp push) {
    InboxPlace place = place();
    requireOwner(push.kind(), push.owner());
    if (place.claim().isPresent() && !place.takes(push.generation())) {
      throw new Breach(Alarm.INBOX_ROLLED_BACK);
    }
    boolean isHead = place.head().equals(new Point(push.sequenceNr(), push.hash()));
    InboxPlace reached = place.in(push.generation());
    requireUnaltered(isHead && place.takes(push.generation()) && reached.claim().isEmpty());
    put(reached);
  }

  /**
   * What was up to that point is gone for this device; the chain goes on after it.
   *
   * @return whether the entry is gone, too, by which a restored server says so
   */
  boolean cutTo(ServerFrame.CutOff push) {
    InboxPlace place = place();
    requireOwner(push.kind(), push.owner());
    var point = new Point(push.sequenceNr(), push.hash());
    if (place.claims(push.generation())) {
      forgetAfter(-1);
      put(place.in(push.generation()).at(point).after(point.sequenceNr(), point.sequenceNr()));
      return true;
    } else if (place.passesOver(push.generation(), push.sequenceNr())) {
      return false;
    }
    requireUnaltered(push.generation() == place.generation());
    if (point.sequenceNr() <= place.head().sequenceNr()) {
      requireKnown(point, place);
    } else {
      put(place.at(point));
    }
    return false;
  }

  /**
   * Compares the server's view at sign-in with this device's own. A server that claims to have been
   * restored is compared when it proves that.
   *
   * @return false if the server knows of acknowledgements beyond this store, which then is an old
   *     copy
   * @throws Breach if the server lost or changed what this device has seen
   */
  boolean agree(ServerFrame.Inbox inbox) {
    InboxPlace place = rows.get(PLACE, KEY).orElseGet(this::firstPlace);
    boolean isLater = inbox.generation() > place.generation();
    boolean isBehind = inbox.head().sequenceNr() < place.head().sequenceNr();
    if (inbox.generation() < place.generation() || isBehind && !isLater) {
      throw new Breach(Alarm.INBOX_ROLLED_BACK);
    }
    boolean isOld = inbox.cursor().sequenceNr() > place.head().sequenceNr();
    boolean isFromCursor = isOld || place.claim().filter(InboxPlace.Claim::isFromCursor).isPresent();
    Optional<InboxPlace.Claim> claim =
        isLater
            ? Optional.of(new InboxPlace.Claim(inbox.generation(), isFromCursor))
            : Optional.empty();
    if (!isOld && !isLater) {
      requireKnown(inbox.cursor(), place);
      if (inbox.head().sequenceNr() == place.head().sequenceNr()) {
        requireKnown(inbox.head(), place);
      }
      forgetBefore(Math.max(0, inbox.cursor().sequenceNr() - HASHES_KEPT));
    }
    put(place.with(claim).at(isOld ? inbox.cursor() : place.head()));
    return !isOld;
  }

  private void requireOwner(String kind, String owner) {
    requireUnaltered(kind.equals(LogPoint.INBOX) && owner.equals(self.user().value()));
  }

  private static void requireUnaltered(boolean holds) {
    if (!holds) {
      throw new Breach(Alarm.INBOX_ALTERED);
    }
  }

  /** Of what lies before a restored entry, this device may have forgotten the hashes. */
  private void requireKnown(Point point, InboxPlace place) {
    boolean isBefore =
        place.restored()
            .filter(restart -> point.sequenceNr() <= restart.previousNr())
            .isPresent();
    requireUnaltered(
        known(point.sequenceNr()).map(point.hash()::equals).orElse(isBefore));
  }

  private Optional<Bytes> known(long sequenceNr) {
    return sequenceNr == 0
        ? Optional.of(Statements.inboxStart(self.user(), FIRST_GENERATION))
        : rows.get(KNOWN, Keys.ordinal(KEY, sequenceNr)).map(Known::hash);
  }

  private void put(InboxPlace place) {
    rows.put(PLACE, KEY, place);
    rows.put(
        KNOWN, Keys.ordinal(KEY, place.head().sequenceNr()), new Known(place.head().hash()));
  }

  private void forgetBefore(long sequenceNr) {
    String first = Keys.ordinal(KEY, sequenceNr);
    forget(key -> key.compareTo(first) < 0);
  }

  private void forgetAfter(long sequenceNr) {
    String last = sequenceNr < 0 ? "" : Keys.ordinal(KEY, sequenceNr);
    forget(key -> key.compareTo(last) > 0);
  }

  private void forget(Predicate<String> which) {
    rows.list(KNOWN, "").stream()
        .map(Rows.Row::key)
        .filter(which)
        .forEach(key -> rows.delete(KNOWN, key));
  }

  private InboxPlace firstPlace() {
    Device ours = self.list().device(self.device()).orElseThrow();
    return InboxPlace.of(ours.inboxStart());
  }

  private InboxPlace place() {
    return rows.get(PLACE, KEY)
        .orElseThrow(() -> new StoreException("this store has no place in the inbox"));
  }
}

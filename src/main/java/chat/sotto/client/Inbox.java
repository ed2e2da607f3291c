package chat.sotto.client;

import chat.sotto.crypto.Hash;
import chat.sotto.model.BodyDigest;
import chat.sotto.model.Bytes;
import chat.sotto.model.Device;
import chat.sotto.model.Entry;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Statements;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.protocol.ServerFrame.EntryPush;
import java.util.Optional;

/** This device's place in its user's inbox, and the chain up to it (docs/protocol.md §6). */
final class Inbox {
  private static final Table<Place> PLACE = new Table<>("inbox-place", Place.class);
  private static final String KEY = "inbox";
  static final long FIRST_GENERATION = 1;

  /** Hashes since the server's last known acknowledgement: what it may push again. */
  private static final Table<Known> KNOWN = new Table<>("inbox-hash", Known.class);

  private final Rows rows;
  private final Self self;

  private record Place(long generation, Point head) {}

  private record Known(Bytes hash) {}

  Inbox(Rows rows, Self self) {
    this.rows = rows;
    this.self = self;
  }

  Point head() {
    return place().head;
  }

  LogPoint headAsLogPoint() {
    Place place = place();
    return new LogPoint(
        LogPoint.INBOX,
        self.user().value(),
        place.generation,
        place.head.sequenceNr(),
        place.head.hash());
  }

  /**
   * Takes the next entry into the chain.
   *
   * @return false if it is a repeat of one that is in it
   * @throws Breach if it is neither
   */
  boolean append(EntryPush push) {
    Place place = place();
    requireOurs(push.kind(), push.owner(), push.generation(), place);
    if (push.sequenceNr() <= place.head.sequenceNr()) {
      requireKnown(new Point(push.sequenceNr(), push.hash()), place);
      return false;
    }
    boolean isNext = push.sequenceNr() == place.head.sequenceNr() + 1;
    if (!isNext || !push.hash().equals(hashAfter(place.head, push)) || !hasOurBody(push)) {
      throw new Breach(Alarm.INBOX_ALTERED);
    }
    moveTo(place.generation, new Point(push.sequenceNr(), push.hash()));
    return true;
  }

  private Bytes hashAfter(Point head, EntryPush push) {
    var entry =
        new Entry(
            push.sequenceNr(),
            push.time(),
            push.entryKind(),
            push.fromUser(),
            push.fromDevice(),
            push.messageId(),
            push.bodies(),
            push.hash());
    return Statements.entryHash(head.hash(), self.user(), entry);
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

  /** @throws Breach unless everything up to that point is known here */
  void requireReached(ServerFrame.CaughtUp push) {
    Place place = place();
    requireOurs(push.kind(), push.owner(), push.generation(), place);
    if (!place.head.equals(new Point(push.sequenceNr(), push.hash()))) {
      throw new Breach(Alarm.INBOX_ALTERED);
    }
  }

  /** What was up to that point is gone for this device; the chain goes on after it. */
  void cutTo(ServerFrame.CutOff push) {
    Place place = place();
    requireOurs(push.kind(), push.owner(), push.generation(), place);
    var point = new Point(push.sequenceNr(), push.hash());
    if (point.sequenceNr() <= place.head.sequenceNr()) {
      requireKnown(point, place);
    } else {
      moveTo(place.generation, point);
    }
  }

  /**
   * Compares the server's view at sign-in with this device's own.
   *
   * @return false if the server knows of acknowledgements beyond this store, which then is an old
   *     copy
   * @throws Breach if the server lost or changed what this device has seen
   */
  boolean agree(ServerFrame.Inbox inbox) {
    Place place = rows.get(PLACE, KEY).orElseGet(this::firstPlace);
    if (inbox.generation() != place.generation
        || inbox.head().sequenceNr() < place.head.sequenceNr()) {
      throw new Breach(Alarm.INBOX_ROLLED_BACK);
    }
    if (inbox.cursor().sequenceNr() > place.head.sequenceNr()) {
      moveTo(place.generation, inbox.cursor());
      return false;
    }
    requireKnown(inbox.cursor(), place);
    if (inbox.head().sequenceNr() == place.head.sequenceNr()) {
      requireKnown(inbox.head(), place);
    }
    moveTo(place.generation, place.head);
    rows.list(KNOWN, "").stream()
        .map(Rows.Row::key)
        .filter(key -> key.compareTo(Keys.ordinal(KEY, inbox.cursor().sequenceNr())) < 0)
        .forEach(key -> rows.delete(KNOWN, key));
    return true;
  }

  private void requireOurs(String kind, String owner, long generation, Place place) {
    if (!kind.equals(LogPoint.INBOX)
        || !owner.equals(self.user().value())
        || generation != place.generation) {
      throw new Breach(Alarm.INBOX_ALTERED);
    }
  }

  private void requireKnown(Point point, Place place) {
    Optional<Bytes> known =
        point.sequenceNr() == 0
            ? Optional.of(Statements.inboxStart(self.user(), place.generation))
            : rows.get(KNOWN, Keys.ordinal(KEY, point.sequenceNr())).map(Known::hash);
    if (!known.equals(Optional.of(point.hash()))) {
      throw new Breach(Alarm.INBOX_ALTERED);
    }
  }

  private void moveTo(long generation, Point head) {
    rows.put(PLACE, KEY, new Place(generation, head));
    rows.put(KNOWN, Keys.ordinal(KEY, head.sequenceNr()), new Known(head.hash()));
  }

  private Place firstPlace() {
    Device ours = self.list().device(self.device()).orElseThrow();
    return new Place(FIRST_GENERATION, ours.inboxStart());
  }

  private Place place() {
    return rows.get(PLACE, KEY)
        .orElseThrow(() -> new StoreException("this store has no place in the inbox"));
  }
}

package chat.sotto.audit;

import chat.sotto.group.GroupEvent;
import chat.sotto.group.GroupState;
import chat.sotto.journal.JournalFile;
import chat.sotto.model.Bytes;
import chat.sotto.model.GroupId;
import java.util.Optional;

/**
 * The hashes of groups' logs, looked up where they stand. Members acknowledge the same points one
 * after the other, so the newest are kept; a place is taken by whoever comes last.
 */
final class GroupPoints {
  private static final int KEPT = 1 << 14;

  private final JournalFile journal;
  private final Known[] known = new Known[KEPT];

  private record Known(GroupId group, long sequenceNr, Bytes hash) {}

  GroupPoints(JournalFile journal) {
    this.journal = journal;
  }

  /** The hash in the event of that number; empty if there is none that can be read. */
  Optional<Bytes> hash(GroupId group, long sequenceNr) {
    int place = (31 * group.hashCode() + Long.hashCode(sequenceNr)) & (KEPT - 1);
    Known at = known[place];
    if (at != null && at.group().equals(group) && at.sequenceNr() == sequenceNr) {
      return Optional.of(at.hash());
    }
    Optional<Bytes> hash = lookUp(group, sequenceNr);
    hash.ifPresent(found -> known[place] = new Known(group, sequenceNr, found));
    return hash;
  }

  private Optional<Bytes> lookUp(GroupId group, long sequenceNr) {
    try {
      return journal
          .event(GroupState.entity(group), sequenceNr)
          .map(row -> GroupEvent.CODEC.decode(Bytes.of(row.bytes())))
          .filter(event -> event.sequenceNr() == sequenceNr)
          .map(GroupEvent::hash);
    } catch (RuntimeException unreadable) {
      // Its own entity's replay says what is wrong with it.
      return Optional.empty();
    }
  }
}

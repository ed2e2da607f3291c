package chat.sotto.user;

import chat.sotto.model.BodyDigest;
import chat.sotto.model.Bytes;
import chat.sotto.model.Entry;
import chat.sotto.model.Generations;
import chat.sotto.model.Point;
import chat.sotto.model.Restored;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/**
 * What is remembered of an inbox. Its entries are in the journal: this does not grow with them,
 * only with the people who send.
 *
 * @param head the last entry
 * @param heardFrom everybody from whom an entry ever came, however long ago
 * @param generations of the log
 */
public record Inbox(
    Point head,
    PMap<DeviceAddress, Sender> senders,
    PSet<UserName> heardFrom,
    Generations generations) {
  static Inbox startingAt(Point head) {
    return new Inbox(head, HashTreePMap.empty(), HashTreePSet.empty(), Generations.ONE);
  }

  @JsonCreator
  static Inbox restore(
      @JsonProperty("head") Point head,
      @JsonProperty("senders") Map<DeviceAddress, Sender> senders,
      @JsonProperty("heardFrom") List<UserName> heardFrom,
      @JsonProperty("generations") Generations generations) {
    return new Inbox(
        head, HashTreePMap.from(senders), HashTreePSet.from(heardFrom), generations);
  }

  /** The entry that follows the head, chained to it. @param to owner of this inbox */
  Entry next(
      UserName to, long time, DeviceAddress from, Bytes messageId, List<BodyDigest> bodies) {
    var unchained =
        new Entry(
            head.sequenceNr() + 1,
            time,
            Entry.MESSAGE,
            from.user(),
            from.device(),
            messageId,
            bodies,
            head.hash());
    return unchained.with(Statements.entryHash(head.hash(), to, unchained));
  }

  Sender sender(DeviceAddress address) {
    return senders.getOrDefault(address, Sender.NEW);
  }

  /** How many entries came from all devices of a user, as far as their counts are not forgotten. */
  long sentBy(UserName user) {
    return senders.entrySet().stream()
        .filter(each -> each.getKey().user().equals(user))
        .mapToLong(each -> each.getValue().expected() - 1)
        .sum();
  }

  /** @throws IllegalStateException unless the entry is the next one, and the sender's next one */
  Inbox append(UserEvent.Accepted entry) {
    var address = new DeviceAddress(entry.fromUser(), entry.fromDevice());
    Sender sender = sender(address);
    if (entry.sequenceNr() != head.sequenceNr() + 1 || entry.n() != sender.expected()) {
      throw new IllegalStateException(
          "entry %d with n %d, expected entry %d with n %d"
              .formatted(
                  entry.sequenceNr(), entry.n(), head.sequenceNr() + 1, sender.expected()));
    }
    return new Inbox(
        new Point(entry.sequenceNr(), entry.hash()),
        senders.plus(address, sender.plus(entry.receipt())),
        heardFrom.plus(entry.fromUser()),
        generations);
  }

  /**
   * Goes on in the next generation. Counters stay: each sender learns from them where it is.
   *
   * @throws IllegalStateException unless the entry is the next one
   */
  Inbox append(Restored entry) {
    if (!generations.canGoOnWith(entry, head)) {
      throw new IllegalStateException("the restored entry does not follow the inbox's head");
    }
    return new Inbox(
        entry.point(), senders, heardFrom, generations.goOnWith(entry));
  }

  /** Nothing is known any more of those who wrote. */
  Inbox erased() {
    return new Inbox(head, HashTreePMap.empty(), HashTreePSet.empty(), generations);
  }

  boolean hasSilentSince(long time) {
    return senders.values().stream().anyMatch(sender -> sender.isSilentSince(time));
  }

  Inbox forgetSilentSince(long time) {
    List<DeviceAddress> silent =
        senders.entrySet().stream()
            .filter(each -> each.getValue().isSilentSince(time))
            .map(Map.Entry::getKey)
            .toList();
    return new Inbox(head, senders.minusAll(silent), heardFrom, generations);
  }
}

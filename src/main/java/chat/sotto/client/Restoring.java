package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Restored;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ServerFrame.CutOff;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a device does when its server was restored from a copy (docs/protocol.md §10): nothing that
 * was confirmed to its user is given up, though the server knows nothing of it any more.
 */
final class Restoring {
  /** A text may have been accepted while the copy was made. */
  private static final Duration COPY_TIME_MAX = Duration.ofSeconds(60);

  private final Rows rows;
  private final Self self;

  /**
   * @param told absent if it was told before
   * @param recipients of what is sent again
   */
  record Outcome(Optional<ClientEvent> told, Set<UserName> recipients) {}

  Restoring(Rows rows, Self self) {
    this.rows = rows;
    this.self = self;
  }

  /** @throws Breach if the entry is not the server's, or cannot be true */
  Outcome take(Restored entry) {
    Optional<Long> lost = new Inbox(rows, self).restore(entry);
    if (lost.isEmpty()) {
      return new Outcome(Optional.empty(), Set.of());
    }
    return new Outcome(
        Optional.of(new ClientEvent.ServerRestored(entry.copyTime(), lost.get())),
        sendAgainSince(entry.copyTime() - COPY_TIME_MAX.toMillis()));
  }

  /**
   * @return who gets what is sent again: everything, if the time of the copy was cut off
   * @throws Breach if it is not what the protocol allows there
   */
  Set<UserName> take(CutOff cut) {
    return new Inbox(rows, self).cutTo(cut) ? sendAgainSince(0) : Set.of();
  }

  private Set<UserName> sendAgainSince(long time) {
    var recipients = new TreeSet<UserName>();
    var outbox = new Outbox(rows);
    var waiting = new HashMap<UserName, Set<Bytes>>();
    for (Message mine : new History(rows).unconfirmedSince(time)) {
      boolean isNew = waiting.computeIfAbsent(mine.with(), outbox::messageIds).add(mine.id());
      Optional<Content> said = mine.said();
      if (isNew && said.isPresent() && wasMeantFor(mine.with(), mine.id())) {
        outbox.add(mine.with(), mine.id(), said.get(), mine.sentAt());
        recipients.add(mine.with());
      }
    }
    return recipients;
  }

  /** Else a server could have shown to a new account key what was written to another. */
  private boolean wasMeantFor(UserName to, Bytes id) {
    Optional<DeviceList> list =
        new People(rows, self.serverHost()).find(to).map(People.Person::list);
    return list.filter(pinned -> SentTo.wasMeantFor(rows, pinned, id)).isPresent();
  }
}

package chat.sotto.client;

import chat.sotto.model.Acknowledgement;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceList;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Restored;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.AccountPush;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.GroupWaiting;
import chat.sotto.protocol.Limits;
import chat.sotto.protocol.ServerFrame.CaughtUp;
import chat.sotto.protocol.ServerFrame.CutOff;
import chat.sotto.protocol.ServerFrame.EntryPush;
import chat.sotto.protocol.ServerFrame.GroupEntryPush;
import chat.sotto.protocol.ServerFrame.GroupStart;
import chat.sotto.protocol.ServerFrame.Push;
import chat.sotto.protocol.ServerFrame.RestoredPush;
import chat.sotto.protocol.TypingPush;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Takes what one connection pushes: stores it, tells it, and only then acknowledges it to the
 * server and sends receipts to people, both in batches.
 */
final class Intake {

  /** So that no group's pushes wait for an acknowledgement that would come by itself later. */
  private static final int UNACKNOWLEDGED_MAX = Limits.GROUP_IN_FLIGHT_MAX / 2;

  private static final Duration ACKNOWLEDGE_AFTER = Duration.ofSeconds(5);
  private static final Duration RECEIPTS_AFTER = Duration.ofMillis(300);

  private final ClientStore store;
  private final Core core;
  private final Clock clock;
  private final SecureRandom random;
  private final Sender sender;
  private final Consumer<ClientEvent> events;
  private final Link link;
  private final GroupIntake groups;
  private final AccountDesk account;
  private final Map<LogId, LogPoint> reached = new LinkedHashMap<>();
  private boolean closed;
  private int unacknowledged;
  private boolean receiptsScheduled;
  private boolean isCaughtUp;

  /** Drops a device, whose last words may wait in the inbox. */
  private Optional<AccountPush> farewell = Optional.empty();

  private record LogId(String kind, String owner) {}

  Intake(
      ClientStore store,
      Core core,
      Clock clock,
      SecureRandom random,
      Sender sender,
      GroupSender groupSender,
      Consumer<ClientEvent> events,
      Link link) {
    this.store = store;
    this.core = core;
    this.clock = clock;
    this.random = random;
    this.sender = sender;
    this.events = events;
    this.link = link;
    groups = new GroupIntake(store, random, groupSender, events, link);
    account = new AccountDesk(store, core, clock, random, sender, events, link);
  }

  void close() {
    closed = true;
    account.close();
    groups.close();
  }

  /** @throws Breach if the push is not what the protocol allows there */
  void take(Push push) {
    if (push instanceof EntryPush entry) {
      take(entry);
    } else if (push instanceof GroupStart start) {
      groups.take(start);
    } else if (push instanceof GroupEntryPush entry) {
      take(entry);
    } else if (push instanceof CaughtUp end && end.kind().equals(LogPoint.GROUP)) {
      groups.take(end);
      acknowledge();
    } else if (push instanceof CaughtUp end) {
      store.transaction(
          rows -> {
            Self self = Self.of(rows);
            new Inbox(rows, self).requireReached(end);
            new Prekeys(rows, self, random).eraseOld(clock.millis());
            return null;
          });
      acknowledge();
      sendReceipts();
      isCaughtUp = true;
      farewell.ifPresent(this::take);
      events.accept(new ClientEvent.CaughtUp());
    } else if (push instanceof GroupWaiting waiting) {
      groups.take(waiting);
    } else if (push instanceof AccountPush own) {
      take(own);
    } else if (push instanceof TypingPush typing) {
      store.transaction(rows -> Typing.take(rows, typing)).ifPresent(events);
    } else if (push instanceof CutOff cut) {
      take(cut);
    } else if (push instanceof RestoredPush restored) {
      take(restored);
    }
  }

  private void take(AccountPush push) {
    boolean isFarewell = !isCaughtUp && store.transaction(rows -> drops(rows, push));
    farewell = isFarewell ? Optional.of(push) : Optional.empty();
    if (!isFarewell) {
      account.take(push);
      groups.ownListCame();
    }
  }

  private static boolean drops(Rows rows, AccountPush push) {
    DeviceList known = Self.of(rows).list();
    DeviceList list = push.deviceList();
    return list.version() > known.version()
        && known.devices().stream().anyMatch(device -> list.device(device.id()).isEmpty());
  }

  private void take(CutOff cut) {
    store
        .transaction(rows -> new Restoring(rows, Self.of(rows)).take(cut))
        .forEach(sender::wake);
    reachedInInbox(cut.owner(), cut.generation(), cut.sequenceNr(), cut.hash());
    events.accept(new ClientEvent.HistoryCut());
  }

  private void take(RestoredPush push) {
    if (!push.kind().equals(LogPoint.GROUP)) {
      take(push.entry());
    } else if (groups.take(push)) {
      reached(
          new LogPoint(
              push.kind(), push.owner(), push.generation(), push.sequenceNr(), push.hash()));
    }
  }

  private void take(Restored entry) {
    Restoring.Outcome outcome =
        store.transaction(rows -> new Restoring(rows, Self.of(rows)).take(entry));
    outcome.told().ifPresent(events);
    outcome.recipients().forEach(sender::wake);
    reachedInInbox(entry.owner(), entry.generation(), entry.sequenceNr(), entry.hash());
  }

  private void take(EntryPush entry) {
    List<ClientEvent> told =
        store.transaction(rows -> new Receiving(rows, random, clock.millis()).take(entry));
    told.forEach(events);
    if (told.stream().anyMatch(ClientEvent.OwnKeyCame.class::isInstance)) {
      account.ownKeyCame();
    }
    sender.wake(entry.fromUser());
    reachedInInbox(entry.owner(), entry.generation(), entry.sequenceNr(), entry.hash());
    if (!receiptsScheduled) {
      receiptsScheduled = true;
      core.after(RECEIPTS_AFTER, this::sendReceipts);
    }
  }

  private void take(GroupEntryPush entry) {
    if (groups.take(entry)) {
      reached(
          new LogPoint(
              LogPoint.GROUP,
              entry.owner().value(),
              entry.generation(),
              entry.sequenceNr(),
              entry.hash()));
    }
  }

  /** What was read and not chained is not acknowledged, unless it was chained before. */
  private void reachedInInbox(String owner, long generation, long sequenceNr, Bytes hash) {
    var point = new LogPoint(LogPoint.INBOX, owner, generation, sequenceNr, hash);
    boolean isHeld =
        store.transaction(rows -> new Inbox(rows, Self.of(rows)).holds(point));
    if (isHeld) {
      reached(point);
    }
  }

  /** Stored, so it is acknowledged soon. */
  private void reached(LogPoint point) {
    // A repeat comes after a later one: what is acknowledged is not taken back.
    reached.merge(new LogId(point.kind(), point.owner()), point, Intake::later);
    unacknowledged++;
    if (unacknowledged >= UNACKNOWLEDGED_MAX) {
      acknowledge();
    } else if (unacknowledged == 1) {
      core.after(ACKNOWLEDGE_AFTER, this::acknowledge);
    }
  }

  private static LogPoint later(LogPoint one, LogPoint other) {
    return one.sequenceNr() > other.sequenceNr() ? one : other;
  }

  /** Everything up to the last pushes is stored, and only that is acknowledged. */
  void acknowledge() {
    if (closed || unacknowledged == 0) {
      return;
    }
    unacknowledged = 0;
    var points = List.copyOf(reached.values());
    reached.clear();
    // Kept before it is sent: what the server has of this device's word, the device has too.
    store.transaction(rows -> signed(rows, points)).forEach(this::send);
    offerPrekeys();
  }

  private static List<Acknowledgement> signed(Rows rows, List<LogPoint> points) {
    Self self = Self.of(rows);
    var statements = new ArrayList<Acknowledgement>();
    for (int from = 0; from < points.size(); from += Limits.ACK_ITEMS_MAX) {
      int to = Math.min(points.size(), from + Limits.ACK_ITEMS_MAX);
      List<LogPoint> items = points.subList(from, to);
      Bytes signature =
          Statements.signAck(
              self.deviceKey(), self.serverHost(), self.user(), self.device(), items);
      var statement = new Acknowledgement(items, signature);
      new Acknowledgements(rows).keep(statement);
      statements.add(statement);
    }
    return statements;
  }

  private void send(Acknowledgement statement) {
    link.acknowledge(
        (nonce, token) ->
            new ClientFrame.Ack(nonce, token, statement.items(), statement.signature()));
  }

  /** Puts up what became due. */
  void offerPrekeys() {
    offer(
        store.transaction(
            rows -> new Prekeys(rows, Self.of(rows), random).due(clock.millis())));
  }

  private void sendReceipts() {
    receiptsScheduled = false;
    if (!closed) {
      Set<UserName> told =
          store.transaction(
              rows ->
                  new Outbox(rows)
                      .addReceipts(() -> MessageIds.make(random), clock.millis()));
      told.forEach(sender::wake);
    }
  }

  void offer(Optional<Prekeys.Offer> due) {
    due.ifPresent(
        offer ->
            link.request(
                (nonce, token) ->
                    new ClientFrame.PutPrekeys(
                        nonce, token, offer.replace(), offer.prekeys())));
  }
}

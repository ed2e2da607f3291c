package chat.sotto.edge;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import chat.sotto.edge.Connection.Command;
import chat.sotto.model.Bytes;
import chat.sotto.model.Entry;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.CloseCode;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.user.InboxEntry;
import chat.sotto.user.StoredCopy;
import chat.sotto.user.User;
import chat.sotto.user.UserState;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The inbox on one connection: attaches to its owner, pushes what {@link Cursor} says when the
 * network takes more, and hands acknowledgements on.
 */
final class InboxPush {
  private static final long ATTACH_AGAIN_WITHIN_MS = 2_000;
  private static final int CONNECTION_ID_BYTES = 16;

  private final ActorContext<Command> context;
  private final Node node;
  private final SignIn.Granted self;
  private final Line line;
  private final Cursor cursor;
  private final String connectionId;
  private final ActorRef<User.Notice> notices;
  private final Set<UserName> heardFrom = new HashSet<>();
  private boolean attached;
  private long lastNonce;

  InboxPush(ActorContext<Command> context, Node node, SignIn.Granted self, Line line) {
    this.context = context;
    this.node = node;
    this.self = self;
    this.line = line;
    this.cursor = new Cursor(self.device(), node.limits().entriesInFlightMax());
    var id = new byte[CONNECTION_ID_BYTES];
    node.random().nextBytes(id);
    this.connectionId = Bytes.of(id).toString();
    this.notices = context.messageAdapter(User.Notice.class, Connection.Noticed::new);
    attach();
  }

  /** Whether an entry ever came from this person. */
  boolean hasHeardFrom(UserName user) {
    return heardFrom.contains(user);
  }

  // Attaching

  void attach() {
    if (!attached) {
      node.user(self.user()).tell(new User.Attach(self.device(), connectionId, notices));
      attachAgainAfter(node.edgeLimits().askTimeout());
    }
  }

  private void attachAgainAfter(Duration delay) {
    context.scheduleOnce(delay, context.getSelf(), new Connection.AttachNow());
  }

  /** The entity stopped. Many connections learn it at once, so each waits a time of its own. */
  void onEntityStopped() {
    attached = false;
    long delay = ThreadLocalRandom.current().nextLong(ATTACH_AGAIN_WITHIN_MS);
    attachAgainAfter(Duration.ofMillis(delay));
  }

  void onNotice(User.Notice notice) {
    if (notice instanceof User.Attached now) {
      attached = true;
      context.watch(now.user());
      cursor.onAttached(now.cursor(), now.head(), now.cutOff());
      node.presence()
          .tell(new Presence.Came(self.user(), now.visibility(), context.getSelf()));
    } else if (notice instanceof User.Appended appended) {
      cursor.onAppended(appended.entry());
      onHeardFrom(List.of(appended.entry().entry().fromUser()));
    } else if (notice instanceof User.HeardFrom heard) {
      onHeardFrom(heard.users());
    } else if (notice instanceof User.CutOff cutOff) {
      cursor.onCutOff(cutOff.head());
    } else if (notice instanceof User.Superseded) {
      line.close(CloseCode.REPLACED);
    } else if (notice instanceof User.NotAttached) {
      line.close(CloseCode.INTERNAL);
    }
    pump();
  }

  private void onHeardFrom(List<UserName> users) {
    if (heardFrom.addAll(users)) {
      node.presence().tell(new Presence.Heard(self.user(), users));
    }
  }

  // Pushing

  /** Pushes and reads as far as the network, the client and the disk allow now. */
  void pump() {
    while (line.isIdle()) {
      Cursor.Step step = cursor.next(node.clock().millis());
      if (step instanceof Cursor.Wait) {
        return;
      } else if (step instanceof Cursor.ReadEntries read) {
        readEntries(read);
      } else if (step instanceof Cursor.ReadBody read) {
        readBody(read);
      } else if (step instanceof Cursor.SayCaughtUp caughtUp) {
        line.say(caughtUp(caughtUp.at()));
      } else if (step instanceof Cursor.SayCutOff cutOff) {
        line.say(cutOff(cutOff.at()));
      }
    }
  }

  private void readEntries(Cursor.ReadEntries read) {
    context.pipeToSelf(
        node.store()
            .journal()
            .read(UserState.entity(self.user()), read.after(), read.upTo()),
        (events, failure) -> {
          if (failure != null) {
            return new Connection.Failed(failure);
          } else if (events.isEmpty()) {
            return new Connection.Failed(new IllegalStateException("the journal ends too early"));
          }
          List<InboxEntry> entries =
              events.stream()
                  .flatMap(event -> InboxEntry.of(event.sequenceNr(), event.entry()).stream())
                  .toList();
          long lastNr = events.get(events.size() - 1).sequenceNr();
          return new Connection.EntriesRead(read, lastNr, entries);
        });
  }

  private void readBody(Cursor.ReadBody read) {
    Optional<StoredCopy> copy =
        read.copy().filter(kept -> read.entry().expiresAt() > node.clock().millis());
    CompletionStage<Optional<byte[]>> body =
        copy.isPresent()
            ? node.store().bodies().get(copy.get().bodyId())
            : Stages.now(Optional.empty());
    context.pipeToSelf(
        body,
        (bytes, failure) ->
            failure == null
                ? new Connection.BodyRead(read, bytes.map(Bytes::of))
                : new Connection.Failed(failure));
  }

  void onEntriesRead(Connection.EntriesRead read) {
    cursor.onEntries(read.asked().round(), read.lastNr(), read.entries());
    pump();
  }

  void onBodyRead(Connection.BodyRead read) {
    InboxEntry entry = read.asked().entry();
    if (cursor.onBody(read.asked().round(), entry, node.clock().millis())) {
      line.say(entry(entry.entry(), read.body()));
    }
    pump();
  }

  private ServerFrame entry(Entry entry, Optional<Bytes> ciphertext) {
    return new ServerFrame.EntryPush(
        nextNonce(),
        LogPoint.INBOX,
        self.user().value(),
        generation(),
        entry.sequenceNr(),
        entry.time(),
        entry.entryKind(),
        entry.fromUser(),
        entry.fromDevice(),
        entry.messageId(),
        entry.bodies(),
        entry.hash(),
        ciphertext);
  }

  private ServerFrame caughtUp(Point at) {
    return new ServerFrame.CaughtUp(
        nextNonce(),
        LogPoint.INBOX,
        self.user().value(),
        generation(),
        at.sequenceNr(),
        at.hash());
  }

  private ServerFrame cutOff(Point at) {
    return new ServerFrame.CutOff(
        nextNonce(),
        LogPoint.INBOX,
        self.user().value(),
        generation(),
        at.sequenceNr(),
        at.hash());
  }

  private long nextNonce() {
    lastNonce += 2;
    return lastNonce;
  }

  private long generation() {
    return self.reply().inbox().generation();
  }

  // Acknowledging

  /** Answers only what it refuses. */
  void onAck(ClientFrame.Ack ack) {
    if (ack.nonce() % 2 == 0 || ack.nonce() > lastNonce + 1) {
      line.say(Errors.of(ack.nonce(), ErrorCode.BAD_NONCE));
      return;
    }
    Cursor.Ack checked = check(ack);
    if (checked instanceof Cursor.Refused) {
      line.say(Errors.of(ack.nonce(), ErrorCode.ACK_REFUSED));
    } else if (checked instanceof Cursor.Accepted accepted) {
      acknowledge(ack, accepted.upTo(), cursor.onAcknowledged(accepted.upTo()));
      pump();
    }
  }

  private Cursor.Ack check(ClientFrame.Ack ack) {
    LogPoint point = ack.items().get(0);
    boolean own =
        ack.items().size() == 1
            && point.kind().equals(LogPoint.INBOX)
            && point.owner().equals(self.user().value())
            && point.generation() == generation();
    return own && isSigned(ack) ? cursor.check(point) : new Cursor.Refused();
  }

  private boolean isSigned(ClientFrame.Ack ack) {
    return Statements.verifyAck(
        self.deviceKey(),
        node.serverHost(),
        self.user(),
        self.device(),
        ack.items(),
        ack.signature());
  }

  private void acknowledge(ClientFrame.Ack ack, Cursor.Pushed upTo, List<String> bodies) {
    context.pipeToSelf(
        node.user(self.user())
            .<User.AckReply>ask(
                replyTo ->
                    new User.Acknowledge(
                        self.device(),
                        ack.items(),
                        ack.signature(),
                        upTo.pushedAt(),
                        Optional.of(
                            new User.InboxPlace(
                                upTo.position().journalNr(), upTo.position().total())),
                        replyTo),
                node.edgeLimits().askTimeout()),
        (answer, failure) -> {
          if (answer instanceof User.Acknowledged) {
            // The event is on disk: the ciphertexts are needed by nobody any more.
            node.store().bodies().delete(bodies);
          }
          // Without an answer the next one, which is cumulative, says it again.
          return new Connection.AckAnswered(
              ack.nonce(), failure == null && !(answer instanceof User.Acknowledged));
        });
  }

  void onAckAnswered(Connection.AckAnswered answered) {
    if (answered.refused()) {
      line.say(Errors.of(answered.nonce(), ErrorCode.ACK_REFUSED));
    }
  }
}

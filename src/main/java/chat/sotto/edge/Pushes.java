package chat.sotto.edge;

import chat.sotto.group.Group;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Statements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.user.Notice;
import chat.sotto.user.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that one connection pushes: the inbox first, then the groups in turn, and who is writing only
 * when there is nothing else. Hands acknowledgements on, each of which may speak of several logs.
 */
final class Pushes {
  private final Outlet outlet;
  private final InboxPush inbox;
  private final GroupPushes groups;
  private final TypingLane typing;

  Pushes(Outlet outlet) {
    this.outlet = outlet;
    this.inbox = new InboxPush(outlet);
    this.groups = new GroupPushes(outlet);
    this.typing = new TypingLane(outlet::say);
  }

  /** Whether an entry of the inbox ever came from this person. */
  boolean hasHeardFrom(UserName user) {
    return inbox.hasHeardFrom(user);
  }

  void onNotice(Notice notice) {
    if (notice instanceof Notice.InGroups in) {
      groups.onPlaces(in.groups());
    } else if (notice instanceof Notice.GroupChanged changed) {
      groups.onChanged(changed.place());
    } else {
      inbox.onNotice(notice);
    }
    pump();
  }

  void onGroupNotice(Group.Notice notice) {
    if (notice instanceof Group.Typed typed) {
      var by = new Typist(typed.user(), typed.device(), Optional.of(typed.id()));
      onTyped(new Connection.Typed(by, typed.sealed()));
      return;
    }
    groups.onNotice(notice);
    pump();
  }

  void onTyped(Connection.Typed typed) {
    typing.onTyped(typed);
    pump();
  }

  void onRead(Connection.ReadDone done) {
    outlet.onRead(done);
    pump();
  }

  /** Pushes and reads as far as the network, the client and the disk allow now. */
  void pump() {
    boolean did = true;
    while (did && outlet.isFree()) {
      did = inbox.step() || groups.step() || outlet.isTaken() && typing.step();
    }
  }

  /** Pushes a group's log once more from an entry on. */
  ServerFrame.Reply follow(ClientFrame.Follow frame) {
    Optional<GroupPush> group = groups.find(frame.group());
    if (group.isEmpty()) {
      return Errors.of(frame.nonce(), ErrorCode.NOT_MEMBER);
    }
    group.get().follow(frame.after());
    return new ServerFrame.Done(frame.nonce() + 1);
  }

  // Acknowledging

  /** A point of the statement, the log it is of, and what that says. */
  private record Item(LogPush<?> log, Cursor.Ack ack) {}

  /** Answers only what it refuses. */
  void onAck(ClientFrame.Ack ack) {
    if (!outlet.saidBefore(ack.nonce())) {
      outlet.line().say(Errors.of(ack.nonce(), ErrorCode.BAD_NONCE));
      return;
    }
    List<Item> items = check(ack);
    if (items.isEmpty() || !isSigned(ack)) {
      outlet.line().say(Errors.of(ack.nonce(), ErrorCode.ACK_REFUSED));
    } else if (items.stream().anyMatch(item -> item.ack() instanceof Cursor.Accepted)) {
      acknowledge(ack, items);
      pump();
    }
  }

  /** One item for each point; none if one of them is refused. */
  private List<Item> check(ClientFrame.Ack ack) {
    List<Item> items = new ArrayList<>();
    for (LogPoint point : ack.items()) {
      Optional<? extends LogPush<?>> log =
          inbox.name().isOf(point) ? Optional.of(inbox) : groups.find(point);
      boolean isRepeated =
          log.isPresent() && items.stream().anyMatch(item -> item.log() == log.get());
      if (log.isEmpty() || isRepeated) {
        return List.of();
      }
      var item = new Item(log.get(), log.get().check(point));
      if (item.ack() instanceof Cursor.Refused) {
        return List.of();
      }
      items.add(item);
    }
    return items;
  }

  private boolean isSigned(ClientFrame.Ack ack) {
    SignIn.Granted self = outlet.self();
    return Statements.verifyAck(
        self.deviceKey(),
        outlet.node().serverHost(),
        self.user(),
        self.device(),
        ack.items(),
        ack.signature());
  }

  private void acknowledge(ClientFrame.Ack ack, List<Item> items) {
    List<String> bodies = new ArrayList<>();
    List<LogPush<?>> logs = new ArrayList<>();
    long deliveredAt = 0;
    Optional<User.InboxPlace> place = Optional.empty();
    for (Item item : items) {
      if (item.ack() instanceof Cursor.Accepted accepted) {
        Cursor.Pushed upTo = accepted.upTo();
        bodies.addAll(item.log().cursor().onAcknowledged(upTo));
        logs.add(item.log());
        deliveredAt = Math.max(deliveredAt, upTo.pushedAt());
        if (item.log() == inbox) {
          place =
              Optional.of(
                  new User.InboxPlace(upTo.position().journalNr(), upTo.position().total()));
        }
      }
    }
    tell(ack, deliveredAt, place, bodies, logs);
  }

  private void tell(
      ClientFrame.Ack ack,
      long deliveredAt,
      Optional<User.InboxPlace> place,
      List<String> bodies,
      List<LogPush<?>> logs) {
    SignIn.Granted self = outlet.self();
    Node node = outlet.node();
    outlet
        .context()
        .pipeToSelf(
            node.user(self.user())
                .<User.AckReply>ask(
                    replyTo ->
                        new User.Acknowledge(
                            self.device(),
                            ack.items(),
                            ack.signature(),
                            deliveredAt,
                            place,
                            replyTo),
                    node.edgeLimits().askTimeout())
                .thenApply(
                    answer -> {
                      // The event is on disk: these bodies are needed by nobody any more, be the
                      // connection still there or not.
                      if (answer instanceof User.Acknowledged) {
                        node.store().bodies().delete(bodies);
                      }
                      return answer;
                    }),
            // Without an answer the next one, which is cumulative, says it again.
            (answer, failure) ->
                answer instanceof User.Acknowledged
                    ? new Connection.AckStored(logs)
                    : new Connection.AckFailed(ack.nonce(), failure == null));
  }

  void onAckStored(Connection.AckStored stored) {
    stored.logs().forEach(LogPush::onAcknowledgementStored);
  }

  void onAckFailed(Connection.AckFailed failed) {
    if (failed.isRefused()) {
      outlet.line().say(Errors.of(failed.nonce(), ErrorCode.ACK_REFUSED));
    }
  }
}

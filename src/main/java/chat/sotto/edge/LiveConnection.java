package chat.sotto.edge;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import chat.sotto.edge.Connection.Command;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;
import chat.sotto.protocol.CloseCode;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.FrameCodec;
import chat.sotto.protocol.FrameException;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.user.Notice;
import java.util.Optional;

/**
 * The actor of one socket after its sign-in: opens envelopes, answers requests, and lets {@link
 * Pushes} push.
 *
 * <p><b>Invariant</b>: entities are reached through their region only; the reference that an entity
 * gives is for watching it.
 */
final class LiveConnection extends AbstractBehavior<Command> {
  static final int UNREAD_MAX = 32;

  private static final MessageTable<LiveConnection, Command> TABLE =
      new MessageTable<LiveConnection, Command>(ended -> ended.place.close())
          .on(Connection.Received.class, LiveConnection::onReceived)
          .on(Connection.Answered.class, LiveConnection::onAnswered)
          .on(Connection.Sent.class, (self, sent) -> self.onSent())
          .on(Connection.Noticed.class, LiveConnection::onNoticed)
          .on(
              Connection.GroupNoticed.class,
              (self, noticed) -> self.then(() -> self.pushes.onGroupNotice(noticed.notice())))
          .on(
              Connection.Typed.class,
              (self, typed) -> self.then(() -> self.pushes.onTyped(typed)))
          .on(
              Connection.ReadDone.class,
              (self, read) -> self.then(() -> self.pushes.onRead(read)))
          .on(
              Connection.EntityAnswered.class, (self, answered) -> self.then(answered.take()))
          .on(
              Connection.AckStored.class,
              (self, stored) -> self.then(() -> self.pushes.onAckStored(stored)))
          .on(
              Connection.AckFailed.class,
              (self, failed) -> self.then(() -> self.pushes.onAckFailed(failed)))
          .on(Connection.AttachNow.class, (self, now) -> self.then(now.log()::onAttachNow))
          .on(
              Connection.EntityStopped.class,
              (self, stopped) -> self.then(stopped.log()::onEntityStopped))
          .on(Connection.TokenRenewed.class, LiveConnection::onTokenRenewed)
          .on(Connection.TokenLook.class, (self, look) -> self.onTokenLook())
          .on(Connection.Stop.class, (self, stop) -> self.end(CloseCode.GOING_AWAY))
          .on(Connection.Failed.class, LiveConnection::onFailed)
          .on(Connection.SocketGone.class, (self, gone) -> Behaviors.stopped());

  private final Node node;
  private final Line line;
  private final Places<UserName>.Place place;
  private final Inflow inflow;
  private final Requests requests;
  private final TokenLife token;
  private final Pushes pushes;
  private long lastNonce;
  private int asking;

  /** With what it ends once what was asked is answered; nothing more is read or pushed. */
  private Optional<CloseCode> ending = Optional.empty();

  /**
   * @param granted is answered here
   * @param place given back at the end
   */
  LiveConnection(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Node node,
      Line line,
      SignIn.Granted granted,
      Places<UserName>.Place place,
      Inflow inflow) {
    super(context);
    this.node = node;
    this.line = line;
    this.place = place;
    this.inflow = inflow;
    this.token = new TokenLife(context, timers, node, granted);
    this.lastNonce = granted.reply().nonce() - 1;
    line.socket().takeLarge();
    line.say(granted.reply());
    this.pushes = new Pushes(new Outlet(context, timers, node, granted, line));
    this.requests = new Requests(node, granted, pushes::hasHeardFrom);
    takeMore();
  }

  @Override
  public Receive<Command> createReceive() {
    return TABLE.of(this);
  }

  /** Of no more use to a device that is to hear nothing more. */
  private Behavior<Command> then(Runnable done) {
    if (!isCutOff()) {
      done.run();
    }
    return this;
  }

  private boolean isCutOff() {
    return ending.equals(Optional.of(CloseCode.DEVICE_REMOVED));
  }

  private Behavior<Command> onNoticed(Connection.Noticed noticed) {
    return noticed.notice() instanceof Notice.SignedOff
        ? end(CloseCode.DEVICE_REMOVED)
        : then(() -> pushes.onNotice(noticed.notice()));
  }

  private Behavior<Command> onSent() {
    line.socket().onTaken();
    then(pushes::pump);
    takeMore();
    return this;
  }

  private Behavior<Command> onReceived(Connection.Received received) {
    inflow.onReceived(received.envelopes());
    takeMore();
    return this;
  }

  /** What waits for answers, and answers that wait for the client, bound what is read. */
  private void takeMore() {
    inflow.take(this::mayTakeOne, this::onEnvelope);
  }

  private boolean mayTakeOne() {
    return !line.isClosing()
        && ending.isEmpty()
        && asking < node.edgeLimits().asksPerConnection()
        && line.socket().waiting() < UNREAD_MAX;
  }

  private void onEnvelope(byte[] envelope) {
    try {
      onFrame(line.channel().open(envelope));
    } catch (RefusedEnvelope refused) {
      line.close(refused.code());
    }
  }

  private void onFrame(byte[] bytes) {
    try {
      ClientFrame frame = FrameCodec.decodeClient(bytes);
      if (frame instanceof ClientFrame.Later later) {
        onLater(later);
      } else {
        line.say(Errors.of(frame.nonce(), ErrorCode.UNKNOWN_TYPE));
      }
    } catch (FrameException e) {
      line.say(Errors.answer(e.replyNonce(), e.code()));
    }
  }

  private void onLater(ClientFrame.Later frame) {
    Optional<ErrorCode> refusal = token.refusal(frame);
    if (refusal.isPresent()) {
      line.say(Errors.of(frame.nonce(), refusal.get()));
      endWithToken();
    } else if (frame instanceof ClientFrame.Ack ack) {
      pushes.onAck(ack);
    } else if (frame.nonce() % 2 != 0 || frame.nonce() <= lastNonce) {
      line.say(Errors.of(frame.nonce(), ErrorCode.BAD_NONCE));
    } else {
      lastNonce = frame.nonce();
      onRequest(frame);
    }
  }

  private Behavior<Command> onTokenRenewed(Connection.TokenRenewed renewed) {
    token.onRenewed(renewed.answer());
    endWithToken();
    return this;
  }

  private Behavior<Command> onTokenLook() {
    endWithToken();
    token.lookLater();
    return this;
  }

  /** Whether or not its client says anything. */
  private void endWithToken() {
    if (token.isOver()) {
      end(CloseCode.DEVICE_REMOVED);
    }
  }

  private void onRequest(ClientFrame.Later frame) {
    if (frame instanceof ClientFrame.Ping) {
      line.say(new ServerFrame.Pong(frame.nonce() + 1));
    } else if (frame instanceof ClientFrame.Follow follow) {
      line.say(pushes.follow(follow));
      pushes.pump();
    } else if (!node.asks().tryAcquire()) {
      line.say(Errors.busy(frame.nonce()));
    } else {
      asking++;
      long strangers =
          requests.lookedUp(frame).stream()
              .filter(user -> !pushes.hasHeardFrom(user))
              .count();
      getContext()
          .pipeToSelf(
              requests
                  .answer(frame, (int) strangers)
                  .whenComplete((reply, failure) -> node.asks().release()),
              (reply, failure) ->
                  failure == null
                      ? new Connection.Answered(frame, reply)
                      : new Connection.Failed(failure));
    }
  }

  private Behavior<Command> onAnswered(Connection.Answered answered) {
    asking--;
    line.say(answered.reply());
    if (answered.asked() instanceof ClientFrame.SignOut
        && answered.reply() instanceof ServerFrame.Done) {
      line.close(CloseCode.NORMAL);
    }
    endIfAnswered();
    takeMore();
    return this;
  }

  private Behavior<Command> end(CloseCode code) {
    ending = Optional.of(code);
    endIfAnswered();
    return this;
  }

  private void endIfAnswered() {
    if (asking == 0) {
      ending.ifPresent(line::close);
    }
  }

  private Behavior<Command> onFailed(Connection.Failed failed) {
    if (ending.isEmpty()) {
      getContext().getLog().error("A connection failed.", failed.cause());
    }
    line.close(CloseCode.INTERNAL);
    return this;
  }
}

package chat.sotto.edge;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
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
import java.time.Duration;

/**
 * The actor of one socket whose device is to become one of its user's: takes nothing but {@code
 * link} and {@code ping}. Then {@link LiveConnection} goes on.
 */
final class LinkingConnection extends AbstractBehavior<Command> {
  /** So long a person may think about which device is to go. */
  private static final Duration LINK_WITHIN = Duration.ofMinutes(10);

  private final TimerScheduler<Command> timers;
  private final Node node;
  private final Line line;
  private final Places<UserName>.Place place;
  private final Inflow inflow;
  private final Linking linking;
  private long lastNonce;
  private boolean isAsking;

  /**
   * @param invited is answered here
   * @param place given back at the end
   */
  LinkingConnection(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Node node,
      Line line,
      SignIn.Invited invited,
      Places<UserName>.Place place,
      Inflow inflow) {
    super(context);
    this.timers = timers;
    this.node = node;
    this.line = line;
    this.place = place;
    this.inflow = inflow;
    this.linking = new Linking(node, invited.caller());
    this.lastNonce = invited.reply().nonce() - 1;
    timers.startSingleTimer(new Connection.LinkLate(), LINK_WITHIN);
    line.say(invited.reply());
    takeMore();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Connection.Sent.class, sent -> onSent())
        .onMessage(Connection.Received.class, this::onReceived)
        .onMessage(Connection.LinkDone.class, this::onLinkDone)
        .onMessage(Connection.LinkLate.class, late -> close(CloseCode.TIMEOUT))
        .onMessage(Connection.Stop.class, stop -> close(CloseCode.GOING_AWAY))
        .onMessage(Connection.Failed.class, this::onFailed)
        .onMessage(Connection.SocketGone.class, gone -> Behaviors.stopped())
        .onSignal(PostStop.class, stopped -> onStopped())
        .build();
  }

  private Behavior<Command> onSent() {
    line.socket().onTaken();
    takeMore();
    return this;
  }

  /** A question and answers that wait for the client bound what is read. */
  private void takeMore() {
    inflow.take(this::mayTakeOne, this::onEnvelope);
  }

  private boolean mayTakeOne() {
    return !line.isClosing()
        && !isAsking
        && line.socket().waiting() < LiveConnection.UNREAD_MAX;
  }

  private Behavior<Command> onReceived(Connection.Received received) {
    inflow.onReceived(received.envelopes());
    takeMore();
    return this;
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
      if (frame.nonce() % 2 != 0 || frame.nonce() <= lastNonce) {
        line.say(Errors.of(frame.nonce(), ErrorCode.BAD_NONCE));
        return;
      }
      lastNonce = frame.nonce();
      if (frame instanceof ClientFrame.Ping) {
        line.say(new ServerFrame.Pong(frame.nonce() + 1));
      } else if (frame instanceof ClientFrame.Link link) {
        ask(link);
      } else {
        line.say(Errors.of(frame.nonce(), ErrorCode.UNKNOWN_TYPE));
      }
    } catch (FrameException e) {
      line.say(Errors.answer(e.replyNonce(), e.code()));
    }
  }

  /** Nothing more is read until it was answered. */
  private void ask(ClientFrame.Link link) {
    isAsking = true;
    getContext()
        .pipeToSelf(
            linking.link(link),
            (outcome, failure) ->
                failure == null
                    ? new Connection.LinkDone(outcome)
                    : new Connection.Failed(failure));
  }

  private Behavior<Command> onLinkDone(Connection.LinkDone done) {
    isAsking = false;
    if (done.outcome() instanceof SignIn.Granted granted) {
      timers.cancel(new Connection.LinkLate());
      return new LiveConnection(getContext(), timers, node, line, granted, place, inflow);
    }
    line.say(((SignIn.Denied) done.outcome()).reply());
    takeMore();
    return this;
  }

  private Behavior<Command> onFailed(Connection.Failed failed) {
    getContext().getLog().error("A device was not linked.", failed.cause());
    return close(CloseCode.INTERNAL);
  }

  private Behavior<Command> close(CloseCode code) {
    line.close(code);
    return this;
  }

  private Behavior<Command> onStopped() {
    place.close();
    return this;
  }
}

package chat.sotto.edge;

import akka.actor.Terminated;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Adapter;
import akka.http.impl.engine.ws.FrameEvent;
import akka.http.impl.engine.ws.FrameEventParser$;
import akka.http.impl.engine.ws.FrameHeader;
import akka.http.impl.engine.ws.FrameStart;
import akka.http.impl.engine.ws.Protocol;
import akka.http.impl.engine.ws.ProtocolException;
import akka.http.impl.engine.ws.UpgradeToWebSocketLowLevel;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.ws.WebSocketUpgrade;
import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Graph;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import chat.sotto.protocol.CloseCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import scala.Option;
import scala.runtime.BoxedUnit;

/**
 * A server's side of RFC 6455, between frames and the actor that takes whole binary messages, with
 * close codes of our own. The only class that knows Akka HTTP's internal frames: its public API can
 * send no close code, and assembles a message before its size can be seen. It is one stage, because
 * each more of them is half a kilobyte in memory of every connection.
 *
 * <p><b>Invariant</b>: never more than {@code bytesMax} of a message are held, of one whose sender
 * has not signed in never more than {@link #FIRST_BYTES_MAX}, and nothing is read from the network
 * while the whole messages that wait to be taken are full.
 */
final class WebSocketFrames extends GraphStage<FlowShape<FrameEvent, FrameEvent>> {
  private static final int CONTINUATION = 0x0;
  private static final int TEXT = 0x1;
  private static final int BINARY = 0x2;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;
  private static final int PONG = 0xA;

  /** Room for a registration or a link with all that may be in it. */
  static final int FIRST_BYTES_MAX = 128 * 1024;

  private static final int CONTROL_BYTES_MAX = 125;
  private static final int PROTOCOL_ERROR = 1002;
  /** For the peer's answer to a close frame. */
  private static final Duration CLOSE_GRACE = Duration.ofSeconds(3);

  /** For the peer to read what was said before a close frame. */
  private static final Duration READ_GRACE = Duration.ofSeconds(8);

  private static final String SILENCE_TIMER = "silence";
  private static final String CLOSE_TIMER = "close";

  private final int bytesMax;
  private final Duration silenceMax;
  private final Optional<ActorRef<Connection.Command>> connection;
  private final FlowShape<FrameEvent, FrameEvent> shape =
      new FlowShape<>(Inlet.create("netIn"), Outlet.create("netOut"));

  /**
   * @param bytesMax of a message; a frame whose header goes beyond it is refused at once (1009)
   * @param silenceMax a peer that sends nothing for so long is dropped (4408)
   * @param connection whom it serves; empty: there is no room for the peer, who is told so
   */
  WebSocketFrames(
      int bytesMax, Duration silenceMax, Optional<ActorRef<Connection.Command>> connection) {
    this.bytesMax = bytesMax;
    this.silenceMax = silenceMax;
    this.connection = connection;
  }

  /** The answer that makes a request a WebSocket. */
  @SuppressWarnings("unchecked")
  HttpResponse upgrade(WebSocketUpgrade request, String subprotocol) {
    // Whatever it materializes, and Scala says so: Graph is covariant there.
    var any = (Graph<FlowShape<FrameEvent, FrameEvent>, Object>) (Graph<?, ?>) this;
    return ((UpgradeToWebSocketLowLevel) request).handleFrames(any, Option.apply(subprotocol));
  }

  @Override
  public FlowShape<FrameEvent, FrameEvent> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inherited) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private final Inlet<FrameEvent> netIn = shape.in();
    private final Outlet<FrameEvent> netOut = shape.out();
    private ByteArrayOutputStream message = new ByteArrayOutputStream(0);
    private final ByteArrayOutputStream control = new ByteArrayOutputStream();
    private boolean inMessage;
    private int messageMax = Math.min(bytesMax, FIRST_BYTES_MAX);
    private FrameHeader header;
    private int mask;
    private final Arrivals arrived = new Arrivals();
    private boolean mayGive = true;

    /** What the connection has it do when the network took what was to be done before. */
    private Outgoing next;

    private final Deque<byte[]> data = new ArrayDeque<>(0);
    private FrameEvent pong;
    private FrameEvent close;
    private boolean closeSent;
    private boolean peerDone;
    private long heardAt = System.nanoTime();

    Logic() {
      super(shape);
      setHandler(netIn, new FromNet());
      setHandler(netOut, new ToNet());
    }

    @Override
    public void preStart() {
      scheduleOnce(SILENCE_TIMER, silenceMax);
      pull(netIn);
      connection.ifPresentOrElse(this::open, () -> close(CloseCode.TOO_MANY.code()));
    }

    private void open(ActorRef<Connection.Command> connection) {
      StageActor own = getStageActor(message -> onTold(message._2()));
      own.watch(Adapter.toClassic(connection));
      connection.tell(new Connection.Opened(Adapter.toTyped(own.ref())));
    }

    private BoxedUnit onTold(Object told) {
      if (told instanceof Terminated) {
        // The connection ended without a word: it failed.
        close(CloseCode.INTERNAL.code());
      } else if (told instanceof Outgoing.GiveMore) {
        mayGive = true;
        give();
        pullNet();
      } else {
        next = (Outgoing) told;
        if (close == null && next.isClose()) {
          scheduleOnce(CLOSE_TIMER, READ_GRACE);
        }
        take();
        flush();
      }
      return BoxedUnit.UNIT;
    }

    @Override
    public void onTimer(Object timer) {
      if (timer.equals(CLOSE_TIMER)) {
        end();
        return;
      }
      Duration left = silenceMax.minusNanos(System.nanoTime() - heardAt);
      if (!arrived.isFull() && (left.isNegative() || left.isZero())) {
        close(CloseCode.TIMEOUT.code());
      } else if (close == null) {
        // While nothing is read from them their silence is ours.
        scheduleOnce(SILENCE_TIMER, arrived.isFull() ? silenceMax : left);
      }
    }

    /** To complete would wait for a peer that does not read, and go on reading what it sends. */
    private void end() {
      if (closeSent) {
        completeStage();
      } else {
        failStage(new IOException("the peer does not read"));
      }
    }

    private final class FromNet extends AbstractInHandler {
      @Override
      public void onPush() {
        heardAt = System.nanoTime();
        receive(grab(netIn));
        give();
        pullNet();
      }

      @Override
      public void onUpstreamFinish() {
        peerDone = true;
        if (arrived.isEmpty()) {
          completeStage();
        }
      }

      @Override
      public void onUpstreamFailure(Throwable cause) {
        peerDone = true;
        if (cause instanceof ProtocolException) {
          close(PROTOCOL_ERROR);
        } else {
          completeStage();
        }
      }
    }

    private final class ToNet extends AbstractOutHandler {
      @Override
      public void onPull() {
        take();
        flush();
      }
    }

    /** When the network took what was taken before: then the connection knows how slow it is. */
    private void take() {
      boolean isFree = isAvailable(netOut) && data.isEmpty() && pong == null && close == null;
      if (isFree && next != null) {
        Outgoing taken = next;
        next = null;
        carryOut(taken);
        connection.orElseThrow().tell(new Connection.Sent());
      }
    }

    private void carryOut(Outgoing taken) {
      if (taken instanceof Outgoing.Several several) {
        several.each().forEach(this::carryOut);
      } else if (taken instanceof Outgoing.Message sent) {
        data.add(sent.bytes());
      } else if (taken instanceof Outgoing.TakeLarge) {
        messageMax = bytesMax;
      } else if (taken instanceof Outgoing.Close closing) {
        close(closing.code().code());
      }
    }

    private void receive(FrameEvent event) {
      if (event instanceof FrameStart start) {
        header = start.header();
        mask = header.mask().isDefined() ? (int) header.mask().get() : 0;
        control.reset();
        int refusal = refusal(header);
        if (refusal != 0) {
          close(refusal);
        }
        inMessage |= opcode() == BINARY;
      }
      append(event.data());
      if (event.lastPart()) {
        endFrame();
      }
    }

    /** The code with which a frame is refused for its header alone; 0 if it is not. */
    private int refusal(FrameHeader header) {
      int opcode = opcode();
      if (header.rsv1() || header.rsv2() || header.rsv3() || header.mask().isEmpty()) {
        return PROTOCOL_ERROR;
      }
      return switch (opcode) {
        case CLOSE, PING, PONG ->
            header.length() > CONTROL_BYTES_MAX || !header.fin() ? PROTOCOL_ERROR : 0;
        case TEXT -> CloseCode.BAD_ENVELOPE.code();
        case BINARY, CONTINUATION -> {
          if (inMessage != (opcode == CONTINUATION)) {
            yield PROTOCOL_ERROR;
          }
          yield header.length() > messageMax - message.size() ? CloseCode.TOO_LARGE.code() : 0;
        }
        default -> PROTOCOL_ERROR;
      };
    }

    private int opcode() {
      return header.opcode().code();
    }

    private void append(ByteString masked) {
      boolean isClose = opcode() == CLOSE && header.length() <= CONTROL_BYTES_MAX;
      if (close != null && !isClose) {
        return;
      }
      var unmasked = FrameEventParser$.MODULE$.mask(masked, mask);
      mask = (int) unmasked._2();
      (header.opcode().isControl() ? control : message).writeBytes(unmasked._1().toArray());
    }

    private void endFrame() {
      if (opcode() == CLOSE) {
        onPeerClose();
      } else if (close == null && opcode() == PING) {
        pong = frame(PONG, ByteString.fromArrayUnsafe(control.toByteArray()));
        flush();
      } else if (close == null && !header.opcode().isControl() && header.fin()) {
        arrived.add(message.toByteArray());
        // Not emptied: it would keep the room that the largest message took.
        message = new ByteArrayOutputStream(0);
        inMessage = false;
      }
    }

    private void onPeerClose() {
      peerDone = true;
      if (closeSent) {
        completeStage();
      } else if (close == null) {
        endWith(echo(control.toByteArray()));
      }
    }

    private FrameEvent echo(byte[] body) {
      if (body.length == 0) {
        return frame(CLOSE, ByteString.emptyByteString());
      }
      int code = body.length == 1 ? 0 : (body[0] & 0xff) << 8 | body[1] & 0xff;
      return closeFrame(mayBeSent(code) ? code : PROTOCOL_ERROR);
    }

    /** RFC 6455 §7.4. */
    private boolean mayBeSent(int code) {
      return code >= 3000 && code <= 4999
          || code >= 1000 && code <= 1003
          || code >= 1007 && code <= 1011;
    }

    private void close(int code) {
      if (close == null) {
        endWith(closeFrame(code));
      }
    }

    private void endWith(FrameEvent closeFrame) {
      close = closeFrame;
      arrived.clear();
      connection.ifPresent(served -> served.tell(new Connection.SocketGone()));
      scheduleOnce(CLOSE_TIMER, CLOSE_GRACE);
      flush();
      pullNet();
    }

    private void give() {
      if (arrived.isEmpty() || !mayGive) {
        return;
      }
      mayGive = false;
      connection.orElseThrow().tell(new Connection.Received(arrived.together()));
      heardAt = System.nanoTime();
      if (isClosed(netIn) && arrived.isEmpty()) {
        completeStage();
      }
    }

    private void pullNet() {
      if (!arrived.isFull() && !isClosed(netIn) && !hasBeenPulled(netIn)) {
        tryPull(netIn);
      }
    }

    /** What was taken from the connection goes first, so that a close frame overtakes nothing. */
    private void flush() {
      if (!isAvailable(netOut)) {
        return;
      }
      if (!data.isEmpty()) {
        push(netOut, frame(BINARY, ByteString.fromArrayUnsafe(data.remove())));
      } else if (pong != null && close == null) {
        push(netOut, pong);
        pong = null;
      } else if (close != null && !closeSent) {
        push(netOut, close);
        closeSent = true;
        if (peerDone) {
          completeStage();
        }
      }
    }
  }

  private static FrameEvent frame(int opcode, ByteString bytes) {
    var code = Protocol.Opcode$.MODULE$.forCode((byte) opcode);
    return FrameEvent.fullFrame(code, Option.empty(), bytes, true, false, false, false);
  }

  private static FrameEvent closeFrame(int code) {
    return FrameEvent.closeFrame(code, "", Option.empty());
  }
}

package chat.sotto.edge;

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
import akka.stream.BidiShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.javadsl.BidiFlow;
import akka.stream.javadsl.Flow;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import chat.sotto.protocol.CloseCode;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import scala.Option;

/**
 * A server's side of RFC 6455, from frames to whole binary messages, with close codes of our own.
 * The only class that knows Akka HTTP's internal frames: its public API can send no close code, and
 * assembles a message before its size can be seen.
 *
 * <p><b>Invariant</b>: never more than {@code bytesMax} of a message are held, of one whose sender
 * has not signed in never more than {@link #FIRST_BYTES_MAX}, and nothing is read from the network
 * while a whole message waits to be taken.
 */
final class WebSocketFrames
    extends GraphStage<BidiShape<FrameEvent, byte[], Outgoing, FrameEvent>> {
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
  private static final Duration CLOSE_GRACE = Duration.ofSeconds(3);
  private static final String SILENCE_TIMER = "silence";
  private static final String CLOSE_TIMER = "close";

  private final int bytesMax;
  private final Duration silenceMax;
  private final Inlet<FrameEvent> netIn = Inlet.create("netIn");
  private final Outlet<byte[]> messages = Outlet.create("messages");
  private final Inlet<Outgoing> outgoing = Inlet.create("outgoing");
  private final Outlet<FrameEvent> netOut = Outlet.create("netOut");

  private WebSocketFrames(int bytesMax, Duration silenceMax) {
    this.bytesMax = bytesMax;
    this.silenceMax = silenceMax;
  }

  /**
   * The answer that makes a request a WebSocket.
   *
   * @param bytesMax of a message; a frame whose header goes beyond it is refused at once (1009)
   * @param silenceMax a peer that sends nothing for so long is dropped (4408)
   */
  static HttpResponse upgrade(
      WebSocketUpgrade request,
      String subprotocol,
      int bytesMax,
      Duration silenceMax,
      Flow<byte[], Outgoing, ?> connection) {
    var frames = BidiFlow.fromGraph(new WebSocketFrames(bytesMax, silenceMax)).join(connection);
    return ((UpgradeToWebSocketLowLevel) request)
        .handleFrames(frames.mapMaterializedValue(used -> used), Option.apply(subprotocol));
  }

  @Override
  public BidiShape<FrameEvent, byte[], Outgoing, FrameEvent> shape() {
    return new BidiShape<>(netIn, messages, outgoing, netOut);
  }

  @Override
  public GraphStageLogic createLogic(Attributes inherited) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final ByteArrayOutputStream control = new ByteArrayOutputStream();
    private boolean inMessage;
    private int messageMax = Math.min(bytesMax, FIRST_BYTES_MAX);
    private FrameHeader header;
    private int mask;
    private byte[] whole;

    private final Deque<byte[]> data = new ArrayDeque<>();
    private FrameEvent pong;
    private FrameEvent close;
    private boolean closeSent;
    private boolean peerDone;
    private long heardAt = System.nanoTime();

    Logic() {
      super(shape());
      setHandler(netIn, new FromNet());
      setHandler(messages, new ToConnection());
      setHandler(outgoing, new FromConnection());
      setHandler(netOut, new ToNet());
    }

    @Override
    public void preStart() {
      scheduleOnce(SILENCE_TIMER, silenceMax);
      pull(netIn);
    }

    @Override
    public void onTimer(Object timer) {
      if (timer.equals(CLOSE_TIMER)) {
        completeStage();
        return;
      }
      Duration left = silenceMax.minusNanos(System.nanoTime() - heardAt);
      if (whole == null && (left.isNegative() || left.isZero())) {
        close(CloseCode.TIMEOUT.code());
      } else if (close == null) {
        // A message that waits for us is no silence of theirs.
        scheduleOnce(SILENCE_TIMER, whole == null ? left : silenceMax);
      }
    }

    private final class FromNet extends AbstractInHandler {
      @Override
      public void onPush() {
        heardAt = System.nanoTime();
        receive(grab(netIn));
        deliver();
        pullNet();
      }

      @Override
      public void onUpstreamFinish() {
        peerDone = true;
        if (whole == null) {
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

    private final class ToConnection extends AbstractOutHandler {
      @Override
      public void onPull() {
        deliver();
        pullNet();
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        // The connection ended without a word: it failed.
        close(CloseCode.INTERNAL.code());
      }
    }

    private final class FromConnection extends AbstractInHandler {
      @Override
      public void onPush() {
        carryOut(grab(outgoing));
        flush();
      }

      private void carryOut(Outgoing next) {
        if (next instanceof Outgoing.Several several) {
          several.each().forEach(this::carryOut);
        } else if (next instanceof Outgoing.Message sent) {
          data.add(sent.bytes());
        } else if (next instanceof Outgoing.TakeLarge) {
          messageMax = bytesMax;
        } else if (next instanceof Outgoing.Close closing) {
          close(closing.code().code());
        }
      }

      @Override
      public void onUpstreamFinish() {
        close(CloseCode.INTERNAL.code());
      }

      @Override
      public void onUpstreamFailure(Throwable cause) {
        close(CloseCode.INTERNAL.code());
      }
    }

    private final class ToNet extends AbstractOutHandler {
      @Override
      public void onPull() {
        flush();
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
        whole = message.toByteArray();
        message.reset();
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
      whole = null;
      complete(messages);
      cancel(outgoing);
      scheduleOnce(CLOSE_TIMER, CLOSE_GRACE);
      flush();
      pullNet();
    }

    private void deliver() {
      if (whole == null || !isAvailable(messages)) {
        return;
      }
      push(messages, whole);
      whole = null;
      heardAt = System.nanoTime();
      if (isClosed(netIn)) {
        completeStage();
      }
    }

    private void pullNet() {
      if (whole == null && !isClosed(netIn) && !hasBeenPulled(netIn)) {
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
      } else if (close == null && !hasBeenPulled(outgoing) && !isClosed(outgoing)) {
        pull(outgoing);
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

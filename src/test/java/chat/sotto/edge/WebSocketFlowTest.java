package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.http.impl.engine.ws.FrameEvent;
import akka.http.impl.engine.ws.FrameStart;
import akka.http.impl.engine.ws.Protocol;
import akka.stream.Attributes;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.SinkQueueWithCancel;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import chat.sotto.protocol.CloseCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import scala.Option;

/** How much goes between a socket and its connection's actor at a time, and when. */
class WebSocketFlowTest {
  private static final ActorTestKit TEST_KIT = ActorTestKit.create();
  private static final int BYTES_MAX = 1 << 20;
  private static final int ROUNDS_MAX = 50;
  private static final Duration NEVER = Duration.ofDays(1);

  private final TestProbe<Connection.Command> connection = TEST_KIT.createTestProbe();

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  private WebSocketFrames frames() {
    return new WebSocketFrames(BYTES_MAX, NEVER, Optional.of(connection.ref()));
  }

  private static FrameEvent masked(byte[] message) {
    return masked(RawSocket.BINARY, message);
  }

  private static FrameEvent masked(int opcode, byte[] message) {
    return FrameEvent.fullFrame(
        Protocol.Opcode$.MODULE$.forCode((byte) opcode),
        Option.apply(0),
        ByteString.fromArray(message),
        true,
        false,
        false,
        false);
  }

  // In

  /** Of somebody who never stops to send, and does not wait; more than that never comes. */
  private void assertTogether(byte[] envelope, int max) {
    Source.repeat(masked(envelope)).via(frames()).to(Sink.ignore()).run(TEST_KIT.system());
    ActorRef<Outgoing> stream = connection.expectMessageClass(Connection.Opened.class).stream();
    int most = 0;
    for (int i = 0; i < 5 || most < max && i < ROUNDS_MAX; i++) {
      var received = connection.expectMessageClass(Connection.Received.class);
      most = Math.max(most, received.envelopes().size());
      connection.expectNoMessage(Duration.ofMillis(20));
      stream.tell(new Outgoing.GiveMore());
    }
    assertEquals(max, most);
  }

  @Test
  void emptyEnvelopesAreCountedToo() {
    assertTogether(new byte[0], 32);
  }

  @Test
  void aLargeEnvelopeComesAlone() {
    assertTogether(new byte[100 * 1024], 1);
  }

  @Test
  void whatMayComeTogetherIsBoundedByItsBytes() {
    assertTogether(new byte[25 * 1024], 2);
  }

  @Test
  void whatCameBeforeTheEndIsGiven() {
    Source.from(List.of(masked(new byte[] {1}), masked(new byte[] {2}), masked(new byte[] {3})))
        .via(frames())
        .to(Sink.ignore())
        .run(TEST_KIT.system());
    ActorRef<Outgoing> stream = connection.expectMessageClass(Connection.Opened.class).stream();
    int next = 1;
    while (next <= 3) {
      for (byte[] each : connection.expectMessageClass(Connection.Received.class).envelopes()) {
        assertArrayEquals(new byte[] {(byte) next++}, each);
      }
      stream.tell(new Outgoing.GiveMore());
    }
    connection.expectTerminated(stream, Duration.ofSeconds(3));
  }

  // Out

  private static Outgoing several(byte... messages) {
    return new Outgoing.Several(
        List.of(
            new Outgoing.Message(new byte[] {messages[0]}),
            new Outgoing.Message(new byte[] {messages[1]})));
  }

  /** A network that takes one frame each time it is asked. */
  private SinkQueueWithCancel<FrameEvent> network() {
    return Source.<FrameEvent>maybe()
        .via(frames())
        .toMat(Sink.<FrameEvent>queue().withAttributes(Attributes.inputBuffer(1, 1)), Keep.right())
        .run(TEST_KIT.system());
  }

  private static FrameStart next(SinkQueueWithCancel<FrameEvent> network) throws Exception {
    Optional<FrameEvent> frame = network.pull().toCompletableFuture().get(3, TimeUnit.SECONDS);
    return (FrameStart) frame.orElseThrow();
  }

  private static void assertNext(int expected, SinkQueueWithCancel<FrameEvent> network)
      throws Exception {
    assertArrayEquals(new byte[] {(byte) expected}, next(network).data().toArray());
  }

  @Test
  void theConnectionIsToldWhenTheNetworkTookWhatWasBefore() throws Exception {
    SinkQueueWithCancel<FrameEvent> network = network();
    ActorRef<Outgoing> stream = connection.expectMessageClass(Connection.Opened.class).stream();

    stream.tell(several((byte) 1, (byte) 2));
    connection.expectMessageClass(Connection.Sent.class);
    stream.tell(several((byte) 3, (byte) 4));
    connection.expectNoMessage();
    assertNext(1, network);
    connection.expectNoMessage();
    assertNext(2, network);
    connection.expectMessageClass(Connection.Sent.class);
    stream.tell(new Outgoing.Close(CloseCode.NORMAL));
    assertNext(3, network);
    assertNext(4, network);
    assertTrue(next(network).header().opcode().isControl());
  }

  /** Somebody reads nothing more, and sends pings. */
  @Test
  void whoDoesNotReadIsCutOffAllTheSame() throws Exception {
    FrameEvent ping = masked(RawSocket.PING, new byte[] {1});
    CompletionStage<Done> ended =
        Source.repeat(ping)
            .watchTermination(Keep.right())
            .via(frames())
            .toMat(Sink.<FrameEvent>never(), Keep.left())
            .run(TEST_KIT.system());
    ActorRef<Outgoing> stream = connection.expectMessageClass(Connection.Opened.class).stream();

    stream.tell(new Outgoing.Several(List.of(new Outgoing.Close(CloseCode.TIMEOUT))));

    connection.expectTerminated(stream, Duration.ofSeconds(12));
    // Its socket too: nothing is read from there any more.
    ended.handle((done, cause) -> done).toCompletableFuture().get(3, TimeUnit.SECONDS);
  }

  @Test
  void aConnectionThatEndedWithoutAWordIsClosed() throws Exception {
    SinkQueueWithCancel<FrameEvent> network = network();
    connection.expectMessageClass(Connection.Opened.class);

    connection.stop();

    FrameStart close = next(network);
    assertTrue(close.header().opcode().isControl());
    int code = close.data().apply(0) << 8 | close.data().apply(1) & 0xff;
    assertEquals(CloseCode.INTERNAL.code(), code);
  }
}

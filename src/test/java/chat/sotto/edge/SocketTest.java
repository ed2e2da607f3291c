package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import chat.sotto.protocol.CloseCode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SocketTest {
  private static ActorTestKit kit;

  private final TestProbe<Outgoing> stream = kit.createTestProbe();
  private final Socket socket = new Socket(stream.getRef());

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  /** Sizes of the messages that the stream got together, -1 for anything else. */
  private List<Integer> together() {
    var several = (Outgoing.Several) stream.receiveMessage();
    return several.each().stream()
        .map(each -> each instanceof Outgoing.Message message ? message.size() : -1)
        .toList();
  }

  @Test
  void whatWaitsGoesTogetherInOrderUpToItsBound() {
    int half = Socket.BYTES_TOGETHER_MAX / 2;
    for (int size : List.of(1, half, half, 3, half)) {
      socket.send(new byte[size]);
    }

    assertEquals(List.of(1), together());
    stream.expectNoMessage();
    socket.onTaken();
    assertEquals(List.of(half, half), together());
    socket.onTaken();
    assertEquals(List.of(3, half), together());
  }

  @Test
  void whatIsLargerThanTheBoundGoesAlone() {
    socket.send(new byte[1]);
    socket.send(new byte[Socket.BYTES_TOGETHER_MAX + 1]);
    socket.send(new byte[2]);
    together();

    socket.onTaken();
    assertEquals(List.of(Socket.BYTES_TOGETHER_MAX + 1), together());
    socket.onTaken();
    assertEquals(List.of(2), together());
  }

  @Test
  void closeGoesOnceAllBeforeItWasTakenAndNothingFollows() {
    List.of(1, 2, 3).forEach(size -> socket.send(new byte[size]));
    socket.close(CloseCode.REPLACED);
    socket.send(new byte[4]);

    assertEquals(List.of(1), together());
    socket.onTaken();
    assertEquals(List.of(2, 3), together());
    socket.onTaken();
    assertEquals(
        new Outgoing.Several(List.of(new Outgoing.Close(CloseCode.REPLACED))),
        stream.receiveMessage());
  }

  @Test
  void nothingMoreIsThoughtOfWhileALotWaits() {
    assertTrue(socket.isIdle());
    IntStream.range(0, 16).forEach(i -> socket.send(new byte[1]));
    assertTrue(socket.isIdle());
    socket.send(new byte[1]);
    assertFalse(socket.isIdle());

    socket.onTaken();
    assertTrue(socket.isIdle());
    socket.send(new byte[Socket.BYTES_TOGETHER_MAX]);
    assertFalse(socket.isIdle());
  }
}

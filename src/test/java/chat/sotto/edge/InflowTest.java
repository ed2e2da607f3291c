package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** How much comes to a connection's actor at a time. */
class InflowTest {
  private static final ActorTestKit TEST_KIT = ActorTestKit.create();

  @AfterAll
  static void stop() {
    TEST_KIT.shutdownTestKit();
  }

  /** The first of what somebody sends who never stops, and does not wait. */
  private static void assertTogether(byte[] envelope, int max) {
    TestProbe<Connection.Command> connection = TEST_KIT.createTestProbe();
    Source.repeat(envelope)
        .via(Connection.flow(connection.ref()))
        .to(Sink.ignore())
        .run(TEST_KIT.system());
    int received = 0;
    int most = 0;
    while (received < 5) {
      Connection.Command next = connection.receiveMessage();
      if (next instanceof Connection.Readable readable) {
        readable.more().tell(Connection.Taken.INSTANCE);
      } else if (next instanceof Connection.Received envelopes) {
        received++;
        most = Math.max(most, envelopes.envelopes().size());
        envelopes.more().tell(Connection.Taken.INSTANCE);
      }
    }
    assertTrue(most <= max, most + " came together");
  }

  @Test
  void emptyEnvelopesAreCountedToo() {
    assertTogether(new byte[0], 32);
  }

  @Test
  void aLargeEnvelopeComesAlone() {
    assertTogether(new byte[1 << 20], 1);
  }

  @Test
  void whatMayComeTogetherIsBoundedByItsBytes() {
    assertEquals(Inflow.WEIGHT_MAX / 32, Inflow.weight(new byte[0]));
    assertTogether(new byte[30 * 1024], 2);
  }
}

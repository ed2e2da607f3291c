package chat.sotto.edge;

import akka.actor.typed.ActorRef;
import chat.sotto.edge.Connection.Taken;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The way in of one connection: envelopes that came together wait here for their turn, and the
 * stream is told when more may come. Used by the connection's actor only.
 */
final class Inflow {
  /** The weights of what comes together, unless one envelope alone has more. */
  static final long WEIGHT_MAX = 64 * 1024;

  /** So that even of empty ones no more than 32 come together. */
  private static final long WEIGHT_EACH = 2048;

  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private final ActorRef<Taken> more;
  private boolean owesMore;

  Inflow(Connection.Received first) {
    this.more = first.more();
    onReceived(first);
  }

  static long weight(byte[] envelope) {
    return WEIGHT_EACH + envelope.length;
  }

  void onReceived(Connection.Received received) {
    waiting.addAll(received.envelopes());
    owesMore = true;
  }

  /** The envelope that came first; there is one. */
  byte[] first() {
    return waiting.remove();
  }

  /** @param mayTake whether one more may be taken now; asked before each */
  void take(BooleanSupplier mayTake, Consumer<byte[]> open) {
    while (!waiting.isEmpty() && mayTake.getAsBoolean()) {
      open.accept(waiting.remove());
    }
    if (owesMore && mayTake.getAsBoolean()) {
      owesMore = false;
      more.tell(Taken.INSTANCE);
    }
  }
}

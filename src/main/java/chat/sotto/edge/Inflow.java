package chat.sotto.edge;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The way in of one connection: envelopes that came together wait here for their turn, and the
 * socket is told when more may come. Used by the connection's actor only.
 */
final class Inflow {
  private final Deque<byte[]> waiting = new ArrayDeque<>(0);
  private final Socket socket;
  private boolean owesMore;

  Inflow(Socket socket, List<byte[]> first) {
    this.socket = socket;
    onReceived(first);
  }

  void onReceived(List<byte[]> envelopes) {
    waiting.addAll(envelopes);
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
      socket.giveMore();
    }
  }
}

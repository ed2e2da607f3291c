package chat.sotto.edge;

import akka.actor.typed.ActorRef;
import chat.sotto.protocol.CloseCode;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A connection's way out: one thing at a time goes to the stream, which takes the next when the
 * network took the last. Used by the connection's actor only.
 */
final class Socket {
  private final Deque<Outgoing> waiting = new ArrayDeque<>();
  private final ActorRef<Outgoing> stream;
  private boolean taking;
  private boolean closing;

  Socket(ActorRef<Outgoing> stream) {
    this.stream = stream;
  }

  void send(byte[] message) {
    put(new Outgoing.Message(message));
  }

  /** Before what is sent next: whoever gets that may send more at once. */
  void takeLarge() {
    put(new Outgoing.TakeLarge());
  }

  /** After what was sent before; nothing that is sent later counts. */
  void close(CloseCode code) {
    put(new Outgoing.Close(code));
    closing = true;
  }

  private void put(Outgoing next) {
    if (!closing) {
      waiting.add(next);
      pass();
    }
  }

  /** The network took the last one. */
  void onTaken() {
    taking = false;
    pass();
  }

  private void pass() {
    if (!taking && !waiting.isEmpty()) {
      taking = true;
      stream.tell(waiting.poll());
    }
  }

  boolean isClosing() {
    return closing;
  }

  /** How much waits because the client does not read. */
  int waiting() {
    return waiting.size();
  }

  /** The network keeps up: more may be thought of. */
  boolean isIdle() {
    return !taking && !closing;
  }
}

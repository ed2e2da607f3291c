package chat.sotto.edge;

import akka.actor.typed.ActorRef;
import chat.sotto.protocol.CloseCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A connection's way out: what waits goes to the stream together, which takes more when the network
 * took that. Used by the connection's actor only.
 */
final class Socket {
  /** No more goes together, unless one message alone is larger. */
  static final int BYTES_TOGETHER_MAX = 32 * 1024;

  /** Nothing more is thought of while so much waits already. */
  private static final int AHEAD_MAX = 16;

  private final Deque<Outgoing> waiting = new ArrayDeque<>(0);
  private final ActorRef<Outgoing> stream;
  private int waitingBytes;
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

  /** For all that was given. */
  void giveMore() {
    stream.tell(new Outgoing.GiveMore());
  }

  /** After what was sent before; nothing that is sent later counts. */
  void close(CloseCode code) {
    put(new Outgoing.Close(code));
    closing = true;
  }

  private void put(Outgoing next) {
    if (!closing) {
      waiting.add(next);
      waitingBytes += next.size();
      pass();
    }
  }

  /** The network took the last. */
  void onTaken() {
    taking = false;
    pass();
  }

  private void pass() {
    if (!taking && !waiting.isEmpty()) {
      taking = true;
      stream.tell(new Outgoing.Several(together()));
    }
  }

  private List<Outgoing> together() {
    List<Outgoing> each = new ArrayList<>();
    int bytes = 0;
    do {
      Outgoing next = waiting.remove();
      each.add(next);
      bytes += next.size();
    } while (!waiting.isEmpty() && mayFollow(waiting.peek(), bytes));
    waitingBytes -= bytes;
    return each;
  }

  /** A close goes alone: the time that a client has for it begins when all before it was taken. */
  private static boolean mayFollow(Outgoing next, int bytes) {
    return !(next instanceof Outgoing.Close) && bytes + next.size() <= BYTES_TOGETHER_MAX;
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
    return !closing && waiting.size() < AHEAD_MAX && waitingBytes < BYTES_TOGETHER_MAX;
  }
}

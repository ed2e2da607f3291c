package chat.sotto.edge;

import chat.sotto.model.Bytes;
import chat.sotto.protocol.ServerFrame;
import chat.sotto.protocol.TypingPush;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Who is writing, for one connection. It comes after all logs, and a client that reads slowly gets
 * the newest of each typist: it holds up nothing, and never grows.
 */
final class TypingLane {
  static final int TYPISTS_MAX = 64;

  private final Consumer<LongFunction<ServerFrame.Push>> say;
  private final Map<Typist, Bytes> waiting = new LinkedHashMap<>();

  /** @param say takes a push, made from its nonce */
  TypingLane(Consumer<LongFunction<ServerFrame.Push>> say) {
    this.say = say;
  }

  /** Whoever has waited longest gives way. */
  void onTyped(Connection.Typed typed) {
    waiting.remove(typed.by());
    waiting.put(typed.by(), typed.sealed());
    if (waiting.size() > TYPISTS_MAX) {
      waiting.remove(waiting.keySet().iterator().next());
    }
  }

  boolean step() {
    if (waiting.isEmpty()) {
      return false;
    }
    Typist by = waiting.keySet().iterator().next();
    Bytes sealed = waiting.remove(by);
    say.accept(nonce -> new TypingPush(nonce, by.user(), by.device(), by.group(), sealed));
    return true;
  }
}

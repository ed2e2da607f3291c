package chat.sotto.edge;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Whole messages of one socket that its connection did not take yet. Used by its stream only. */
final class Arrivals {
  /** The weights of what is taken together, unless one message alone has more. */
  private static final long WEIGHT_MAX = 64 * 1024;

  /** So that even of empty ones no more than 32 are. */
  private static final long WEIGHT_EACH = 2048;

  private final Deque<byte[]> waiting = new ArrayDeque<>(0);
  private long weight;

  private static long weight(byte[] message) {
    return WEIGHT_EACH + message.length;
  }

  void add(byte[] message) {
    waiting.add(message);
    weight += weight(message);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Nothing more is to be read from the network. */
  boolean isFull() {
    return weight >= WEIGHT_MAX;
  }

  /** The first of them, and those after it as far as {@link #WEIGHT_MAX} goes; there is one. */
  List<byte[]> together() {
    List<byte[]> taken = new ArrayList<>();
    long sum = 0;
    do {
      byte[] next = waiting.remove();
      taken.add(next);
      sum += weight(next);
    } while (!waiting.isEmpty() && sum + weight(waiting.peek()) <= WEIGHT_MAX);
    weight -= sum;
    return taken;
  }

  void clear() {
    waiting.clear();
    weight = 0;
  }
}

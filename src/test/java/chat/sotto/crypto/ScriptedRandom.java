package chat.sotto.crypto;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** Gives exactly the draws of a vector, in their order, and no other. */
final class ScriptedRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;

  private final transient Deque<byte[]> draws = new ArrayDeque<>();

  ScriptedRandom(byte[]... draws) {
    this.draws.addAll(Arrays.asList(draws));
  }

  @Override
  public void nextBytes(byte[] bytes) {
    byte[] draw = draws.remove();
    if (draw.length != bytes.length) {
      throw new IllegalStateException("a draw of " + draw.length + " for " + bytes.length);
    }
    System.arraycopy(draw, 0, bytes, 0, bytes.length);
  }

  boolean isUsedUp() {
    return draws.isEmpty();
  }
}

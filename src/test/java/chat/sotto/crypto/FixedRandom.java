package chat.sotto.crypto;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/** The same bytes for the same seed, so that vectors can be made again; remembers what it gave. */
final class FixedRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;

  private final transient ByteArrayOutputStream given = new ByteArrayOutputStream();
  private final byte[] seed;
  private long block;

  FixedRandom(String seed) {
    this.seed = seed.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void nextBytes(byte[] bytes) {
    int done = 0;
    while (done < bytes.length) {
      byte[] next = Hash.sha256(Enc.encode(seed, block++));
      int take = Math.min(next.length, bytes.length - done);
      System.arraycopy(next, 0, bytes, done, take);
      done += take;
    }
    given.writeBytes(bytes);
  }

  byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    nextBytes(bytes);
    return bytes;
  }

  /** What was given since the last call. */
  byte[] takeGiven() {
    byte[] bytes = given.toByteArray();
    given.reset();
    return bytes;
  }
}

package chat.sotto.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/** The same bytes for the same name at every run: for making vectors, never for keys. */
final class DeterministicRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;
  private final transient byte[] key;
  private long counter;

  DeterministicRandom(String name) {
    this.key = Hash.sha256(name.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void nextBytes(byte[] bytes) {
    for (int done = 0; done < bytes.length; ) {
      byte[] block = Hash.sha256(key, ByteBuffer.allocate(8).putLong(counter++).array());
      int take = Math.min(block.length, bytes.length - done);
      System.arraycopy(block, 0, bytes, done, take);
      done += take;
    }
  }

  byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    nextBytes(bytes);
    return bytes;
  }
}

package chat.sotto.load;

import chat.sotto.model.Bytes;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * What a body begins with; the rest is random bytes, as a ciphertext is.
 *
 * @param sender number of who sent it
 * @param nr of the sender's messages, from 0
 * @param dueNanos when it was to be sent, by {@link System#nanoTime}
 */
record Stamp(int sender, int nr, long dueNanos) {
  static final int BYTES = 16;

  Bytes body(int size, SplittableRandom random) {
    byte[] body = new byte[size];
    random.nextBytes(body);
    ByteBuffer.wrap(body).putInt(sender).putInt(nr).putLong(dueNanos);
    return Bytes.of(body);
  }

  static Stamp of(Bytes body) {
    var start = ByteBuffer.wrap(body.toArray());
    return new Stamp(start.getInt(), start.getInt(), start.getLong());
  }
}

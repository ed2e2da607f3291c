package chat.sotto.load;

import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;

/** A frame that a client sends (RFC 6455 §5.2, §5.3). */
final class MaskedFrame {
  private static final int HEAD_BYTES_MAX = 14;
  private static final int FIN = 0x80;
  private static final int MASKED = 0x80;

  private MaskedFrame() {}

  /** @param payload of all of the message; is used up */
  static ByteBuffer of(int opcode, ByteBuffer payload) {
    int length = payload.remaining();
    ByteBuffer frame = ByteBuffer.allocate(HEAD_BYTES_MAX + length).put((byte) (FIN | opcode));
    if (length < 126) {
      frame.put((byte) (MASKED | length));
    } else if (length <= 0xffff) {
      frame.put((byte) (MASKED | 126)).putShort((short) length);
    } else {
      frame.put((byte) (MASKED | 127)).putLong(length);
    }
    int mask = ThreadLocalRandom.current().nextInt();
    frame.putInt(mask);
    while (payload.remaining() >= Integer.BYTES) {
      frame.putInt(payload.getInt() ^ mask);
    }
    for (int shift = 24; payload.hasRemaining(); shift -= 8) {
      frame.put((byte) (payload.get() ^ mask >> shift));
    }
    return frame.flip();
  }
}

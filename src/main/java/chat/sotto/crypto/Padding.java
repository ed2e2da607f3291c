package chat.sotto.crypto;

import java.util.Arrays;

/**
 * Padding to size buckets (docs/protocol.md §7.4): one byte 0x80, then zeros, to the next of 256,
 * 512, 1024, 2048, 4096 bytes, above that to the next multiple of 4096. Hides the exact length.
 */
public final class Padding {
  private static final int SMALLEST = 256;
  private static final int STEP = 4096;
  private static final byte MARK = (byte) 0x80;

  private Padding() {}

  public static byte[] pad(byte[] content) {
    return pad(content, bucket(content.length + 1));
  }

  /** As {@link #pad(byte[])}, to a size of its own. */
  static byte[] pad(byte[] content, int size) {
    if (content.length >= size) {
      throw new IllegalArgumentException("no room for padding");
    }
    byte[] padded = Arrays.copyOf(content, size);
    padded[content.length] = MARK;
    return padded;
  }

  /** @throws RefusedException unless {@link #pad(byte[])} made it */
  public static byte[] unpad(byte[] padded) {
    int mark = mark(padded);
    if (mark < 0 || padded.length != bucket(mark + 1)) {
      throw new RefusedException("padding");
    }
    return Arrays.copyOf(padded, mark);
  }

  /** @throws RefusedException unless {@link #pad(byte[], int)} made it */
  static byte[] unpad(byte[] padded, int size) {
    int mark = mark(padded);
    if (mark < 0 || padded.length != size) {
      throw new RefusedException("padding");
    }
    return Arrays.copyOf(padded, mark);
  }

  /** Where the padding begins; below 0 if nothing is padded. */
  private static int mark(byte[] padded) {
    int mark = padded.length - 1;
    while (mark >= 0 && padded[mark] == 0) {
      mark--;
    }
    return mark >= 0 && padded[mark] == MARK ? mark : -1;
  }

  private static int bucket(int length) {
    int bucket = SMALLEST;
    while (bucket < length && bucket < STEP) {
      bucket *= 2;
    }
    return bucket >= length ? bucket : (length + STEP - 1) / STEP * STEP;
  }
}

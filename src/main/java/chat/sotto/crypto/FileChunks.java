package chat.sotto.crypto;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Files as the server holds them (docs/protocol.md §7.6): followed by zeros, cut into chunks, each
 * sealed under its number and whether it is the last, so that none can be left out, moved or added.
 */
public final class FileChunks {
  public static final int CHUNK_BYTES = 65_536;
  public static final int SEALED_CHUNK_BYTES = CHUNK_BYTES + Aead.TAG_BYTES;

  /** Larger ones would have more chunks than a nonce can number. */
  public static final long SIZE_MAX = 1L << 47;

  private static final int PADDED_LEAST = 1024;
  private static final byte[] AAD =
      Enc.encode(Labels.FILE, ByteBuffer.allocate(Integer.BYTES).putInt(CHUNK_BYTES).array());

  private FileChunks() {}

  /** The length up to which zeros follow a file: Padmé, which gives away little of its size. */
  public static long paddedSize(long size) {
    if (size <= PADDED_LEAST) {
      return PADDED_LEAST;
    }
    int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(size);
    int kept = Integer.SIZE - Integer.numberOfLeadingZeros(exponent);
    long step = 1L << (exponent - kept);
    return (size + step - 1) / step * step;
  }

  /** How long the ciphertext of a file of this size is. */
  public static long sealedSize(long size) {
    return paddedSize(size) + chunks(size) * Aead.TAG_BYTES;
  }

  static long chunks(long size) {
    return (paddedSize(size) + CHUNK_BYTES - 1) / CHUNK_BYTES;
  }

  /** The key is of one file, and each number of one chunk, so no nonce comes twice. */
  private static byte[] nonce(long index, long chunks) {
    return ByteBuffer.allocate(Aead.NONCE_BYTES)
        .position(Aead.NONCE_BYTES - Integer.BYTES - 1)
        .putInt((int) index)
        .put((byte) (index == chunks - 1 ? 1 : 0))
        .array();
  }

  private static int bytesOf(long index, long size) {
    return (int) Math.max(0, Math.min(CHUNK_BYTES, size - index * CHUNK_BYTES));
  }

  private static void requireSize(long size) {
    if (size < 1 || size > SIZE_MAX) {
      throw new IllegalArgumentException("no size of a file");
    }
  }

  /** Seals one file from its beginning to its end. Its key must be of this file alone. */
  public static final class Sealer {
    private final byte[] key;
    private final long size;
    private final MessageDigest digest = Hash.running();
    private long next;

    public Sealer(byte[] key, long size) {
      requireSize(size);
      this.key = key.clone();
      this.size = size;
    }

    public boolean isDone() {
      return next == chunks(size);
    }

    /** How many bytes of the file the next chunk takes; 0 if it is padding. */
    public int wanted() {
      return bytesOf(next, size);
    }

    /** The next chunk. @param content what was wanted */
    public byte[] seal(byte[] content) {
      if (isDone() || content.length != wanted()) {
        throw new IllegalArgumentException("not what was wanted");
      }
      byte[] padded = Arrays.copyOf(content, bytesOf(next, paddedSize(size)));
      byte[] sealed = Aead.sealWithNonce(key, nonce(next, chunks(size)), AAD, padded);
      next++;
      digest.update(sealed);
      return sealed;
    }

    /** Of the ciphertext, after its last chunk. */
    public byte[] digest() {
      if (!isDone()) {
        throw new IllegalStateException("not all of the file is sealed");
      }
      return digest.digest();
    }
  }

  /** Opens one file, whose digest was found right, from its beginning to its end. */
  public static final class Opener {
    private final byte[] key;
    private final long size;
    private long next;

    public Opener(byte[] key, long size) {
      requireSize(size);
      this.key = key.clone();
      this.size = size;
    }

    public boolean isDone() {
      return next == chunks(size);
    }

    /** How many bytes the next sealed chunk has. */
    public int wanted() {
      return isDone() ? 0 : bytesOf(next, paddedSize(size)) + Aead.TAG_BYTES;
    }

    /**
     * What of the file is in the next chunk.
     *
     * @throws RefusedException if it is not this chunk of this file, or there is none any more
     */
    public byte[] open(byte[] sealed) {
      if (sealed.length != wanted() || isDone()) {
        throw RefusedException.doesNotOpen();
      }
      byte[] padded = Aead.openWithNonce(key, nonce(next, chunks(size)), AAD, sealed);
      int length = bytesOf(next, size);
      next++;
      return Arrays.copyOf(padded, length);
    }
  }
}

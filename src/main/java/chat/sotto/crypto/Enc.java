package chat.sotto.crypto;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code enc} of docs/protocol.md §1.1: every item as its length (4 bytes, big-endian) and its
 * bytes. Injective for a given sequence of item types, so that no two statements share one signed
 * form.
 */
public final class Enc {
  /** 2^53−1, the highest number that both JSON parsers hold exactly. */
  public static final long MAX_INTEGER = (1L << 53) - 1;

  private Enc() {}

  /**
   * @param items byte[], String (UTF-8), Integer or Long (8 bytes, 0 to 2^53−1), List (one item,
   *     the enc of its parts), or null (the empty item)
   * @throws IllegalArgumentException for any other type, a number out of range, an unpaired
   *     surrogate
   */
  public static byte[] encode(Object... items) {
    var parts = new byte[items.length][];
    int length = 0;
    for (int i = 0; i < items.length; i++) {
      parts[i] = bytesOf(items[i]);
      length += Integer.BYTES + parts[i].length;
    }
    var out = ByteBuffer.allocate(length);
    for (byte[] part : parts) {
      out.putInt(part.length).put(part);
    }
    return out.array();
  }

  /**
   * The items of one enc, strictly: lengths fit exactly and nothing trails.
   *
   * @throws RefusedException otherwise
   */
  public static List<byte[]> decode(byte[] encoded) {
    var in = ByteBuffer.wrap(encoded);
    List<byte[]> items = new ArrayList<>();
    while (in.hasRemaining()) {
      if (in.remaining() < 4) {
        throw malformed();
      }
      int length = in.getInt();
      if (length < 0 || length > in.remaining()) {
        throw malformed();
      }
      byte[] item = new byte[length];
      in.get(item);
      items.add(item);
    }
    return items;
  }

  /**
   * As {@link #decode(byte[])}, with exactly this many items.
   *
   * @throws RefusedException otherwise
   */
  public static List<byte[]> decode(byte[] encoded, int count) {
    List<byte[]> items = decode(encoded);
    if (items.size() != count) {
      throw malformed();
    }
    return items;
  }

  /**
   * An integer item: 8 bytes, 0 to 2^53−1.
   *
   * @throws RefusedException for anything else
   */
  public static long integer(byte[] item) {
    if (item.length != Long.BYTES) {
      throw malformed();
    }
    long value = ByteBuffer.wrap(item).getLong();
    if (value < 0 || value > MAX_INTEGER) {
      throw malformed();
    }
    return value;
  }

  /**
   * A string item.
   *
   * @throws RefusedException unless it is well-formed UTF-8
   */
  public static String string(byte[] item) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(item)).toString();
    } catch (CharacterCodingException e) {
      throw malformed();
    }
  }

  private static byte[] bytesOf(Object item) {
    if (item == null) {
      return new byte[0];
    } else if (item instanceof byte[] bytes) {
      return bytes;
    } else if (item instanceof String text) {
      return utf8(text);
    } else if (item instanceof Long || item instanceof Integer) {
      return integerBytes(((Number) item).longValue());
    } else if (item instanceof List<?> parts) {
      return encode(parts.toArray());
    }
    throw new IllegalArgumentException("enc has no form for " + item.getClass().getName());
  }

  private static byte[] integerBytes(long value) {
    if (value < 0 || value > MAX_INTEGER) {
      throw new IllegalArgumentException("integer out of range");
    }
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  private static byte[] utf8(String text) {
    if (!hasSurrogates(text)) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("unpaired surrogate");
    }
  }

  /** Without them there is nothing to refuse. */
  private static boolean hasSurrogates(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private static RefusedException malformed() {
    return new RefusedException("malformed encoding");
  }
}

package chat.sotto.model;

import java.util.Collection;
import java.util.List;

/**
 * The sizes that docs/protocol.md gives fields. Each check returns what it was given, or throws an
 * IllegalArgumentException that names the field and the bound, never the value.
 */
public final class Bounds {
  public static final int HASH_BYTES = 32;
  public static final int KEY_BYTES = 32;
  public static final int SIGNATURE_BYTES = 64;
  public static final int MESSAGE_ID_BYTES = 16;
  public static final int TOKEN_BYTES = 32;
  public static final int SUITE_MAX = 255;

  /** The highest number on the wire: what a JavaScript number holds exactly. */
  public static final long NUMBER_MAX = (1L << 53) - 1;

  private Bounds() {}

  public static long within(String field, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(field + " must be " + min + " to " + max);
    }
    return value;
  }

  /** A count, time or version. */
  public static long atLeast(String field, long value, long min) {
    return within(field, value, min, NUMBER_MAX);
  }

  public static Bytes size(String field, Bytes value, int size) {
    return size(field, value, size, size);
  }

  public static Bytes size(String field, Bytes value, int min, int max) {
    within(field + "'s bytes", value.size(), min, max);
    return value;
  }

  public static String length(String field, String value, int min, int max) {
    within(field + "'s characters", value.length(), min, max);
    return value;
  }

  /** An immutable copy. */
  public static <T> List<T> count(String field, List<T> values, int min, int max) {
    within(field + "'s number", values.size(), min, max);
    return List.copyOf(values);
  }

  public static void distinct(String field, Collection<?> values) {
    if (values.stream().distinct().count() != values.size()) {
      throw new IllegalArgumentException(field + " must be distinct");
    }
  }
}

package chat.sotto.model;

import java.util.Collection;
import java.util.List;

/**
 * The sizes that docs/protocol.md gives fields. Each check returns what it was given, or throws an
 * IllegalArgumentException that names the field and the bound, never the value. They run for every
 * field of every event, so the names are put together only for a refusal.
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

  /** The last time that a JavaScript Date holds. */
  public static final long TIME_MAX = 8_640_000_000_000_000L;

  private Bounds() {}

  public static long within(String field, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(field + " must be " + min + " to " + max);
    }
    return value;
  }

  /** Milliseconds since 1970. */
  public static long time(String field, long value) {
    return within(field, value, 0, TIME_MAX);
  }

  /** A count or version. */
  public static long atLeast(String field, long value, long min) {
    return within(field, value, min, NUMBER_MAX);
  }

  public static Bytes size(String field, Bytes value, int size) {
    return size(field, value, size, size);
  }

  public static Bytes size(String field, Bytes value, int min, int max) {
    if (value.size() < min || value.size() > max) {
      within(field + "'s bytes", value.size(), min, max);
    }
    return value;
  }

  public static String length(String field, String value, int min, int max) {
    if (value.length() < min || value.length() > max) {
      within(field + "'s characters", value.length(), min, max);
    }
    return value;
  }

  /** Whether the text is lower-case hex of that length. */
  static boolean isHex(String value, int length) {
    if (value.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** An immutable copy. */
  public static <T> List<T> count(String field, List<T> values, int min, int max) {
    if (values.size() < min || values.size() > max) {
      within(field + "'s number", values.size(), min, max);
    }
    return List.copyOf(values);
  }

  /** Each greater than the one before it, so that none stands twice. */
  public static <T extends Comparable<T>> void rising(String field, List<T> values) {
    for (int i = 1; i < values.size(); i++) {
      if (values.get(i - 1).compareTo(values.get(i)) >= 0) {
        throw new IllegalArgumentException(field + " must rise");
      }
    }
  }

  public static void distinct(String field, Collection<?> values) {
    if (values.stream().distinct().count() != values.size()) {
      throw new IllegalArgumentException(field + " must be distinct");
    }
  }
}

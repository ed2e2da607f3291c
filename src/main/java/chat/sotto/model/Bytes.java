package chat.sotto.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;

/**
 * An immutable byte string with value equality: keys, hashes, ids, ciphertexts. In JSON it is
 * base64url without padding, canonical (docs/protocol.md §1.2). Never holds a secret: its text
 * shows its content. Secrets have types of their own.
 */
public final class Bytes implements Comparable<Bytes> {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final String NOT_CANONICAL = "not canonical base64url";

  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /** Takes a copy. */
  public static Bytes of(byte[] content) {
    return new Bytes(content.clone());
  }

  /** @throws IllegalArgumentException unless the text is canonical base64url without padding */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Bytes fromBase64Url(String text) {
    // The JDK's decoder accepts padding and stray unused bits: two texts for one value.
    if (hasPadding(text) || hasStrayBits(text)) {
      throw new IllegalArgumentException(NOT_CANONICAL);
    }
    return new Bytes(decode(text));
  }

  private static boolean hasPadding(String text) {
    return !text.isEmpty() && text.charAt(text.length() - 1) == '=';
  }

  private static boolean hasStrayBits(String text) {
    int unused = text.length() % 4 == 2 ? 0b1111 : text.length() % 4 == 3 ? 0b11 : 0;
    return unused != 0 && (ALPHABET.indexOf(text.charAt(text.length() - 1)) & unused) != 0;
  }

  private static byte[] decode(String text) {
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      // The JDK's message quotes the text, which may be a secret's.
      throw new IllegalArgumentException(NOT_CANONICAL);
    }
  }

  public byte[] toArray() {
    return content.clone();
  }

  public int size() {
    return content.length;
  }

  /** @throws IndexOutOfBoundsException unless 0 ≤ from ≤ to ≤ size */
  public Bytes slice(int from, int to) {
    Objects.checkFromToIndex(from, to, content.length);
    return new Bytes(Arrays.copyOfRange(content, from, to));
  }

  public Bytes concat(Bytes other) {
    byte[] both = Arrays.copyOf(content, content.length + other.content.length);
    System.arraycopy(other.content, 0, both, content.length, other.content.length);
    return new Bytes(both);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(content, other.content);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(content, that.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  @JsonValue
  @Override
  public String toString() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(content);
  }
}

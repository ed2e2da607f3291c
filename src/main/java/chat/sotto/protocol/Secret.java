package chat.sotto.protocol;

import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.security.MessageDigest;

/** A byte string of a frame that must not be seen: auth secret, token. Its text is always "***". */
public final class Secret {
  private final Bytes content;

  private Secret(Bytes content) {
    this.content = content;
  }

  public static Secret of(byte[] content) {
    return new Secret(Bytes.of(content));
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Secret fromBase64Url(String text) {
    return new Secret(Bytes.fromBase64Url(text));
  }

  void requireSize(int size) {
    Bounds.size("secret", content, size);
  }

  public byte[] toArray() {
    return content.toArray();
  }

  @JsonValue
  String toBase64Url() {
    return content.toString();
  }

  /** Constant time in the content. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that
        && MessageDigest.isEqual(content.toArray(), that.content.toArray());
  }

  @Override
  public int hashCode() {
    return 0;
  }

  @Override
  public String toString() {
    return "***";
  }
}

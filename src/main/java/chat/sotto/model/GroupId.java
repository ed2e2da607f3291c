package chat.sotto.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** 16 random bytes as 32 lower-case hex digits; signed and hashed as that string. */
public record GroupId(@JsonValue String value) implements Comparable<GroupId> {
  private static final int LENGTH = 32;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public GroupId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a group id");
    }
  }

  public static boolean isValid(String value) {
    return value != null && Bounds.isHex(value, LENGTH);
  }

  @Override
  public int compareTo(GroupId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}

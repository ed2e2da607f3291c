package chat.sotto.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** 16 random bytes as 32 lower-case hex digits; signed and sorted as that string. */
public record DeviceId(@JsonValue String value) implements Comparable<DeviceId> {
  private static final int LENGTH = 32;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public DeviceId {
    if (value == null || !Bounds.isHex(value, LENGTH)) {
      throw new IllegalArgumentException("not a device id");
    }
  }

  @Override
  public int compareTo(DeviceId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}

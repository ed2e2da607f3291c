package chat.sotto.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** 16 random bytes as 32 lower-case hex digits; signed and hashed as that string. */
public record GroupId(@JsonValue String value) implements Comparable<GroupId> {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public GroupId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a group id");
    }
  }

  public static boolean isValid(String value) {
    return value != null && FORM.matcher(value).matches();
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

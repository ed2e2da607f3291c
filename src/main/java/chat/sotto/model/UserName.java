package chat.sotto.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** A user's name, unique on its server for ever (docs/protocol.md §1.3). */
public record UserName(@JsonValue String value) implements Comparable<UserName> {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._-]{1,31}");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public UserName {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a user name");
    }
  }

  public static boolean isValid(String value) {
    return value != null && FORM.matcher(value).matches();
  }

  @Override
  public int compareTo(UserName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}

package chat.sotto.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A user's name, unique on its server for ever (docs/protocol.md §1.3). */
public record UserName(@JsonValue String value) implements Comparable<UserName> {
  private static final int LENGTH_MIN = 2;
  private static final int LENGTH_MAX = 32;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public UserName {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a user name");
    }
  }

  public static boolean isValid(String value) {
    return value != null
        && value.length() >= LENGTH_MIN
        && value.length() <= LENGTH_MAX
        && isLetterOrDigit(value.charAt(0))
        && hasOnlyNameCharacters(value);
  }

  private static boolean hasOnlyNameCharacters(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetterOrDigit(char c) {
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
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

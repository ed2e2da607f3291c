package chat.sotto.user;

import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** One device of some user. */
public record DeviceAddress(UserName user, DeviceId device) {
  private static final String SEPARATOR = "/";

  /** @throws IllegalArgumentException unless it is the text of an address */
  @JsonCreator
  static DeviceAddress fromText(String text) {
    int at = text.indexOf(SEPARATOR);
    if (at < 0) {
      throw new IllegalArgumentException("not the address of a device");
    }
    return new DeviceAddress(
        new UserName(text.substring(0, at)), new DeviceId(text.substring(at + 1)));
  }

  /** No user name contains a slash. */
  @JsonValue
  @Override
  public String toString() {
    return user + SEPARATOR + device;
  }
}

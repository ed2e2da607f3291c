package chat.sotto.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who sees a user in the list of people online. */
public enum Visibility {
  @JsonProperty("all")
  ALL,
  @JsonProperty("contacts")
  CONTACTS,
  @JsonProperty("nobody")
  NOBODY
}

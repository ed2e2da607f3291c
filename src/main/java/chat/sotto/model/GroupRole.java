package chat.sotto.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What somebody is in a group (docs/protocol.md §9). */
public enum GroupRole {
  @JsonProperty("admin")
  ADMIN("admin"),
  @JsonProperty("member")
  MEMBER("member"),
  /** Has not answered the invitation yet. */
  @JsonProperty("invited")
  INVITED("invited");

  private final String text;

  GroupRole(String text) {
    this.text = text;
  }

  /** The role as it is hashed and sent. */
  public String text() {
    return text;
  }

  public boolean isMember() {
    return this != INVITED;
  }
}

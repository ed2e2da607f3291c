package chat.sotto.user;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why an account was changed at a device's word (docs/protocol.md §12.3). */
public enum ChangeProof {
  @JsonProperty("password")
  PASSWORD,
  @JsonProperty("recovery")
  RECOVERY,
  /** The device had asked for a reset, and waited. */
  @JsonProperty("reset")
  RESET,
  /** The server was restored from a copy, and the device holds a later list. */
  @JsonProperty("restored")
  RESTORED
}

package chat.sotto.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What somebody asks the next committer for, about themselves (docs/protocol.md §9.1). */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
@JsonSubTypes({
  @JsonSubTypes.Type(value = GroupProposal.Leave.class, name = "leave"),
  @JsonSubTypes.Type(value = GroupProposal.Decline.class, name = "decline"),
  @JsonSubTypes.Type(value = GroupProposal.Devices.class, name = "devices"),
  @JsonSubTypes.Type(value = GroupProposal.Rekey.class, name = "rekey"),
})
public sealed interface GroupProposal {
  record Leave() implements GroupProposal {}

  /** Of an invited user. */
  record Decline() implements GroupProposal {}

  /** The signer has a newer device list. */
  record Devices(DeviceList deviceList) implements GroupProposal {}

  /** The signing device has lost the keys. */
  record Rekey() implements GroupProposal {}
}

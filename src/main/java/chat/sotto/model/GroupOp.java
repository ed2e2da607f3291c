package chat.sotto.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** One step of a commit (docs/protocol.md §9.1). */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
@JsonSubTypes({
  @JsonSubTypes.Type(value = GroupOp.Found.class, name = "found"),
  @JsonSubTypes.Type(value = GroupOp.Invite.class, name = "invite"),
  @JsonSubTypes.Type(value = GroupOp.Remove.class, name = "remove"),
  @JsonSubTypes.Type(value = GroupOp.ChangeRole.class, name = "role"),
  @JsonSubTypes.Type(value = GroupOp.Leave.class, name = "leave"),
  @JsonSubTypes.Type(value = GroupOp.Decline.class, name = "decline"),
  @JsonSubTypes.Type(value = GroupOp.Timeout.class, name = "timeout"),
  @JsonSubTypes.Type(value = GroupOp.Devices.class, name = "devices"),
  @JsonSubTypes.Type(value = GroupOp.Rekey.class, name = "rekey"),
})
public sealed interface GroupOp {
  UserName user();

  /** The only step of epoch 0: who makes the group is its first admin. */
  record Found(UserName user, DeviceList deviceList) implements GroupOp {
    public Found {
      requireOwn(user, deviceList);
    }
  }

  record Invite(UserName user, DeviceList deviceList) implements GroupOp {
    public Invite {
      requireOwn(user, deviceList);
    }
  }

  /** Of a member, or the withdrawal of an invitation. */
  record Remove(UserName user) implements GroupOp {}

  record ChangeRole(UserName user, GroupRole role) implements GroupOp {
    public ChangeRole {
      if (!role.isMember()) {
        throw new IllegalArgumentException("role must be admin or member");
      }
    }
  }

  /** Executes what the user proposed. */
  record Leave(UserName user) implements GroupOp {}

  /** Executes what the invited user proposed. */
  record Decline(UserName user) implements GroupOp {}

  /** The invitation is over. */
  record Timeout(UserName user) implements GroupOp {}

  /** The user has a newer device list. */
  record Devices(UserName user, DeviceList deviceList) implements GroupOp {
    public Devices {
      requireOwn(user, deviceList);
    }
  }

  /** The device could not follow the keys, and joins anew. */
  record Rekey(UserName user, DeviceId device) implements GroupOp {}

  private static void requireOwn(UserName user, DeviceList deviceList) {
    if (!deviceList.user().equals(user)) {
      throw new IllegalArgumentException("deviceList must be the user's");
    }
  }
}

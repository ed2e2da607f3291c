package chat.sotto.client;

import chat.sotto.model.GroupRole;
import chat.sotto.model.UserName;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What the user wants of a group. It is stored until the log shows it, or it cannot be. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "wish")
@JsonSubTypes({
  @JsonSubTypes.Type(value = GroupWish.Create.class, name = "create"),
  @JsonSubTypes.Type(value = GroupWish.Invite.class, name = "invite"),
  @JsonSubTypes.Type(value = GroupWish.Remove.class, name = "remove"),
  @JsonSubTypes.Type(value = GroupWish.SetRole.class, name = "role"),
  @JsonSubTypes.Type(value = GroupWish.Rename.class, name = "rename"),
  @JsonSubTypes.Type(value = GroupWish.Accept.class, name = "accept"),
  @JsonSubTypes.Type(value = GroupWish.Decline.class, name = "decline"),
  @JsonSubTypes.Type(value = GroupWish.Leave.class, name = "leave"),
  @JsonSubTypes.Type(value = GroupWish.Say.class, name = "say"),
})
sealed interface GroupWish {
  record Create(GroupName name) implements GroupWish {}

  record Invite(List<UserName> users) implements GroupWish {}

  record Remove(UserName user) implements GroupWish {}

  record SetRole(UserName user, GroupRole role) implements GroupWish {}

  record Rename(GroupName name) implements GroupWish {}

  record Accept() implements GroupWish {}

  record Decline() implements GroupWish {}

  record Leave() implements GroupWish {}

  record Say(ContentJson content) implements GroupWish {}
}

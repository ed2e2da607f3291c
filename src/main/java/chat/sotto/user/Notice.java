package chat.sotto.user;

import akka.actor.typed.ActorRef;
import chat.sotto.model.Generations;
import chat.sotto.model.GroupId;
import chat.sotto.model.Point;
import chat.sotto.model.UserName;
import chat.sotto.model.Visibility;
import java.util.List;
import java.util.Optional;

/** What a connection is told that attached to a user with {@link User.Attach}. */
public sealed interface Notice extends CborSerializable {
  /**
   * The connection serves the device. It reads the journal after the cursor up to the head; later
   * entries come as {@link Appended}.
   *
   * @param user for watching only, never for sending
   * @param cutOff the cursor is where the device was cut off, not where it acknowledged
   * @param generations of the inbox
   */
  record Attached(
      ActorRef<User.Command> user,
      Position cursor,
      Position head,
      boolean cutOff,
      Generations generations,
      Visibility visibility,
      AccountAnswer.Overview account)
      implements Notice {}

  /** The user's account is another from now on. */
  record AccountChanged(AccountAnswer.Overview account) implements Notice {}

  /** There is no such device any more, or its token ended. */
  record SignedOff() implements Notice {}

  /** A newer connection of the device took over, or the device signed in anew. */
  record Superseded() implements Notice {}

  /** People from whom entries came; follows {@link Attached}, in as many notices as it takes. */
  record HeardFrom(List<UserName> users) implements Notice {}

  /** The groups whose logs this device follows; as {@link HeardFrom}. */
  record InGroups(List<GroupPlace> groups) implements Notice {}

  /** @param cursor the last entry that the device acknowledged; absent if there is none */
  record GroupPlace(GroupId group, Optional<Point> cursor) {}

  /** The user is in a further group, or a group that it is in has news. */
  record GroupChanged(GroupPlace place) implements Notice {}

  /** A hint, which may be lost or repeated: these entries were appended. */
  record Appended(List<InboxEntry.OfDevice> entries) implements Notice {}

  /** The device was cut off while attached: nothing up to here is pushed any more. */
  record CutOff(Position head) implements Notice {}
}

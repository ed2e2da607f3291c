package chat.sotto.client;

import chat.sotto.model.GroupId;
import chat.sotto.model.GroupRole;
import chat.sotto.model.Membership;
import chat.sotto.model.UserName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A group as this device knows it.
 *
 * @param name absent while it is not known
 * @param epoch how often its keys changed
 * @param sequenceNr of the last entry of its log that this device took
 * @param invitedBy while this user has not answered
 * @param people by name
 * @param alarm why nothing more is taken or sent
 * @param missedRemovals people who had gone before the server was restored and are in the group
 *     again: nothing is written there until an admin has removed them
 */
public record GroupInfo(
    GroupId id,
    Optional<String> name,
    Standing standing,
    long epoch,
    long sequenceNr,
    Optional<UserName> invitedBy,
    List<Person> people,
    Optional<Alarm> alarm,
    List<UserName> missedRemovals) {
  /** What this user is in it. */
  public enum Standing {
    INVITED,
    MEMBER,
    /** In the group, but this device has no keys yet; it gets them by itself. */
    WAITING,
    /** Left, or declined. */
    LEFT,
    REMOVED
  }

  /** @param leaving whether the user has left or declined, and the keys were not changed yet */
  public record Person(UserName user, GroupRole role, boolean leaving) {}

  /** @param named whom the server names as the inviter, to a device that came later */
  static GroupInfo of(GroupView view, Self self, Optional<UserName> named) {
    Membership membership = view.membership();
    Optional<UserName> inviter =
        membership
            .row(self.user())
            .filter(own -> own.role() == GroupRole.INVITED)
            .flatMap(own -> own.invitation().map(Membership.Invitation::inviter).or(() -> named));
    List<Person> people =
        membership.rows().entrySet().stream()
            .map(row -> person(membership, row))
            .toList();
    return new GroupInfo(
        view.group(),
        view.name(),
        standing(view, self),
        membership.epoch(),
        view.head().sequenceNr(),
        view.ending().isEmpty() ? inviter : Optional.empty(),
        people,
        view.alarm(),
        view.missed());
  }

  private static Person person(
      Membership membership, Map.Entry<UserName, Membership.Row> row) {
    return new Person(
        row.getKey(), row.getValue().role(), membership.isLeaving(row.getKey()));
  }

  private static Standing standing(GroupView view, Self self) {
    if (view.ending().isPresent()) {
      return view.ending().get() == GroupView.Ending.LEFT ? Standing.LEFT : Standing.REMOVED;
    } else if (view.isInvited(self)) {
      return Standing.INVITED;
    }
    return view.keys().isPresent() ? Standing.MEMBER : Standing.WAITING;
  }

  /** Whether this user may invite, remove and name. */
  public boolean isAdmin(UserName user) {
    return people.stream()
        .anyMatch(
            person ->
                person.user.equals(user)
                    && person.role == GroupRole.ADMIN
                    && !person.leaving);
  }
}

package chat.sotto.client;

import chat.sotto.model.Bounds;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupRole;
import chat.sotto.model.Membership;
import chat.sotto.model.Point;
import chat.sotto.model.Restored;
import chat.sotto.model.UserName;
import java.util.List;
import java.util.Optional;

/**
 * What one device knows of a group after the last entry that it took, without the chains of
 * posts. It changes only by an entry of the log.
 *
 * @param time of the last entry
 * @param epochTime of the commit that began the epoch, milliseconds since 1970
 * @param posts how many there are in the epoch
 * @param keys absent while this device cannot follow
 * @param name absent while it is not known
 * @param ending why nothing more of the log comes
 * @param alarm why nothing more of the log is taken
 * @param missed people whom a restored server has in the group again, though this device knows
 *     that they were removed or left; until they are out nothing is sealed to them (§10)
 */
record GroupView(
    GroupId group,
    long generation,
    Point head,
    long time,
    Membership membership,
    long epochTime,
    long posts,
    Optional<GroupKeys> keys,
    Optional<String> name,
    Optional<Ending> ending,
    Optional<Alarm> alarm,
    List<UserName> missed) {

  /** How a membership ended. */
  enum Ending {
    /** The user left, or declined. */
    LEFT,
    /** Somebody else ended it, or the invitation ran out. */
    REMOVED
  }

  GroupView {
    Bounds.atLeast("posts", posts, 0);
    Membership now = membership;
    missed =
        missed.stream()
            .filter(user -> now.row(user).isPresent() && !now.isLeaving(user))
            .toList();
  }

  /** Before the first entry. */
  static GroupView before(GroupId group, long generation, Point start) {
    return new GroupView(
        group,
        generation,
        start,
        0,
        Membership.of(group),
        0,
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** Whether entries of the log are taken, and something may be sent. */
  boolean isOpen() {
    return ending.isEmpty() && alarm.isEmpty();
  }

  boolean isInvited(Self self) {
    return membership
        .row(self.user())
        .filter(row -> row.role() == GroupRole.INVITED)
        .isPresent();
  }

  /** A post or the like was taken. */
  GroupView at(Point newHead, long newTime) {
    return with(newHead, newTime, membership, posts);
  }

  GroupView with(Point newHead, long newTime, Membership newMembership, long newPosts) {
    return new GroupView(
        group, generation, newHead, newTime, newMembership, epochTime, newPosts, keys, name,
        ending, alarm, missed);
  }

  /** A commit was taken. */
  GroupView inEpoch(
      Point newHead, long newTime, Membership newMembership, Optional<GroupKeys> newKeys) {
    return new GroupView(
        group, generation, newHead, newTime, newMembership, newTime, 0, newKeys, name, ending,
        alarm, missed);
  }

  GroupView named(String newName) {
    return new GroupView(
        group, generation, head, time, membership, epochTime, posts, keys,
        Optional.of(newName), ending, alarm, missed);
  }

  /** That they had gone is known from before the log began anew. */
  GroupView missing(List<UserName> gone) {
    return new GroupView(
        group, generation, head, time, membership, epochTime, posts, keys, name, ending, alarm,
        gone);
  }

  /** Of a group that one is no longer in, no key is kept. */
  GroupView ended(Ending why) {
    return new GroupView(
        group, generation, head, time, membership, epochTime, posts, Optional.empty(), name,
        Optional.of(why), alarm, missed);
  }

  GroupView alarmed(Alarm why) {
    return new GroupView(
        group, generation, head, time, membership, epochTime, posts, keys, name, ending,
        Optional.of(why), missed);
  }

  /**
   * The server goes on after an earlier entry. Whatever keys there are belong to what it lost.
   *
   * @param then the membership after that entry
   * @param undone people who are in it and were out since
   */
  GroupView restored(Restored entry, Membership then, List<UserName> undone) {
    return new GroupView(
        group, entry.generation(), entry.point(), entry.time(),
        then.restored(entry.sequenceNr()), epochTime, 0, Optional.empty(), name,
        Optional.empty(), alarm, undone);
  }
}

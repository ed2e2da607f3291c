package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.GroupContent.Kind;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupOp;
import chat.sotto.model.GroupStatements;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ErrorCode;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the next entry of this device for a group, in one transaction: it is stored before its
 * first byte leaves, and no other is made until the log shows it or can no longer take it. So one
 * chain key seals one post.
 */
final class GroupSending {
  /** How often what was asked for is made anew because the group had moved on. */
  static final int ATTEMPTS_MAX = 20;

  private final GroupDesk desk;
  private final GroupOutbox outbox;
  private final GroupTurn turn;

  /** What can be done next in one group. */
  sealed interface Step {
    /** Nothing waits, or it waits for others. */
    record Idle() implements Step {}

    /** People have to be removed again first, by one of these admins. */
    record Undone(List<UserName> users, List<UserName> admins) implements Step {}

    /** Something can be done then, whatever others do. */
    record Later(Duration after) implements Step {}

    /** People whose account key is another than the pinned one, with that key. */
    record Blocked(Map<UserName, Bytes> keys) implements Step {}

    /** @param members whether keys of everybody in the group are needed */
    record NeedsKeys(Set<UserName> invited, boolean members) implements Step {}

    record Ready(GroupFlight flight) implements Step {}

    /** @param refusal why it cannot be; absent if it is so now */
    record Settled(GroupOutbox.Item item, Optional<ErrorCode> refusal) implements Step {}
  }

  /** @param turn of this device, where others could do the same */
  GroupSending(Rows rows, SecureRandom random, long now, GroupTurn turn) {
    this.turn = turn;
    desk = GroupDesk.of(rows, random, now);
    outbox = desk.outbox();
  }

  /**
   * @param keys what the server just gave
   * @throws Breach if a device list or prekey of it is refused
   */
  Step next(GroupId group, GroupPrekeys keys) {
    Optional<Rows.Row<GroupOutbox.Item>> item = outbox.first(group);
    Optional<GroupView> view = desk.groups().find(group);
    if (desk.groups().alarm(group).isPresent()) {
      return item.filter(row -> mayOnlyGo(group, row))
          .map(row -> leave(view.orElseThrow(), row))
          .orElse(new Step.Idle());
    } else if (view.isEmpty()) {
      return item.map(row -> create(group, row, keys)).orElse(new Step.Idle());
    } else if (view.get().ending().isPresent()) {
      outbox.land(group);
      return item.map(this::settleInVain).orElse(new Step.Idle());
    }
    Optional<GroupFlight> flight = outbox.flight(group);
    if (flight.isPresent()) {
      if (desk.refusal(view.get(), flight.get().content()).isEmpty()) {
        return new Step.Ready(flight.get());
      }
      // The log has moved on without it, so the server never takes it: decide anew.
      Optional<Step> given = giveUp(group, flight.get());
      if (given.isPresent()) {
        return given.get();
      }
    }
    return new GroupWishes(desk, view.get(), keys, turn).step(item);
  }

  private boolean mayOnlyGo(GroupId group, Rows.Row<GroupOutbox.Item> row) {
    boolean isTooOld =
        desk.groups().alarm(group).equals(Optional.of(Alarm.GROUP_RESTORED_TOO_OLD));
    return isTooOld && GroupWishes.isGoing(row.value().wish());
  }

  private Step leave(GroupView view, Rows.Row<GroupOutbox.Item> row) {
    desk.groups().leave(view);
    return desk.done(row);
  }

  private Optional<Step> giveUp(GroupId group, GroupFlight flight) {
    outbox.land(group);
    Optional<Rows.Row<GroupOutbox.Item>> tooOften =
        outbox
            .first(group)
            .filter(row -> flight.itemKey().equals(Optional.of(row.key())))
            .filter(row -> !(row.value().wish() instanceof GroupWish.Say))
            .filter(row -> outbox.tryAgain(row.key()) >= ATTEMPTS_MAX);
    return tooOften.map(row -> desk.settle(row, ErrorCode.EPOCH_STALE));
  }

  private Step create(GroupId group, Rows.Row<GroupOutbox.Item> row, GroupPrekeys keys) {
    Optional<GroupFlight> flight = outbox.flight(group);
    if (flight.isPresent()) {
      return new Step.Ready(flight.get());
    } else if (!(row.value().wish() instanceof GroupWish.Create create)) {
      return desk.settle(row, ErrorCode.NOT_MEMBER);
    } else if (!OwnLists.others(desk.self()).isEmpty()
        && !keys.invited().containsKey(desk.self().user())) {
      return new Step.NeedsKeys(Set.of(desk.self().user()), false);
    } else {
      GroupView empty =
          GroupView.before(
              group, GroupStatements.GENERATION, GroupStatements.start(group));
      var found = new GroupOp.Found(desk.self().user(), desk.self().list());
      GroupFlight made =
          new GroupCommits(empty, desk.self(), keys, desk.random())
              .make(
                  Optional.of(row.key()), Kind.CREATE, List.of(found), create.name());
      outbox.put(group, made);
      return new Step.Ready(made);
    }
  }

  /** Who is gone has left, if that was the wish; nothing else can be done. */
  private Step settleInVain(Rows.Row<GroupOutbox.Item> row) {
    return GroupWishes.isGoing(row.value().wish())
        ? desk.done(row)
        : desk.settle(row, ErrorCode.NOT_MEMBER);
  }
}

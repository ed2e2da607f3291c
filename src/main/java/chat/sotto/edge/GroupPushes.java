package chat.sotto.edge;

import akka.actor.typed.ActorRef;
import chat.sotto.group.Group;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.user.User;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The groups of one connection: each has its turn, and few of them catch up at a time. */
final class GroupPushes {
  private static final int CATCHING_UP_MAX = 8;

  private final Outlet outlet;
  private final ActorRef<Group.Notice> notices;
  private final Map<GroupId, GroupPush> byId = new HashMap<>();
  private final Deque<GroupPush> turns = new ArrayDeque<>();
  private final Deque<GroupPush> waiting = new ArrayDeque<>();
  private final Set<GroupPush> catchingUp = new HashSet<>();

  GroupPushes(Outlet outlet) {
    this.outlet = outlet;
    this.notices =
        outlet.context().messageAdapter(Group.Notice.class, Connection.GroupNoticed::new);
  }

  /** Where groups tell what concerns this connection. */
  ActorRef<Group.Notice> notices() {
    return notices;
  }

  Optional<GroupPush> find(GroupId group) {
    return Optional.ofNullable(byId.get(group));
  }

  Optional<GroupPush> find(LogPoint point) {
    return GroupId.isValid(point.owner())
        ? find(new GroupId(point.owner())).filter(one -> one.name().isOf(point))
        : Optional.empty();
  }

  // Attaching

  void onPlaces(List<User.GroupPlace> places) {
    places.stream().filter(place -> !byId.containsKey(place.group())).forEach(this::add);
  }

  void onChanged(User.GroupPlace place) {
    find(place.group()).ifPresentOrElse(GroupPush::onChanged, () -> add(place));
  }

  private void add(User.GroupPlace place) {
    var one = new GroupPush(outlet, place, this);
    byId.put(place.group(), one);
    turns.add(one);
    attachSoon(one);
  }

  /** When it is its turn to catch up. */
  void attachSoon(GroupPush one) {
    if (catchingUp.contains(one)) {
      one.attach();
    } else if (!waiting.contains(one)) {
      waiting.add(one);
      attachNext();
    }
  }

  private void attachNext() {
    while (catchingUp.size() < CATCHING_UP_MAX && !waiting.isEmpty()) {
      GroupPush next = waiting.remove();
      catchingUp.add(next);
      next.attach();
    }
  }

  /** It has caught up, or has nothing to catch up with. */
  void release(GroupPush one) {
    if (catchingUp.remove(one)) {
      attachNext();
    }
  }

  void onNotice(Group.Notice notice) {
    find(notice.id()).ifPresent(one -> one.onNotice(notice));
  }

  // Pushing

  /** Lets the next one that has something to do, do one thing. */
  boolean step() {
    for (int left = turns.size(); left > 0; left--) {
      GroupPush one = turns.remove();
      turns.add(one);
      boolean did = one.step();
      if (one.isSettled()) {
        release(one);
      }
      if (did) {
        return true;
      }
    }
    return false;
  }
}

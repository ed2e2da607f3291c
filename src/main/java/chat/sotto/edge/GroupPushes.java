package chat.sotto.edge;

import akka.actor.typed.ActorRef;
import chat.sotto.group.Group;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.user.Notice;
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
  private final Deque<GroupPush> turns = new ArrayDeque<>(0);
  private final Deque<GroupPush> waiting = new ArrayDeque<>(0);
  private final Map<GroupId, Point> leftAt = new HashMap<>();
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

  /** What changed in known ones while the user's entity was gone, it could not tell. */
  void onPlaces(List<Notice.GroupPlace> places) {
    for (Notice.GroupPlace place : places) {
      GroupPush known = byId.get(place.group());
      if (known == null) {
        add(place);
      } else if (!known.isAttached()) {
        known.onChanged();
      }
    }
  }

  void onChanged(Notice.GroupPlace place) {
    find(place.group()).ifPresentOrElse(GroupPush::onChanged, () -> add(place));
  }

  /** The index may name a group again before the group has the invitation. */
  private void add(Notice.GroupPlace place) {
    Optional<Point> leftHere = Optional.ofNullable(leftAt.remove(place.group()));
    var one =
        new GroupPush(
            outlet,
            new Notice.GroupPlace(place.group(), place.cursor().or(() -> leftHere)),
            this);
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

  boolean has(GroupPush one) {
    return byId.get(one.group()) == one;
  }

  boolean isWaiting(GroupPush one) {
    return waiting.contains(one);
  }

  /** The user has left it; news of the group add it again. */
  void remove(GroupPush one) {
    byId.remove(one.group(), one);
    one.acknowledgedTo().ifPresent(at -> leftAt.put(one.group(), at));
    turns.remove(one);
    waiting.remove(one);
    release(one);
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

package chat.sotto.group;

import akka.actor.typed.ActorRef;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Which connections follow the log, and whose they are. Lost with the entity, by design. */
final class Attachments {
  private final Map<ActorRef<Group.Notice>, Follower> followers = new HashMap<>();

  /** @param isIn whether the device was in the roster when it came */
  record Follower(UserName user, DeviceId device, boolean isIn) {}

  boolean isEmpty() {
    return followers.isEmpty();
  }

  int size() {
    return followers.size();
  }

  void attach(ActorRef<Group.Notice> connection, Follower follower) {
    followers.put(connection, follower);
  }

  void remove(ActorRef<?> connection) {
    followers.remove(connection);
  }

  void keepOnly(Predicate<Follower> whose) {
    followers.values().removeIf(whose.negate());
  }

  void tellAll(Group.Notice notice) {
    tell(notice, any -> true);
  }

  void tell(Group.Notice notice, Predicate<Follower> whose) {
    followers.forEach(
        (connection, follower) -> {
          if (whose.test(follower)) {
            connection.tell(notice);
          }
        });
  }
}

package chat.sotto.group;

import akka.actor.typed.ActorRef;
import chat.sotto.model.UserName;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Which connections follow the log, and whose they are. Lost with the entity, by design. */
final class Attachments {
  private final Map<ActorRef<Group.Notice>, UserName> users = new HashMap<>();

  boolean isEmpty() {
    return users.isEmpty();
  }

  void attach(ActorRef<Group.Notice> connection, UserName user) {
    users.put(connection, user);
  }

  void remove(ActorRef<?> connection) {
    users.remove(connection);
  }

  void keepOnly(Predicate<UserName> whose) {
    users.values().removeIf(whose.negate());
  }

  void tellAll(Group.Notice notice) {
    users.keySet().forEach(connection -> connection.tell(notice));
  }
}

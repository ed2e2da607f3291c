package chat.sotto.edge;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import chat.sotto.group.Group;
import chat.sotto.journal.Store;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.protocol.Limits;
import chat.sotto.user.Sent;
import chat.sotto.user.User;
import chat.sotto.user.UserLimits;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Semaphore;

/**
 * What all connections of a node share.
 *
 * @param deliveries messages, to the inboxes of their recipients
 * @param userPlaces connections of one user
 * @param asks one permit for each request that is being worked on
 */
record Node(
    ActorSystem<?> system,
    String serverHost,
    Greeting.Greeter greeter,
    Store store,
    Limits limits,
    UserLimits userLimits,
    EdgeLimits edgeLimits,
    RateLimits rates,
    PasswordWork passwords,
    Uploads uploads,
    Batches<UserName, Sent, User.AcceptReply> deliveries,
    Batches<GroupId, Group.Append, Group.AppendReply> groupAppends,
    Places<UserName> userPlaces,
    Semaphore asks,
    ActorRef<Presence.Command> presence,
    Clock clock,
    SecureRandom random) {

  Entity<User.Command> user(UserName name) {
    return new Entity<>(User.ref(system, name));
  }

  Entity<Group.Command> group(GroupId id) {
    return new Entity<>(Group.ref(system, id));
  }
}

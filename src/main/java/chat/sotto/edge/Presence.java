package chat.sotto.edge;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import chat.sotto.model.UserName;
import chat.sotto.model.Visibility;
import chat.sotto.protocol.Limits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Who is connected now, as far as each lets others see. Soft: nothing durable depends on it. */
final class Presence extends AbstractBehavior<Presence.Command> {
  private final TreeMap<UserName, Person> online = new TreeMap<>();
  private final Map<ActorRef<?>, UserName> connections = new HashMap<>();

  private static final class Person {
    private Visibility visibility;
    private final Set<UserName> heardFrom = new HashSet<>();
    private final Set<ActorRef<Connection.Command>> connections = new HashSet<>();
  }

  /** Stays on this node. */
  sealed interface Command extends NoSerializationVerificationNeeded {}

  /** A connection of this user is there, until it stops. May be said again. */
  record Came(UserName user, Visibility visibility, ActorRef<Connection.Command> connection)
      implements Command {}

  /** The user's inbox holds entries from these. Does nothing if the user is not online. */
  record Heard(UserName user, Collection<UserName> from) implements Command {
    Heard {
      from = List.copyOf(from);
    }
  }

  record Changed(UserName user, Visibility visibility) implements Command {}

  /** @param prefix empty for everybody */
  record Find(
      UserName asker, String prefix, Optional<UserName> after, ActorRef<Found> replyTo)
      implements Command {}

  /** For the connections of a person, if entries went both ways between the two. */
  record Typed(Connection.Typed typed, UserName to) implements Command {}

  /** @param users sorted */
  record Found(List<UserName> users, boolean more)
      implements NoSerializationVerificationNeeded {}

  static Behavior<Command> create() {
    return Behaviors.setup(Presence::new);
  }

  private Presence(ActorContext<Command> context) {
    super(context);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Came.class, this::onCame)
        .onMessage(Heard.class, this::onHeard)
        .onMessage(Changed.class, this::onChanged)
        .onMessage(Find.class, this::onFind)
        .onMessage(Typed.class, this::onTyped)
        .onSignal(Terminated.class, this::onLeft)
        .build();
  }

  private Behavior<Command> onCame(Came came) {
    Person person = online.computeIfAbsent(came.user(), name -> new Person());
    person.visibility = came.visibility();
    person.connections.add(came.connection());
    if (connections.put(came.connection(), came.user()) == null) {
      getContext().watch(came.connection());
    }
    return this;
  }

  private Behavior<Command> onHeard(Heard heard) {
    Person person = online.get(heard.user());
    if (person != null) {
      person.heardFrom.addAll(heard.from());
    }
    return this;
  }

  private Behavior<Command> onChanged(Changed changed) {
    Person person = online.get(changed.user());
    if (person != null) {
      person.visibility = changed.visibility();
    }
    return this;
  }

  private Behavior<Command> onLeft(Terminated left) {
    UserName user = connections.remove(left.getRef());
    Person person = online.get(user);
    person.connections.remove(left.getRef());
    if (person.connections.isEmpty()) {
      online.remove(user);
    }
    return this;
  }

  private Behavior<Command> onFind(Find find) {
    Map<UserName, Person> rest =
        find.after().isPresent() ? online.tailMap(find.after().get(), false) : online;
    List<UserName> users = new ArrayList<>();
    for (Map.Entry<UserName, Person> one : rest.entrySet()) {
      if (one.getKey().value().startsWith(find.prefix()) && sees(find.asker(), one)) {
        if (users.size() == Limits.ONLINE_PAGE_MAX) {
          find.replyTo().tell(new Found(List.copyOf(users), true));
          return this;
        }
        users.add(one.getKey());
      }
    }
    find.replyTo().tell(new Found(List.copyOf(users), false));
    return this;
  }

  private boolean sees(UserName asker, Map.Entry<UserName, Person> one) {
    Person person = one.getValue();
    return !one.getKey().equals(asker)
        && switch (person.visibility) {
          case ALL -> true;
          case CONTACTS -> haveWritten(asker, one.getKey());
          case NOBODY -> false;
        };
  }

  private Behavior<Command> onTyped(Typed typed) {
    UserName by = typed.typed().by().user();
    if (!by.equals(typed.to()) && haveWritten(by, typed.to())) {
      online.get(typed.to()).connections.forEach(one -> one.tell(typed.typed()));
    }
    return this;
  }

  /** Whether entries went both ways, and both are online. */
  private boolean haveWritten(UserName one, UserName other) {
    return hasHeard(one, other) && hasHeard(other, one);
  }

  private boolean hasHeard(UserName asker, UserName from) {
    Person person = online.get(asker);
    return person != null && person.heardFrom.contains(from);
  }
}

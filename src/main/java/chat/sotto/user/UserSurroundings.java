package chat.sotto.user;

import akka.actor.typed.ActorRef;
import java.time.Clock;
import java.util.Collection;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * What a user's entity is given.
 *
 * @param limits of the inbox and of tokens
 * @param deleteBodies drops bodies that nobody needs any more, without blocking
 * @param keepBody puts a body where it stays, before the events that are persisted after it,
 *     without blocking; false if the store takes nothing just now
 * @param progress is told what the user's devices acknowledged of groups
 * @param removals is told which of them are gone, and which users
 * @param passivate asks for this entity's {@link User.Stop}
 */
record UserSurroundings(
    Clock clock,
    UserLimits limits,
    Consumer<Collection<String>> deleteBodies,
    BiPredicate<String, byte[]> keepBody,
    ProgressListener progress,
    RemovalListener removals,
    Consumer<ActorRef<User.Command>> passivate) {}

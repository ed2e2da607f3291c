package chat.sotto.user;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.cluster.sharding.typed.ClusterShardingSettings;
import akka.cluster.sharding.typed.HashCodeMessageExtractor;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.sharding.typed.javadsl.EntityContext;
import chat.sotto.journal.Bodies;
import chat.sotto.journal.Store;
import chat.sotto.model.UserName;
import java.time.Clock;
import java.util.concurrent.CompletionStage;

/** How a node comes to hold its part of all users. */
public final class UserSharding {
  /** How many parts the users of a cluster are dealt out in: fixed for ever. */
  private static final int SHARDS = 128;

  private final Clock clock;
  private final UserLimits limits;
  private final ProgressListener progress;
  private final RemovalListener removals;

  /**
   * What all users of a node are given.
   *
   * @param progress is told what their devices acknowledged of groups
   * @param removals is told which of their devices are gone
   */
  public UserSharding(
      Clock clock, UserLimits limits, ProgressListener progress, RemovalListener removals) {
    this.clock = clock;
    this.limits = limits;
    this.progress = progress;
    this.removals = removals;
  }

  /** Starts sharding of users on this node. */
  public void init(ActorSystem<?> system) {
    Bodies bodies = Store.get(system).bodies();
    // Passivated by the region, an entity would forget who is attached: it asks for it by itself.
    var settings = ClusterShardingSettings.create(system).withNoPassivationStrategy();
    ClusterSharding.get(system)
        .init(
            Entity.of(User.ENTITY_KEY, entity -> create(entity, bodies))
                .withStopMessage(new User.Stop())
                .withMessageExtractor(new HashCodeMessageExtractor<>(SHARDS))
                .withSettings(settings));
  }

  private Behavior<User.Command> create(EntityContext<User.Command> entity, Bodies bodies) {
    return UserBehavior.create(
        new UserName(entity.getEntityId()),
        new UserSurroundings(
            clock,
            limits,
            bodies::delete,
            (id, bytes) -> isQueued(bodies.keep(id, bytes)),
            progress,
            removals,
            self -> entity.getShard().tell(new ClusterSharding.Passivate<>(self))));
  }

  /** A store that takes nothing more says so at once. */
  private static boolean isQueued(CompletionStage<Void> put) {
    return !put.toCompletableFuture().isCompletedExceptionally();
  }
}

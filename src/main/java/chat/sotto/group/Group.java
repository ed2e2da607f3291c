package chat.sotto.group;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.cluster.sharding.typed.ClusterShardingSettings;
import akka.cluster.sharding.typed.HashCodeMessageExtractor;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.sharding.typed.javadsl.EntityContext;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import chat.sotto.journal.Store;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Generations;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupId;
import chat.sotto.model.GroupRefusal;
import chat.sotto.model.Point;
import chat.sotto.model.UserName;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * A group's log and roster: what one may ask of them and what they answer.
 *
 * <p>Signatures, and those of device lists, are checked before a command is made. Bodies are stored
 * before the command that names them, except the roster for newcomers, which is stored here. They
 * are deleted by the sender of the command after an explicit refusal, and never after a time-out.
 */
public final class Group {
  public static final EntityTypeKey<Command> ENTITY_KEY =
      EntityTypeKey.create(Command.class, GroupState.ENTITY_TYPE);

  /** How many parts the groups of a cluster are dealt out in: fixed for ever. */
  private static final int SHARDS = 128;

  private Group() {}

  /** Starts sharding of groups on this node. */
  public static void init(ActorSystem<?> system, Clock clock, GroupLimits limits) {
    // Passivated by the region, an entity would forget who is attached: it asks for it by itself.
    var settings = ClusterShardingSettings.create(system).withNoPassivationStrategy();
    ClusterSharding.get(system)
        .init(
            Entity.of(ENTITY_KEY, entity -> create(system, entity, clock, limits))
                .withStopMessage(new Stop())
                .withMessageExtractor(new HashCodeMessageExtractor<>(SHARDS))
                .withSettings(settings));
  }

  private static Behavior<Command> create(
      ActorSystem<?> system, EntityContext<Command> entity, Clock clock, GroupLimits limits) {
    var bodies = Store.get(system).bodies();
    return GroupBehavior.create(
        new GroupId(entity.getEntityId()),
        new GroupBehavior.Surroundings(
            clock,
            System::nanoTime,
            limits,
            // What fails at once was not queued; what fails later stops the whole server.
            (id, bytes, expiresAt) ->
                !bodies.put(id, bytes, expiresAt).toCompletableFuture().isCompletedExceptionally(),
            bodies::delete,
            self -> entity.getShard().tell(new ClusterSharding.Passivate<>(self))));
  }

  public static EntityRef<Command> ref(ActorSystem<?> system, GroupId group) {
    return ClusterSharding.get(system).entityRefFor(ENTITY_KEY, group.value());
  }

  // Commands

  public sealed interface Command extends CborSerializable {}

  /**
   * An entry for the log. Nobody but the device itself signed it.
   *
   * @param messageId 16 bytes, the sender's
   * @param bodies where what belongs to it lies
   */
  public record Append(
      UserName user,
      DeviceId device,
      Bytes messageId,
      GroupContent content,
      Bodies bodies)
      implements CborSerializable {
    public Append {
      boolean fits =
          content instanceof GroupContent.Commit
              ? bodies instanceof CommitBodies
              : content instanceof GroupContent.Post
                  ? bodies instanceof PostBody
                  : bodies instanceof NoBodies;
      if (!fits) {
        throw new IllegalArgumentException("bodies must be of the content's kind");
      }
    }
  }

  /**
   * Takes entries to the log: each is decided on what those before it leave, and all that are
   * accepted are stored in one write.
   */
  public record AppendAll(List<Append> appends, ActorRef<AppendReplies> replyTo)
      implements Command {}

  /** Whether the commit would be taken now; nothing happens. Its bodies need not be stored yet. */
  public record Review(
      UserName user,
      DeviceId device,
      Bytes messageId,
      GroupContent.Commit content,
      List<PieceOwner> pieces,
      ActorRef<AppendReply> replyTo)
      implements Command {}

  /** This connection serves that device of the user from now on. Answered by notices. */
  public record Attach(UserName user, DeviceId device, ActorRef<Notice> connection)
      implements Command {}

  /** Ends what {@link Attach} began. */
  public record Detach(ActorRef<Notice> connection) implements Command {}

  /** Who belongs to the group, for one of its members. */
  public record DescribeRoster(UserName user, ActorRef<RosterReply> replyTo) implements Command {}

  /**
   * Soft: every device of the user has acknowledged up to here.
   *
   * @param sequenceNr of the lowest cursor
   */
  public record Progress(UserName user, long sequenceNr) implements Command {}

  /** Soft: a member is writing, or not any more. Told to the connections of the other members. */
  public record Typing(UserName user, DeviceId device, Bytes sealed) implements Command {}

  /** The connections have rested: what came meanwhile is told. */
  record TellNow() implements Command {}

  /** Nobody is attached and nothing was asked for a while. */
  record Idle() implements Command {}

  /** The shard's word after it was asked to let this entity go. */
  record Stop() implements Command {}

  /** What is stored beside an entry. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = NoBodies.class, name = "none"),
    @JsonSubTypes.Type(value = PostBody.class, name = "post"),
    @JsonSubTypes.Type(value = CommitBodies.class, name = "commit"),
  })
  public sealed interface Bodies extends CborSerializable {}

  /** Of a proposal and a confirmation. */
  public record NoBodies() implements Bodies {}

  /**
   * Of a post.
   *
   * @param bodyId drawn anew for each attempt
   * @param size bytes of the ciphertext, whose digest is in the content
   * @param expiresAt when the body is dropped, milliseconds since 1970
   */
  public record PostBody(String bodyId, int size, long expiresAt) implements Bodies {}

  /**
   * Of a commit.
   *
   * @param seed 32 random bytes, the server's
   * @param attempt drawn anew for each attempt; the name lies under {@link BodyIds#info}, pieces
   *     under {@link BodyIds#piece}, the roster for newcomers under {@link BodyIds#roster}
   * @param pieces whose there are
   * @param expiresAt when name, pieces and roster are dropped, milliseconds since 1970
   */
  public record CommitBodies(
      Bytes seed, String attempt, List<PieceOwner> pieces, long expiresAt) implements Bodies {
    public CommitBodies {
      Bounds.size("seed", seed, Bounds.HASH_BYTES);
      pieces = List.copyOf(pieces);
    }
  }

  /** A device for which there is a piece. */
  public record PieceOwner(UserName user, DeviceId device) {}

  // Replies

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes({
    @JsonSubTypes.Type(Accepted.class),
    @JsonSubTypes.Type(Reviewed.class),
    @JsonSubTypes.Type(Refused.class),
    @JsonSubTypes.Type(Taken.class),
    @JsonSubTypes.Type(PiecesRefused.class),
    @JsonSubTypes.Type(OutOfOrder.class),
    @JsonSubTypes.Type(RateLimited.class),
    @JsonSubTypes.Type(Busy.class)
  })
  public sealed interface AppendReply extends CborSerializable {}

  /** @param each of the appends, in their order */
  public record AppendReplies(List<AppendReply> each) implements CborSerializable {}

  public sealed interface RosterReply extends CborSerializable {}

  /**
   * The entry is on disk. Of a {@link Review}: it was taken before.
   *
   * @param isRepeat whether an earlier attempt was stored, so that this one's bodies are not used
   *     unless they are the same
   */
  public record Accepted(long sequenceNr, long time, Bytes hash, Bytes digest, boolean isRepeat)
      implements AppendReply {}

  /**
   * The commit would be taken now.
   *
   * @param proposed the lists of devices that were proposed and wait for a commit
   */
  public record Reviewed(List<DeviceList> proposed) implements AppendReply {}

  public record Refused(GroupRefusal why) implements AppendReply, RosterReply {}

  /** A group with this id exists, and this commit did not make it. */
  public record Taken() implements AppendReply {}

  /** There is not exactly one piece for each device that needs one. */
  public record PiecesRefused() implements AppendReply {}

  /** @param expected the counter to use */
  public record OutOfOrder(long expected) implements AppendReply {}

  /** @param retryAfter milliseconds */
  public record RateLimited(long retryAfter) implements AppendReply {}

  /** The roster for newcomers could not be put up now. */
  public record Busy() implements AppendReply {}

  /** @param users rising, those too who are only invited or have left and wait for the commit */
  public record Roster(List<RosterUser> users) implements RosterReply {}

  /**
   * @param isMember whether it is neither only invited nor about to be gone
   * @param devices that have the log
   */
  public record RosterUser(UserName user, boolean isMember, List<DeviceId> devices) {}

  // What a connection is told

  /** A connection is served by many groups under one reference, so each says which it is. */
  public sealed interface Notice extends CborSerializable {
    GroupId id();
  }

  /**
   * The group serves this connection, or would if the user were still in it.
   *
   * @param group for watching only, never for sending
   * @param stretches of the log that are the user's, in their order; the last one is open if the
   *     user is in the group now. Entries after the last closed one's end are nobody's business
   * @param devices of the user that have the last of them
   * @param inviter of the user, as long as that is only invited
   * @param generations of the log
   */
  public record Attached(
      GroupId id,
      ActorRef<Command> group,
      Point head,
      List<Stretch> stretches,
      List<DeviceId> devices,
      Optional<UserName> inviter,
      Generations generations)
      implements Notice {}

  /**
   * The user is in the group, and this device is not yet: it is told of entries, which are not its
   * own, since one of them may let it in.
   *
   * @param isPending whether a list of the user's devices was proposed
   */
  public record Waiting(
      GroupId id,
      ActorRef<Command> group,
      Point head,
      boolean isPending,
      Generations generations)
      implements Notice {}

  /**
   * The user was in the group, and this device never was.
   *
   * @param end the last entry that was the user's
   * @param devices of the user that have the log up to there
   */
  public record Missed(GroupId id, long end, List<DeviceId> devices) implements Notice {}

  /**
   * A part of the log, from an invitation (or the making of the group) to a removal.
   *
   * @param start the head that the inviting commit names: the first entry pushed is the next one
   * @param attempt names the roster after the inviting commit; absent for who made the group
   * @param confirmedNr the entry from which on posts come with their ciphertext; absent while the
   *     user is only invited
   * @param end the last entry that is the user's; absent while it is in the group
   */
  public record Stretch(
      Point start, Optional<String> attempt, Optional<Long> confirmedNr, Optional<Long> end) {
    /** Whether a post there comes with its ciphertext. */
    boolean hasPost(long sequenceNr) {
      return confirmedNr.filter(nr -> nr < sequenceNr).isPresent()
          && end.filter(nr -> nr < sequenceNr).isEmpty();
    }
  }

  /** The user is not, and never was, in this group. */
  public record NotMember(GroupId id) implements Notice {}

  /** A hint, which may be lost or repeated: these entries were appended one after the other. */
  public record Appended(GroupId id, List<GroupLogEntry.OfDevice> entries) implements Notice {}

  /** Another member is writing, or not any more. */
  public record Typed(GroupId id, UserName user, DeviceId device, Bytes sealed)
      implements Notice {}
}

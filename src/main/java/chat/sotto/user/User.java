package chat.sotto.user;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Point;
import chat.sotto.model.UserName;
import chat.sotto.model.Visibility;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A user's account, devices, prekeys and inbox: what one may ask of them and what they answer.
 * {@link UserBehavior} decides, {@link UserEvent} is what is kept, {@link UserState} what follows.
 *
 * <p>Signatures are checked before a command is made ({@link RegistrationRules}); passwords and
 * tokens never come here, only a token's SHA-256. Bodies are stored before the command that names
 * them. Those of prekeys are deleted here once nothing leads to them; the others by the sender of
 * the command, after an explicit refusal and never after a time-out.
 */
public final class User {
  public static final EntityTypeKey<Command> ENTITY_KEY =
      EntityTypeKey.create(Command.class, UserState.ENTITY_TYPE);

  private User() {}

  public static EntityRef<Command> ref(ActorSystem<?> system, UserName user) {
    return ClusterSharding.get(system).entityRefFor(ENTITY_KEY, user.value());
  }

  // Commands

  public sealed interface Command extends CborSerializable
      permits Register,
          SignIn,
          Resume,
          SignOut,
          PutPrekeys,
          GiveKeys,
          DescribeDevices,
          SetVisibility,
          Accept,
          FindHeard,
          Attach,
          Acknowledge,
          JoinGroup,
          GroupNews,
          LeaveGroup,
          FindProgress,
          GiveSignedKeys,
          Erase,
          Idle,
          Stop,
          AccountCommand,
          ArchiveCommand {}

  /**
   * Makes the account and signs its first device in.
   *
   * @param deviceList checked by {@link RegistrationRules}, as are the prekeys
   * @param credentials SHA-256 of the body under {@link BodyIds#credentials}
   * @param vault SHA-256 of the body under {@link BodyIds#vault}
   */
  public record Register(
      DeviceList deviceList,
      List<PrekeyStatement> prekeys,
      Bytes credentials,
      Bytes vault,
      Bytes tokenHash,
      ActorRef<SignInReply> replyTo)
      implements Command {}

  /**
   * A new token for a device whose password and signature were right.
   *
   * @param proven the digest of the credentials that the password was checked against
   */
  public record SignIn(
      DeviceId device,
      Bytes deviceKey,
      Bytes proven,
      Bytes tokenHash,
      ActorRef<SignInReply> replyTo)
      implements Command {}

  /** A connection with the token that an earlier sign-in gave. */
  public record Resume(
      DeviceId device, Bytes deviceKey, Bytes tokenHash, ActorRef<SignInReply> replyTo)
      implements Command {}

  /** Ends the device's token. */
  public record SignOut(DeviceId device, ActorRef<DoneReply> replyTo) implements Command {}

  /** Bodies lie under {@link BodyIds#prekey}. Signatures and kinds were checked. */
  public record PutPrekeys(
      DeviceId device,
      boolean replace,
      List<PrekeyStatement> prekeys,
      ActorRef<PrekeysReply> replyTo)
      implements Command {}

  /** Takes a one-time prekey of each device, where there is one and the asker may have one. */
  public record GiveKeys(UserName toUser, DeviceId toDevice, ActorRef<KeysReply> replyTo)
      implements Command {}

  public record DescribeDevices(ActorRef<DevicesReply> replyTo) implements Command {}

  public record SetVisibility(Visibility visibility, ActorRef<DoneReply> replyTo)
      implements Command {}

  /**
   * Takes messages into the inbox: each is decided on what those before it leave, and all that are
   * accepted are stored in one write.
   */
  public record Accept(List<Sent> messages, ActorRef<AcceptReplies> replyTo) implements Command {
    AcceptReplies unknownUser() {
      return new AcceptReplies(Collections.nCopies(messages.size(), new UnknownUser()));
    }
  }

  /** Whether an entry ever came from somebody. */
  public record FindHeard(UserName from, ActorRef<HeardReply> replyTo) implements Command {}

  /**
   * This connection serves the device from now on, for as long as its token is the device's. Sent
   * again with the same connectionId after the entity stopped. Answered by notices.
   */
  public record Attach(
      DeviceId device, Bytes tokenHash, String connectionId, ActorRef<Notice> connection)
      implements Command {}

  /**
   * The device signed that it stored these. The connection has checked the signature, and that it
   * pushed each of them with that hash.
   *
   * @param items points of this inbox and of groups, one for a log; that of a group which the user
   *     has left changes nothing
   * @param deliveredAt when the last entry acknowledged was pushed
   * @param inbox with a point of this inbox
   */
  public record Acknowledge(
      DeviceId device,
      List<LogPoint> items,
      Bytes signature,
      long deliveredAt,
      Optional<InboxPlace> inbox,
      ActorRef<AckReply> replyTo)
      implements Command {}

  /**
   * @param journalNr of the entry acknowledged, from {@link InboxEntry}
   * @param total of the device's newest copy up to that entry, from {@link StoredCopy}
   */
  public record InboxPlace(long journalNr, long total) {}

  /** The user is in this group, or about to be invited: its connections follow the log. */
  public record JoinGroup(GroupId group, ActorRef<JoinReply> replyTo) implements Command {}

  /** Soft: the group's log has something for this user; tells its connections. */
  public record GroupNews(GroupId group) implements Command {}

  /** The user is in this group no more, and its devices have seen that. */
  public record LeaveGroup(GroupId group, ActorRef<DoneReply> replyTo) implements Command {}

  /** How far the user's devices have acknowledged a group's log. */
  public record FindProgress(GroupId group, ActorRef<ProgressReply> replyTo) implements Command {}

  /** The device list and the signed prekey of each device; takes none away. */
  public record GiveSignedKeys(ActorRef<KeysReply> replyTo) implements Command {}

  /**
   * Ends the account for good; its name stays taken. The bodies are for the sender to delete.
   *
   * @param reason the operator's, as in {@link UserEvent.Erased}
   * @param proven what the owner's proof was checked against; an operator needs none
   */
  public record Erase(String reason, Optional<Bytes> proven, ActorRef<EraseReply> replyTo)
      implements Command {}

  /** Nobody is attached and nothing was asked for a while. */
  record Idle() implements Command {}

  /** The shard's word after it was asked to let this entity go. */
  record Stop() implements Command {}

  // Replies

  public sealed interface SignInReply extends CborSerializable
      permits UnknownUser,
          UnknownDevice,
          SignedIn,
          NameTaken,
          TokenExpired,
          TokenRefused,
          Outdated,
          AccountAnswer.Stale,
          AccountAnswer.ListRefused,
          AccountAnswer.DevicesUsedUp,
          AccountAnswer.Revoked,
          AccountAnswer.Reopened {}

  public sealed interface PrekeysReply extends CborSerializable {}

  public sealed interface KeysReply extends CborSerializable {}

  public sealed interface DevicesReply extends CborSerializable {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes({
    @JsonSubTypes.Type(AcceptedReply.class),
    @JsonSubTypes.Type(Already.class),
    @JsonSubTypes.Type(NobodyElse.class),
    @JsonSubTypes.Type(OutOfOrder.class),
    @JsonSubTypes.Type(DevicesChanged.class),
    @JsonSubTypes.Type(InboxFull.class),
    @JsonSubTypes.Type(Unanswered.class),
    @JsonSubTypes.Type(UnknownUser.class)
  })
  public sealed interface AcceptReply extends CborSerializable {}

  /** One for each message, in their order. */
  public record AcceptReplies(List<AcceptReply> each) implements CborSerializable {
    public AcceptReplies {
      each = List.copyOf(each);
    }
  }

  public sealed interface HeardReply extends CborSerializable {}

  public sealed interface AckReply extends CborSerializable {}

  public sealed interface DoneReply extends CborSerializable {}

  public sealed interface JoinReply extends CborSerializable {}

  public sealed interface ProgressReply extends CborSerializable {}

  public sealed interface EraseReply extends CborSerializable {}

  /** Nobody has this name. */
  public record UnknownUser()
      implements SignInReply,
          PrekeysReply,
          KeysReply,
          DevicesReply,
          AcceptReply,
          HeardReply,
          AckReply,
          DoneReply,
          JoinReply,
          ProgressReply,
          EraseReply,
          ArchiveCommand.Reply,
          AccountAnswer.Description,
          AccountAnswer.Change,
          AccountAnswer.Opening {}

  /** The user has no such device, or that device has another key. */
  public record UnknownDevice()
      implements SignInReply,
          PrekeysReply,
          AckReply,
          DoneReply,
          ArchiveCommand.Reply,
          AccountAnswer.Change {}

  public record Done() implements DoneReply, PrekeysReply, JoinReply {}

  /**
   * The account is erased.
   *
   * @param isRepeat whether it was before
   * @param journalNr of the last event
   */
  public record Erased(boolean isRepeat, long journalNr) implements EraseReply {}

  /** The user is in as many groups as anybody may be. */
  public record TooManyGroups() implements JoinReply {}

  /** @param acknowledged by each device of the present list; 0 for none */
  public record GroupProgress(Map<DeviceId, Long> acknowledged) implements ProgressReply {
    /** Whether each of these devices that is in the present list has acknowledged so much. */
    public boolean haveAll(Collection<DeviceId> devices, long sequenceNr) {
      return acknowledged.entrySet().stream()
          .filter(one -> devices.contains(one.getKey()))
          .allMatch(one -> one.getValue() >= sequenceNr);
    }
  }

  /** What the device needs to know after a sign-in. */
  public record SignedIn(
      long tokenExpiresAt,
      long generation,
      Point cursor,
      Point head,
      long deviceListVersion,
      Bytes deviceListHash,
      long signedPrekeyId,
      List<Long> oneTimePrekeyIds,
      Visibility visibility)
      implements SignInReply {}

  public record NameTaken() implements SignInReply {}

  public record TokenExpired() implements SignInReply {}

  /** The token is not of this user and device. */
  public record TokenRefused() implements SignInReply {}

  /** The proof was right for a password or code that was replaced meanwhile. */
  public record Outdated() implements SignInReply, DoneReply, EraseReply {}

  /** An id was used before with another key, or more would be held than may be. */
  public record PrekeysRefused() implements PrekeysReply {}

  public record KeysGiven(DeviceList deviceList, List<DeviceKeys> keys) implements KeysReply {}

  /** The references of one device; a body of a replaced prekey may be gone: then ask again. */
  public record DeviceKeys(
      DeviceId device, PrekeyRef signedPrekey, Optional<PrekeyRef> oneTimePrekey) {}

  public record Devices(DeviceList deviceList, Bytes hash) implements DevicesReply {}

  /** The entry is on disk. */
  public record AcceptedReply(Receipt receipt) implements AcceptReply {}

  /** This n was accepted before; the attempt's bodies are not used unless it is the stored one. */
  public record Already(Receipt receipt) implements AcceptReply {}

  /** The device sends to its own user's others, and there are none. */
  public record NobodyElse() implements AcceptReply {}

  /** @param expected the n to use */
  public record OutOfOrder(long expected) implements AcceptReply {}

  public record DevicesChanged(DeviceList deviceList) implements AcceptReply {}

  /** No device of the user is within its limits. */
  public record InboxFull() implements AcceptReply {}

  /** @param max so many entries may wait for a first answer */
  public record Unanswered(int max) implements AcceptReply {}

  public record Heard(boolean ever) implements HeardReply {}

  /** @param cursor the device's place after this and earlier acknowledgements */
  public record Acknowledged(Position cursor) implements AckReply {}

  /** Beyond the head, with another hash, or not of this inbox. */
  public record AckRefused() implements AckReply {}
}

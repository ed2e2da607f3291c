package chat.sotto.client;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.GroupId;
import chat.sotto.model.UserName;
import chat.sotto.protocol.AccountPush;
import chat.sotto.protocol.ErrorCode;
import java.util.List;
import java.util.Optional;

/** What a client tells its program, one after the other, after it was stored. */
public sealed interface ClientEvent {
  /** Signed in on a new connection. */
  record Connected(UserName user) implements ClientEvent {}

  /** The connection ended; the client tries again by itself. */
  record Reconnecting() implements ClientEvent {}

  /** Another connection of this device took over; the client does not reconnect by itself. */
  record Replaced() implements ClientEvent {}

  /** The server wants the password: {@link SottoClient#login}. Everything is kept. */
  record SignInNeeded(ErrorCode code) implements ClientEvent {}

  /** A line of a conversation, of the other person. */
  record MessageShown(Message message) implements ClientEvent {}

  /** Somebody who was never written to waits for {@link Requests#accept}; their lines are shown. */
  record Asked(UserName user) implements ClientEvent {}

  /** A line of mine is on the server's disk, or on the other person's device. */
  record StateChanged(Message message) implements ClientEvent {}

  /** A line looks different: it was edited, deleted, or somebody reacted. */
  record MessageChanged(ShownMessage message) implements ClientEvent {}

  /** A line that could not be opened was none, or its time is over: it is not there any more. */
  record LineGone(UserName with, Bytes id) implements ClientEvent {}

  /**
   * What is written to this person and by them from now on disappears so many seconds after it was
   * read; 0 is never.
   */
  record TimerSet(UserName with, UserName by, long seconds) implements ClientEvent {}

  /** As {@link TimerSet}, in a group. */
  record GroupTimerSet(GroupId group, UserName by, long seconds) implements ClientEvent {}

  /** Messages of this person never came; they may have been given up by the sender or dropped. */
  record MessagesMissing(UserName from, long count) implements ClientEvent {}

  /** Sending waits, and is tried again by itself unless the person does not exist. */
  record SendingDelayed(UserName to, ErrorCode code) implements ClientEvent {}

  /** Nothing is sent to this person until {@link SottoClient#acceptKey} is called with the key. */
  record KeyChanged(UserName user, Bytes accountKey) implements ClientEvent {}

  /** This person has a device that this one did not know; the account key is the same. */
  record DeviceAdded(UserName user, DeviceId device) implements ClientEvent {}

  /** The own devices changed: by this one, or by another with the password. */
  record OwnDevicesChanged(List<DeviceId> added, List<DeviceId> removed)
      implements ClientEvent {}

  /** What the own devices share is taken from them: names of devices, pins of people. */
  record Synced() implements ClientEvent {}

  /** Another device of this user gave the account a new key: it must be compared anew. */
  record OwnKeyChanged(DeviceId by) implements ClientEvent {}

  /** A key that the own devices share came from one of them. */
  record OwnKeyCame() implements ClientEvent {}

  /** Everything in this conversation up to that message was read, on another device. */
  record ReadElsewhere(UserName with, Bytes upTo) implements ClientEvent {}

  /** The other person has read what this user wrote, up to that message. */
  record Seen(UserName by, Bytes upTo) implements ClientEvent {}

  /**
   * Somebody is writing, or not any more. It holds for 6 s, and until a line of theirs comes.
   *
   * @param group empty if it is in the conversation of the two
   */
  record Typing(UserName user, Optional<GroupId> group, boolean isWriting)
      implements ClientEvent {}

  /**
   * The account as the server has it.
   *
   * @param reset the device that asked for a reset, and when it may be carried out
   */
  record AccountState(boolean hasRecovery, Optional<AccountPush.Reset> reset)
      implements ClientEvent {}

  /** What the own devices share is refused; this device goes by what it knows itself. */
  record SyncRefused(Alarm alarm) implements ClientEvent {}

  /**
   * This device is no more one of its user's.
   *
   * @param erased whether the user's own devices said so, and everything here was erased; else the
   *     server claims it, and everything is kept
   */
  record Revoked(boolean erased) implements ClientEvent {}

  /**
   * What this person's device, or the server in its name, offered is refused: nothing is sent to
   * this person for now; everybody else is served.
   */
  record PersonRefused(UserName user, Alarm alarm) implements ClientEvent {}

  /** This device fell behind the server's limits: what was between is gone for it. */
  record HistoryCut() implements ClientEvent {}

  /**
   * The server knows acknowledgements that this store does not, so the store is an old copy: what
   * came since is gone for it. Sessions begin anew.
   */
  record StoreWasOld() implements ClientEvent {}

  /**
   * The server was restored from a copy that was made then, milliseconds since 1970. This device
   * keeps what it has; what came after may be missing on the server and with others. Texts of mine
   * that nobody has confirmed since are sent again.
   *
   * @param lost how many entries of this user's inbox the server lost
   */
  record ServerRestored(long copyTime, long lost) implements ClientEvent {}

  /**
   * As {@link ServerRestored}, of a group: what was written and changed there after the copy is
   * undone on the server. Lines that are shown stay; posts of mine are sent again.
   */
  record GroupRestored(GroupId group, long copyTime, long lost) implements ClientEvent {}

  /**
   * People who had been removed or had left before the server was restored are in the group again.
   * Nothing is written there by this device until one of the admins has removed them.
   */
  record GroupRemovalsMissed(GroupId group, List<UserName> users, List<UserName> admins)
      implements ClientEvent {}

  /** A group that this user is in or was invited to: its people, name or state changed. */
  record GroupChanged(GroupId group) implements ClientEvent {}

  /**
   * A group that this user is in and this device is not yet. It comes into it by itself, and {@link
   * GroupChanged} tells when.
   */
  record GroupAwaited(GroupId group) implements ClientEvent {}

  /** A line of a group. A line of mine that waited has its place in the log now. */
  record GroupLineShown(GroupLine line) implements ClientEvent {}

  /** A line of a group looks different: it was edited, deleted, or somebody reacted. */
  record GroupLineChanged(ShownGroupLine line) implements ClientEvent {}

  /** A line of a group is not there any more: its time is over. */
  record GroupLineGone(GroupId group, UserName from, Bytes id) implements ClientEvent {}

  /** What was asked for cannot be; nothing changed. A text stays unsent. */
  record GroupRefused(GroupId group, Bytes id, ErrorCode code) implements ClientEvent {}

  /** Something waits, and is tried again by itself. */
  record GroupDelayed(GroupId group, ErrorCode code) implements ClientEvent {}

  /** Nothing is sent to the group until {@link SottoClient#acceptKey} was called for these. */
  record GroupBlocked(GroupId group, List<UserName> users) implements ClientEvent {}

  /**
   * The server shows different histories of this group, or one that nobody signed. What came is
   * kept; nothing more is taken or sent.
   */
  record GroupAlarmed(GroupId group, Alarm alarm) implements ClientEvent {}

  /** Everything that waited on the server has been received. */
  record CaughtUp() implements ClientEvent {}

  /** The server broke the protocol. The client has disconnected and stays so. */
  record Alarmed(Alarm alarm) implements ClientEvent {}

  /** The store could not be written; what was not stored is received or sent again. */
  record StoreFailed() implements ClientEvent {}
}

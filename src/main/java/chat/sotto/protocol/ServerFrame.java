package chat.sotto.protocol;

import chat.sotto.model.BodyDigest;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.UserName;
import chat.sotto.model.Visibility;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Optional;

/** What the server says inside envelopes (docs/protocol.md §5). The hello is {@link Hello}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ServerFrame.SignedIn.class, name = "signed-in"),
  @JsonSubTypes.Type(value = ServerFrame.DeviceListReply.class, name = "device-list"),
  @JsonSubTypes.Type(value = ServerFrame.KeyBundle.class, name = "key-bundle"),
  @JsonSubTypes.Type(value = ServerFrame.Accepted.class, name = "accepted"),
  @JsonSubTypes.Type(value = ServerFrame.OnlineUsers.class, name = "online-users"),
  @JsonSubTypes.Type(value = ServerFrame.Done.class, name = "done"),
  @JsonSubTypes.Type(value = ServerFrame.Pong.class, name = "pong"),
  @JsonSubTypes.Type(value = ServerFrame.Failed.class, name = "error"),
  @JsonSubTypes.Type(value = ServerFrame.EntryPush.class, name = "entry"),
  @JsonSubTypes.Type(value = ServerFrame.CaughtUp.class, name = "caught-up"),
  @JsonSubTypes.Type(value = ServerFrame.CutOff.class, name = "cut-off"),
})
public sealed interface ServerFrame {
  long nonce();

  /** The one answer to a request; its nonce is the request's + 1. */
  sealed interface Reply extends ServerFrame {}

  /** Said unasked; its nonce is the server's own. */
  sealed interface Push extends ServerFrame {}

  record SignedIn(
      long nonce,
      Secret token,
      long tokenExpiresAt,
      Inbox inbox,
      long deviceListVersion,
      Bytes deviceListHash,
      long signedPrekeyId,
      List<Long> oneTimePrekeyIds,
      Visibility visibility)
      implements Reply {}

  /** Where the server stands with this device's inbox. */
  record Inbox(long generation, Point cursor, Point head) {}

  record DeviceListReply(long nonce, DeviceList deviceList) implements Reply {}

  record KeyBundle(long nonce, DeviceList deviceList, List<DeviceKeys> keys) implements Reply {}

  record DeviceKeys(DeviceId device, Prekey signedPrekey, Optional<Prekey> oneTimePrekey) {}

  record Accepted(long nonce, long n, long sequenceNr, long time, Bytes hash, Bytes digest)
      implements Reply {}

  record OnlineUsers(long nonce, List<UserName> users, boolean more) implements Reply {}

  record Done(long nonce) implements Reply {}

  record Pong(long nonce) implements Reply {}

  record Failed(
      long nonce,
      ErrorCode code,
      String text,
      Optional<Long> expected,
      Optional<DeviceList> deviceList,
      Optional<Long> retryAfter)
      implements Reply {}

  record EntryPush(
      long nonce,
      String kind,
      String owner,
      long generation,
      long sequenceNr,
      long time,
      String entryKind,
      UserName fromUser,
      DeviceId fromDevice,
      Bytes messageId,
      List<BodyDigest> bodies,
      Bytes hash,
      Optional<Bytes> ciphertext)
      implements Push {}

  record CaughtUp(
      long nonce, String kind, String owner, long generation, long sequenceNr, Bytes hash)
      implements Push {}

  record CutOff(
      long nonce, String kind, String owner, long generation, long sequenceNr, Bytes hash)
      implements Push {}
}

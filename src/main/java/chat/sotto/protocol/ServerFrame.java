package chat.sotto.protocol;

import chat.sotto.model.BodyDigest;
import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.Entry;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupEntry;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Membership;
import chat.sotto.model.Point;
import chat.sotto.model.Prekey;
import chat.sotto.model.Restored;
import chat.sotto.model.RosterRow;
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
  @JsonSubTypes.Type(value = OnlineUsers.class, name = "online-users"),
  @JsonSubTypes.Type(value = ServerFrame.Done.class, name = "done"),
  @JsonSubTypes.Type(value = ServerFrame.Pong.class, name = "pong"),
  @JsonSubTypes.Type(value = ServerFrame.Failed.class, name = "error"),
  @JsonSubTypes.Type(value = ServerFrame.EntryPush.class, name = "entry"),
  @JsonSubTypes.Type(value = ServerFrame.CaughtUp.class, name = "caught-up"),
  @JsonSubTypes.Type(value = ServerFrame.CutOff.class, name = "cut-off"),
  @JsonSubTypes.Type(value = ServerFrame.RestoredPush.class, name = "restored"),
  @JsonSubTypes.Type(value = ServerFrame.GroupAccepted.class, name = "group-accepted"),
  @JsonSubTypes.Type(value = ServerFrame.GroupKeyPage.class, name = "group-key-page"),
  @JsonSubTypes.Type(value = ServerFrame.GroupSeenBy.class, name = "group-seen-by"),
  @JsonSubTypes.Type(value = ServerFrame.GroupStart.class, name = "group-start"),
  @JsonSubTypes.Type(value = ServerFrame.GroupEntryPush.class, name = "group-entry"),
  @JsonSubTypes.Type(value = GroupWaiting.class, name = "group-waiting"),
  @JsonSubTypes.Type(value = AccountPush.class, name = "account"),
  @JsonSubTypes.Type(value = TypingPush.class, name = "typing"),
  @JsonSubTypes.Type(value = AccountReply.Linking.class, name = "linking"),
  @JsonSubTypes.Type(value = AccountReply.Vault.class, name = "vault"),
  @JsonSubTypes.Type(value = AccountReply.OwnDevices.class, name = "own-device-list"),
  @JsonSubTypes.Type(value = AccountReply.Sync.class, name = "sync"),
  @JsonSubTypes.Type(value = ArchiveReply.State.class, name = "archive-state"),
  @JsonSubTypes.Type(value = ArchiveReply.Batches.class, name = "archive-batches"),
  @JsonSubTypes.Type(value = FileTicket.class, name = "file-ticket"),
})
public sealed interface ServerFrame {
  long nonce();

  static void checkNonce(long nonce) {
    Bounds.atLeast("nonce", nonce, 0);
  }

  static void checkLog(String kind, String owner, long generation) {
    Bounds.length("kind", kind, 1, 16);
    Bounds.length("owner", owner, 1, 64);
    Bounds.atLeast("generation", generation, 1);
  }

  /** The one answer to a request; its nonce is the request's + 1. */
  sealed interface Reply extends ServerFrame
      permits SignedIn,
          DeviceListReply,
          KeyBundle,
          Accepted,
          OnlineUsers,
          Done,
          Pong,
          Failed,
          GroupAccepted,
          GroupKeyPage,
          GroupSeenBy,
          AccountReply,
          ArchiveReply,
          FileTicket {}

  /** Said unasked; its nonce is the server's own. */
  sealed interface Push extends ServerFrame
      permits EntryPush,
          CaughtUp,
          CutOff,
          RestoredPush,
          GroupStart,
          GroupEntryPush,
          GroupWaiting,
          AccountPush,
          TypingPush {}

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
      implements Reply {
    public SignedIn {
      checkNonce(nonce);
      token.requireSize(Bounds.TOKEN_BYTES);
      Bounds.time("tokenExpiresAt", tokenExpiresAt);
      Bounds.atLeast("deviceListVersion", deviceListVersion, 1);
      Bounds.size("deviceListHash", deviceListHash, Bounds.HASH_BYTES);
      Bounds.within("signedPrekeyId", signedPrekeyId, 0, Prekey.ID_MAX);
      oneTimePrekeyIds =
          Bounds.count(
              "oneTimePrekeyIds", oneTimePrekeyIds, 0, Limits.DEFAULT.oneTimePrekeysMax());
      oneTimePrekeyIds.forEach(id -> Bounds.within("id", id, 1, Prekey.ID_MAX));
    }
  }

  /** Where the server stands with this device's inbox. */
  record Inbox(long generation, Point cursor, Point head) {
    public Inbox {
      Bounds.atLeast("generation", generation, 1);
    }
  }

  record DeviceListReply(long nonce, DeviceList deviceList) implements Reply {
    public DeviceListReply {
      checkNonce(nonce);
    }
  }

  record KeyBundle(long nonce, DeviceList deviceList, List<DeviceKeys> keys) implements Reply {
    public KeyBundle {
      checkNonce(nonce);
      keys = Bounds.count("keys", keys, 1, DeviceList.DEVICES_MAX);
    }
  }

  record DeviceKeys(DeviceId device, Prekey signedPrekey, Optional<Prekey> oneTimePrekey) {}

  record Accepted(long nonce, long n, long sequenceNr, long time, Bytes hash, Bytes digest)
      implements Reply {
    public Accepted {
      checkNonce(nonce);
      Bounds.atLeast("n", n, 1);
      Bounds.atLeast("sequenceNr", sequenceNr, 1);
      Bounds.time("time", time);
      Bounds.size("hash", hash, Bounds.HASH_BYTES);
      Bounds.size("digest", digest, Bounds.HASH_BYTES);
    }
  }

  record Done(long nonce) implements Reply {
    public Done {
      checkNonce(nonce);
    }
  }

  record Pong(long nonce) implements Reply {
    public Pong {
      checkNonce(nonce);
    }
  }

  record Failed(
      long nonce,
      ErrorCode code,
      String text,
      Optional<Long> expected,
      Optional<DeviceList> deviceList,
      Optional<Long> retryAfter,
      Optional<InboxHead> inbox,
      Optional<Long> max)
      implements Reply {
    /** Any but {@link ErrorCode#ACCOUNT_REOPENED} and {@link ErrorCode#FILE_TOO_LARGE}. */
    public Failed(
        long nonce,
        ErrorCode code,
        String text,
        Optional<Long> expected,
        Optional<DeviceList> deviceList,
        Optional<Long> retryAfter) {
      this(nonce, code, text, expected, deviceList, retryAfter, Optional.empty(), Optional.empty());
    }

    public Failed {
      checkNonce(nonce);
      expected.ifPresent(n -> Bounds.atLeast("expected", n, 1));
      retryAfter.ifPresent(millis -> Bounds.atLeast("retryAfter", millis, 0));
      max.ifPresent(bytes -> Bounds.atLeast("max", bytes, 0));
    }
  }

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
      implements Push {
    public EntryPush {
      checkNonce(nonce);
      checkLog(kind, owner, generation);
      // The rules of an entry's fields are the model's.
      var entry =
          new Entry(
              sequenceNr, time, entryKind, fromUser, fromDevice, messageId, bodies, hash);
      bodies = entry.bodies();
    }

    public Entry entry() {
      return new Entry(
          sequenceNr, time, entryKind, fromUser, fromDevice, messageId, bodies, hash);
    }
  }

  record CaughtUp(
      long nonce, String kind, String owner, long generation, long sequenceNr, Bytes hash)
      implements Push {
    public CaughtUp {
      checkNonce(nonce);
      checkLog(kind, owner, generation);
      Bounds.atLeast("sequenceNr", sequenceNr, 0);
      Bounds.size("hash", hash, Bounds.HASH_BYTES);
    }
  }

  record CutOff(
      long nonce, String kind, String owner, long generation, long sequenceNr, Bytes hash)
      implements Push {
    public CutOff {
      checkNonce(nonce);
      checkLog(kind, owner, generation);
      Bounds.atLeast("sequenceNr", sequenceNr, 0);
      Bounds.size("hash", hash, Bounds.HASH_BYTES);
    }
  }

  /** The log, an inbox or a group's, goes on after the server was restored from a copy. */
  record RestoredPush(
      long nonce,
      String kind,
      String owner,
      long generation,
      long sequenceNr,
      long time,
      Bytes hash,
      Point previous,
      long copyTime,
      Bytes signature)
      implements Push {
    public RestoredPush {
      checkNonce(nonce);
      // The rules of an entry's fields are the model's.
      var entry =
          new Restored(kind, owner, generation, previous, time, copyTime, signature, hash);
      if (sequenceNr != entry.sequenceNr()) {
        throw new IllegalArgumentException("sequenceNr must follow previous");
      }
    }

    public static RestoredPush of(long nonce, Restored entry) {
      return new RestoredPush(
          nonce,
          entry.kind(),
          entry.owner(),
          entry.generation(),
          entry.sequenceNr(),
          entry.time(),
          entry.hash(),
          entry.previous(),
          entry.copyTime(),
          entry.signature());
    }

    public Restored entry() {
      return new Restored(kind, owner, generation, previous, time, copyTime, signature, hash);
    }
  }

  // Groups

  /** @param digest the contentDigest of docs/protocol.md §9.1 */
  record GroupAccepted(
      long nonce, GroupId group, long sequenceNr, long time, Bytes hash, Bytes digest)
      implements Reply {
    public GroupAccepted {
      checkNonce(nonce);
      Bounds.atLeast("sequenceNr", sequenceNr, 1);
      Bounds.time("time", time);
      Bounds.size("hash", hash, Bounds.HASH_BYTES);
      Bounds.size("digest", digest, Bounds.HASH_BYTES);
    }
  }

  record GroupKeyPage(long nonce, List<UserKeys> users, boolean more) implements Reply {
    public GroupKeyPage {
      checkNonce(nonce);
      users = Bounds.count("users", users, 0, Limits.GROUP_PAGE_MAX);
    }
  }

  /** The current list of somebody in a group, and a signed prekey of each device. */
  record UserKeys(DeviceList deviceList, List<SignedKey> keys) {
    public UserKeys {
      keys = Bounds.count("keys", keys, 1, DeviceList.DEVICES_MAX);
    }
  }

  record SignedKey(DeviceId device, Prekey signedPrekey) {}

  /** @param unseen users of whom a device has not acknowledged the entry */
  record GroupSeenBy(long nonce, List<UserName> unseen) implements Reply {
    public GroupSeenBy {
      checkNonce(nonce);
      unseen = Bounds.count("unseen", unseen, 0, Membership.ROWS_MAX);
    }
  }

  /**
   * A group's log begins here for this device.
   *
   * @param rows of the roster after the commit that begins it, rising by user
   * @param more whether the next push goes on with the rows
   * @param inviter of the user, as long as that is only invited
   */
  record GroupStart(
      long nonce,
      GroupId owner,
      long generation,
      long sequenceNr,
      Bytes hash,
      List<RosterRow> rows,
      boolean more,
      Optional<UserName> inviter)
      implements Push {
    public GroupStart {
      checkNonce(nonce);
      checkLog(LogPoint.GROUP, owner.value(), generation);
      Bounds.atLeast("sequenceNr", sequenceNr, 0);
      Bounds.size("hash", hash, Bounds.HASH_BYTES);
      rows = Bounds.count("rows", rows, 0, Limits.GROUP_PAGE_MAX);
      Bounds.rising("rows", rows.stream().map(RosterRow::user).toList());
    }
  }

  /** This device's piece of a commit. */
  record OwnPiece(Prekey.Kind prekeyKind, long prekeyId, Bytes piece) {
    public OwnPiece {
      Bounds.within("prekeyId", prekeyId, 1, Prekey.ID_MAX);
    }
  }

  record GroupEntryPush(
      long nonce,
      GroupId owner,
      long generation,
      long sequenceNr,
      long time,
      UserName fromUser,
      DeviceId fromDevice,
      Bytes messageId,
      GroupContent content,
      Bytes hash,
      Optional<Bytes> seed,
      Optional<Bytes> info,
      Optional<OwnPiece> piece,
      Optional<Bytes> ciphertext)
      implements Push {
    public GroupEntryPush {
      checkNonce(nonce);
      checkLog(LogPoint.GROUP, owner.value(), generation);
      // The rules of an entry's fields are the model's.
      new GroupEntry(
          sequenceNr, time, fromUser, fromDevice, messageId, content, seed, hash);
    }

    public GroupEntry entry() {
      return new GroupEntry(
          sequenceNr, time, fromUser, fromDevice, messageId, content, seed, hash);
    }
  }
}

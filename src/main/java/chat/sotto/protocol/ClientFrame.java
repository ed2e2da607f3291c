package chat.sotto.protocol;

import chat.sotto.model.Bounds;
import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupContent;
import chat.sotto.model.GroupId;
import chat.sotto.model.LogPoint;
import chat.sotto.model.Membership;
import chat.sotto.model.Prekey;
import chat.sotto.model.UserName;
import chat.sotto.model.Visibility;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Optional;

/** What a client says (docs/protocol.md §5). */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ClientFrame.Register.class, name = "register"),
  @JsonSubTypes.Type(value = ClientFrame.Login.class, name = "login"),
  @JsonSubTypes.Type(value = ClientFrame.Resume.class, name = "resume"),
  @JsonSubTypes.Type(value = ClientFrame.Recover.class, name = "recover"),
  @JsonSubTypes.Type(value = ClientFrame.Link.class, name = "link"),
  @JsonSubTypes.Type(value = ClientFrame.Devices.class, name = "devices"),
  @JsonSubTypes.Type(value = ClientFrame.Keys.class, name = "keys"),
  @JsonSubTypes.Type(value = ClientFrame.Send.class, name = "send"),
  @JsonSubTypes.Type(value = ClientFrame.Online.class, name = "online"),
  @JsonSubTypes.Type(value = ClientFrame.SetVisibility.class, name = "visibility"),
  @JsonSubTypes.Type(value = ClientFrame.PutPrekeys.class, name = "prekeys"),
  @JsonSubTypes.Type(value = ClientFrame.SignOut.class, name = "sign-out"),
  @JsonSubTypes.Type(value = ClientFrame.Ping.class, name = "ping"),
  @JsonSubTypes.Type(value = ClientFrame.Ack.class, name = "ack"),
  @JsonSubTypes.Type(value = ClientFrame.GroupAppend.class, name = "group-append"),
  @JsonSubTypes.Type(value = ClientFrame.GroupKeys.class, name = "group-keys"),
  @JsonSubTypes.Type(value = ClientFrame.GroupSeen.class, name = "group-seen"),
  @JsonSubTypes.Type(value = ClientFrame.Follow.class, name = "follow"),
  @JsonSubTypes.Type(value = AccountRequest.Vault.class, name = "vault"),
  @JsonSubTypes.Type(value = AccountRequest.Change.class, name = "account-change"),
  @JsonSubTypes.Type(value = AccountRequest.OwnDevices.class, name = "own-devices"),
  @JsonSubTypes.Type(value = AccountRequest.ResetAsk.class, name = "reset-ask"),
  @JsonSubTypes.Type(value = AccountRequest.ResetCancel.class, name = "reset-cancel"),
  @JsonSubTypes.Type(value = AccountRequest.Delete.class, name = "delete-account"),
  @JsonSubTypes.Type(value = AccountRequest.Sync.class, name = "sync"),
  @JsonSubTypes.Type(value = AccountRequest.SyncPut.class, name = "sync-put"),
  @JsonSubTypes.Type(value = ArchiveRequest.State.class, name = "archive-state"),
  @JsonSubTypes.Type(value = ArchiveRequest.Append.class, name = "archive-append"),
  @JsonSubTypes.Type(value = ArchiveRequest.Page.class, name = "archive-page"),
  @JsonSubTypes.Type(value = ArchiveRequest.Drop.class, name = "archive-drop"),
  @JsonSubTypes.Type(value = FileRequest.Ask.class, name = "file-ask"),
  @JsonSubTypes.Type(value = FileRequest.Drop.class, name = "file-drop"),
  @JsonSubTypes.Type(value = TypingRequest.class, name = "typing"),
})
public sealed interface ClientFrame {
  /** The answer's nonce is one higher and must be a number of the wire too. */
  long NONCE_MAX = Bounds.NUMBER_MAX - 1;

  /** One signed prekey and as many one-time ones as a device may have. */
  int PREKEYS_MAX = 1 + Limits.DEFAULT.oneTimePrekeysMax();

  long nonce();

  private static void checkNonce(long nonce) {
    Bounds.within("nonce", nonce, 0, NONCE_MAX);
  }

  /** The first frame of a connection, and only that. */
  sealed interface First extends ClientFrame {
    private static void check(long nonce, Secret secret, Bytes deviceKey, Bytes connectionKey) {
      checkNonce(nonce);
      secret.requireSize(Bounds.TOKEN_BYTES);
      Bounds.size("deviceKey", deviceKey, Bounds.KEY_BYTES);
      Bounds.size("connectionKey", connectionKey, Bounds.KEY_BYTES);
    }

    /** As sent; its form is checked where a frame becomes a command. */
    String user();

    DeviceId deviceId();

    Bytes deviceKey();

    Bytes connectionKey();
  }

  /** Any later frame of a device that is signed in. */
  sealed interface Later extends ClientFrame
      permits Devices,
          Keys,
          Send,
          Online,
          SetVisibility,
          PutPrekeys,
          SignOut,
          Ping,
          Ack,
          GroupAppend,
          GroupKeys,
          GroupSeen,
          Follow,
          AccountRequest,
          ArchiveRequest,
          FileRequest,
          TypingRequest {
    static void check(long nonce, Secret token) {
      checkNonce(nonce);
      token.requireSize(Bounds.TOKEN_BYTES);
    }

    Secret token();
  }

  record Register(
      long nonce,
      String user,
      Secret authSecret,
      DeviceId deviceId,
      Bytes deviceKey,
      Bytes connectionKey,
      DeviceList deviceList,
      List<Prekey> prekeys,
      Bytes vault)
      implements First {
    public Register {
      First.check(nonce, authSecret, deviceKey, connectionKey);
      prekeys = Bounds.count("prekeys", prekeys, 1, PREKEYS_MAX);
      Bounds.size("vault", vault, 1, Limits.VAULT_BYTES_MAX);
    }

    /** The vault is left out: a password could be tried on it. */
    @Override
    public String toString() {
      return "Register[nonce=" + nonce + ", user=" + user + ", deviceId=" + deviceId + "]";
    }
  }

  record Login(
      long nonce,
      String user,
      Secret authSecret,
      DeviceId deviceId,
      Bytes deviceKey,
      Bytes connectionKey)
      implements First {
    public Login {
      First.check(nonce, authSecret, deviceKey, connectionKey);
    }
  }

  record Resume(
      long nonce,
      String user,
      Secret token,
      DeviceId deviceId,
      Bytes deviceKey,
      Bytes connectionKey)
      implements First {
    public Resume {
      First.check(nonce, token, deviceKey, connectionKey);
    }
  }

  record Recover(
      long nonce,
      String user,
      Secret recoverySecret,
      DeviceId deviceId,
      Bytes deviceKey,
      Bytes connectionKey)
      implements First {
    public Recover {
      First.check(nonce, recoverySecret, deviceKey, connectionKey);
    }
  }

  /**
   * Makes this connection's device one of the user's, after {@link AccountReply.Linking}.
   *
   * @param deviceList with this device
   * @param vault that names this list
   * @param newAuthSecret of a new password; needed with the recovery code
   */
  record Link(
      long nonce,
      Optional<Secret> authSecret,
      Optional<Secret> recoverySecret,
      DeviceList deviceList,
      Bytes vault,
      long vaultVersion,
      Optional<Bytes> recoveryVault,
      List<Prekey> prekeys,
      Optional<Secret> newAuthSecret)
      implements ClientFrame {
    public Link {
      checkNonce(nonce);
      Proof.requireNewPassword(Proof.exactlyOne(authSecret, recoverySecret), newAuthSecret);
      AccountRequest.checkVault(vault, vaultVersion);
      recoveryVault.ifPresent(
          bytes -> Bounds.size("recoveryVault", bytes, 1, Limits.VAULT_BYTES_MAX));
      prekeys = Bounds.count("prekeys", prekeys, 1, PREKEYS_MAX);
    }

    public Proof proof() {
      return Proof.exactlyOne(authSecret, recoverySecret);
    }

    /** The vaults are left out: a password could be tried on them. */
    @Override
    public String toString() {
      return "Link[nonce=" + nonce + ", vaultVersion=" + vaultVersion + "]";
    }
  }

  record Devices(long nonce, Secret token, UserName user) implements Later {
    public Devices {
      Later.check(nonce, token);
    }
  }

  record Keys(long nonce, Secret token, UserName user) implements Later {
    public Keys {
      Later.check(nonce, token);
    }
  }

  record Send(
      long nonce,
      Secret token,
      UserName to,
      long n,
      long deviceListVersion,
      Bytes messageId,
      List<Copy> copies)
      implements Later {
    public Send {
      Later.check(nonce, token);
      Bounds.atLeast("n", n, 1);
      Bounds.atLeast("deviceListVersion", deviceListVersion, 1);
      Bounds.size("messageId", messageId, Bounds.MESSAGE_ID_BYTES);
      copies = Bounds.count("copies", copies, 1, DeviceList.DEVICES_MAX);
      Bounds.distinct("devices", copies.stream().map(Copy::device).toList());
    }
  }

  /** One device's ciphertext. */
  record Copy(DeviceId device, Bytes ciphertext) {
    public Copy {
      Bounds.size("ciphertext", ciphertext, 1, Integer.MAX_VALUE);
    }
  }

  record Online(long nonce, Secret token, Optional<String> prefix, Optional<UserName> after)
      implements Later {
    public Online {
      Later.check(nonce, token);
      prefix.ifPresent(text -> Bounds.length("prefix", text, 0, Limits.PREFIX_LENGTH_MAX));
    }
  }

  record SetVisibility(long nonce, Secret token, Visibility visibility) implements Later {
    public SetVisibility {
      Later.check(nonce, token);
    }
  }

  record PutPrekeys(long nonce, Secret token, boolean replace, List<Prekey> prekeys)
      implements Later {
    public PutPrekeys {
      Later.check(nonce, token);
      prekeys = Bounds.count("prekeys", prekeys, 1, PREKEYS_MAX);
    }
  }

  record SignOut(long nonce, Secret token) implements Later {
    public SignOut {
      Later.check(nonce, token);
    }
  }

  record Ping(long nonce, Secret token) implements Later {
    public Ping {
      Later.check(nonce, token);
    }
  }

  record Ack(long nonce, Secret token, List<LogPoint> items, Bytes signature) implements Later {
    public Ack {
      Later.check(nonce, token);
      items = Bounds.count("items", items, 1, Limits.ACK_ITEMS_MAX);
      Bounds.size("signature", signature, Bounds.SIGNATURE_BYTES);
    }
  }

  /**
   * An entry for a group's log.
   *
   * @param info the sealed name, with a commit
   * @param pieces with a commit, one for each device that needs one
   * @param ciphertext with a post
   */
  record GroupAppend(
      long nonce,
      Secret token,
      GroupId group,
      Bytes messageId,
      GroupContent content,
      Optional<Bytes> info,
      Optional<List<GroupPiece>> pieces,
      Optional<Bytes> ciphertext)
      implements Later {
    public GroupAppend {
      Later.check(nonce, token);
      Bounds.size("messageId", messageId, Bounds.MESSAGE_ID_BYTES);
      boolean isCommit = content instanceof GroupContent.Commit;
      if (isCommit != info.isPresent()
          || isCommit != pieces.isPresent()
          || content instanceof GroupContent.Post != ciphertext.isPresent()) {
        throw new IllegalArgumentException("info, pieces, ciphertext must fit the content");
      }
      info.ifPresent(bytes -> Bounds.size("info", bytes, 1, Limits.GROUP_INFO_BYTES_MAX));
      pieces = pieces.map(all -> Bounds.count("pieces", all, 0, Membership.DEVICES_MAX));
      pieces.ifPresent(
          all -> Bounds.distinct("devices", all.stream().map(GroupPiece::device).toList()));
      ciphertext.ifPresent(bytes -> Bounds.size("ciphertext", bytes, 1, Integer.MAX_VALUE));
    }
  }

  record GroupKeys(long nonce, Secret token, GroupId group, Optional<UserName> after)
      implements Later {
    public GroupKeys {
      Later.check(nonce, token);
    }
  }

  record GroupSeen(long nonce, Secret token, GroupId group, long sequenceNr) implements Later {
    public GroupSeen {
      Later.check(nonce, token);
      Bounds.atLeast("sequenceNr", sequenceNr, 1);
    }
  }

  /** Asks for a group's log once more. @param after number of the last entry that is there */
  record Follow(long nonce, Secret token, GroupId group, long after) implements Later {
    public Follow {
      Later.check(nonce, token);
      Bounds.atLeast("after", after, 0);
    }
  }
}

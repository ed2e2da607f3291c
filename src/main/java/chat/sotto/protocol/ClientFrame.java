package chat.sotto.protocol;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.DeviceList;
import chat.sotto.model.LogPoint;
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
  @JsonSubTypes.Type(value = ClientFrame.Devices.class, name = "devices"),
  @JsonSubTypes.Type(value = ClientFrame.Keys.class, name = "keys"),
  @JsonSubTypes.Type(value = ClientFrame.Send.class, name = "send"),
  @JsonSubTypes.Type(value = ClientFrame.Online.class, name = "online"),
  @JsonSubTypes.Type(value = ClientFrame.SetVisibility.class, name = "visibility"),
  @JsonSubTypes.Type(value = ClientFrame.PutPrekeys.class, name = "prekeys"),
  @JsonSubTypes.Type(value = ClientFrame.SignOut.class, name = "sign-out"),
  @JsonSubTypes.Type(value = ClientFrame.Ping.class, name = "ping"),
  @JsonSubTypes.Type(value = ClientFrame.Ack.class, name = "ack"),
})
public sealed interface ClientFrame {
  long nonce();

  /** The first frame of a connection, and only that. */
  sealed interface First extends ClientFrame {
    /** As sent; its form is checked where a frame becomes a command. */
    String user();

    DeviceId deviceId();

    Bytes deviceKey();

    Bytes connectionKey();
  }

  /** Any later frame. */
  sealed interface Later extends ClientFrame {
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
      implements First {}

  record Login(
      long nonce,
      String user,
      Secret authSecret,
      DeviceId deviceId,
      Bytes deviceKey,
      Bytes connectionKey)
      implements First {}

  record Resume(
      long nonce,
      String user,
      Secret token,
      DeviceId deviceId,
      Bytes deviceKey,
      Bytes connectionKey)
      implements First {}

  record Devices(long nonce, Secret token, UserName user) implements Later {}

  record Keys(long nonce, Secret token, UserName user) implements Later {}

  record Send(
      long nonce,
      Secret token,
      UserName to,
      long n,
      long deviceListVersion,
      Bytes messageId,
      List<Copy> copies)
      implements Later {}

  /** One device's ciphertext. */
  record Copy(DeviceId device, Bytes ciphertext) {}

  record Online(long nonce, Secret token, Optional<String> prefix, Optional<UserName> after)
      implements Later {}

  record SetVisibility(long nonce, Secret token, Visibility visibility) implements Later {}

  record PutPrekeys(long nonce, Secret token, boolean replace, List<Prekey> prekeys)
      implements Later {}

  record SignOut(long nonce, Secret token) implements Later {}

  record Ping(long nonce, Secret token) implements Later {}

  record Ack(long nonce, Secret token, List<LogPoint> items, Bytes signature) implements Later {}
}

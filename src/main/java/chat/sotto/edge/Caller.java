package chat.sotto.edge;

import chat.sotto.model.Bytes;
import chat.sotto.model.DeviceId;
import chat.sotto.model.UserName;
import chat.sotto.protocol.ClientFrame;

/** Whose word a connection's first frame is: a device, which signed it, of a user as it claims. */
record Caller(UserName user, DeviceId device, Bytes deviceKey) {
  /** @param frame with a name of the right form */
  static Caller of(ClientFrame.First frame) {
    return new Caller(new UserName(frame.user()), frame.deviceId(), frame.deviceKey());
  }
}

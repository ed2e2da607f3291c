package chat.sotto.client;

import chat.sotto.protocol.AccountReply;
import java.util.List;

/** One more device than an account may have. Ends the transaction that would have made it. */
final class DevicesFull extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<AccountReply.Seen> devices;

  DevicesFull(List<AccountReply.Seen> devices) {
    super("the account has as many devices as it may");
    this.devices = devices;
  }

  List<AccountReply.Seen> devices() {
    return devices;
  }
}

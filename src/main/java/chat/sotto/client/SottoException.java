package chat.sotto.client;

import chat.sotto.protocol.AccountReply;
import chat.sotto.protocol.ErrorCode;
import java.util.List;
import java.util.Optional;

/** The server refused a request, or could not be asked. Nothing changed. */
public final class SottoException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Optional<ErrorCode> code;
  private final transient List<AccountReply.Seen> devices;

  SottoException(String message) {
    super(message);
    code = Optional.empty();
    devices = List.of();
  }

  SottoException(ErrorCode code, String text) {
    super(text);
    this.code = Optional.of(code);
    devices = List.of();
  }

  SottoException(DevicesFull full) {
    super(full.getMessage());
    code = Optional.of(ErrorCode.DEVICES_FULL);
    devices = full.devices();
  }

  /** With {@link ErrorCode#DEVICES_FULL}, those of which one must go first. */
  public List<AccountReply.Seen> devices() {
    return devices;
  }

  /** The server's reason; empty if the server did not answer. */
  public Optional<ErrorCode> code() {
    return code;
  }
}

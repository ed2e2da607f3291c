package chat.sotto.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The closed set of error codes (docs/protocol.md §5.4). */
public enum ErrorCode {
  BAD_FRAME,
  UNKNOWN_TYPE,
  BAD_NONCE,
  TOKEN_EXPIRED,
  TOKEN_REFUSED,
  SIGN_IN_FAILED,
  DEVICE_REVOKED,
  STALE,
  DEVICES_FULL,
  DEVICES_USED_UP,
  RESET_REFUSED,
  ACCOUNT_REOPENED,
  ARCHIVE_FULL,
  FILE_TOO_LARGE,
  FILES_FULL,
  FILE_REFUSED,
  NAME_INVALID,
  NAME_TAKEN,
  DEVICE_LIST_REFUSED,
  PREKEY_REFUSED,
  UNKNOWN_USER,
  DEVICES_CHANGED,
  OUT_OF_ORDER,
  INBOX_FULL,
  UNANSWERED,
  ACK_REFUSED,
  RATE_LIMITED,
  BUSY,
  SERVER_FULL,
  UNKNOWN_OUTCOME,
  INTERNAL,
  NOT_MEMBER,
  NOT_ADMIN,
  EPOCH_STALE,
  EPOCH_PENDING,
  ALREADY_MEMBER,
  LAST_ADMIN,
  GROUP_FULL,
  GROUP_TAKEN,
  PIECES_REFUSED,
  INVITATION_OVER,
  SIGNATURE_REFUSED,
  GROUP_REFUSED;

  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** @throws IllegalArgumentException for a code that is not of this version */
  @JsonCreator
  public static ErrorCode fromText(String text) {
    for (ErrorCode code : values()) {
      if (code.text().equals(text)) {
        return code;
      }
    }
    throw new IllegalArgumentException("unknown error code");
  }
}

package chat.sotto.edge;

import chat.sotto.model.DeviceList;
import chat.sotto.model.GroupRefusal;
import chat.sotto.protocol.ErrorCode;
import chat.sotto.protocol.InboxHead;
import chat.sotto.protocol.ServerFrame.Failed;
import chat.sotto.user.AccountAnswer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every refusal as it is sent: one code, one sentence for people. */
final class Errors {
  private static final Logger LOG = LoggerFactory.getLogger(Errors.class);
  private static final Duration BUSY_FOR = Duration.ofSeconds(2);

  private Errors() {}

  /** @param nonce of the request */
  static Failed of(long nonce, ErrorCode code) {
    return answer(nonce + 1, code);
  }

  /** @param replyNonce of the error itself */
  static Failed answer(long replyNonce, ErrorCode code) {
    return failed(replyNonce, code, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Why a group's log does not take an entry. */
  static Failed of(long nonce, GroupRefusal refusal) {
    return of(
        nonce,
        switch (refusal) {
          case NOT_MEMBER -> ErrorCode.NOT_MEMBER;
          case NOT_ADMIN -> ErrorCode.NOT_ADMIN;
          case EPOCH_STALE -> ErrorCode.EPOCH_STALE;
          case EPOCH_PENDING -> ErrorCode.EPOCH_PENDING;
          case ALREADY_MEMBER -> ErrorCode.ALREADY_MEMBER;
          case LAST_ADMIN -> ErrorCode.LAST_ADMIN;
          case GROUP_FULL -> ErrorCode.GROUP_FULL;
          case INVITATION_OVER -> ErrorCode.INVITATION_OVER;
          case GROUP_REFUSED -> ErrorCode.GROUP_REFUSED;
        });
  }

  static Failed outOfOrder(long nonce, long expected) {
    return failed(
        nonce + 1,
        ErrorCode.OUT_OF_ORDER,
        Optional.of(expected),
        Optional.empty(),
        Optional.empty());
  }

  static Failed devicesChanged(long nonce, DeviceList deviceList) {
    return failed(
        nonce + 1,
        ErrorCode.DEVICES_CHANGED,
        Optional.empty(),
        Optional.of(deviceList),
        Optional.empty());
  }

  static Failed deviceRevoked(long nonce, DeviceList deviceList) {
    return failed(
        nonce + 1,
        ErrorCode.DEVICE_REVOKED,
        Optional.empty(),
        Optional.of(deviceList),
        Optional.empty());
  }

  static Failed accountReopened(long nonce, AccountAnswer.Reopened at) {
    ErrorCode code = ErrorCode.ACCOUNT_REOPENED;
    return new Failed(
        nonce + 1,
        code,
        text(code),
        Optional.empty(),
        Optional.of(at.deviceList()),
        Optional.empty(),
        Optional.of(new InboxHead(at.generation(), at.head())),
        Optional.empty());
  }

  /** @param max bytes of the ciphertext */
  static Failed fileTooLarge(long nonce, long max) {
    return beyond(nonce, ErrorCode.FILE_TOO_LARGE, max);
  }

  /** @param max entries */
  static Failed unanswered(long nonce, long max) {
    return beyond(nonce, ErrorCode.UNANSWERED, max);
  }

  private static Failed beyond(long nonce, ErrorCode code, long max) {
    return new Failed(
        nonce + 1,
        code,
        text(code),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(max));
  }

  static Failed rateLimited(long nonce, Duration wait) {
    return later(nonce, ErrorCode.RATE_LIMITED, wait);
  }

  static Failed busy(long nonce) {
    return later(nonce, ErrorCode.BUSY, BUSY_FOR);
  }

  private static Failed later(long nonce, ErrorCode code, Duration wait) {
    return failed(
        nonce + 1,
        code,
        Optional.empty(),
        Optional.empty(),
        Optional.of(Math.max(1, wait.toMillis())));
  }

  /** What an exception means to the client; only what nobody expects is logged. */
  static Failed of(long nonce, Throwable failure) {
    Throwable cause = Stages.cause(failure);
    if (cause instanceof TimeoutException) {
      return of(nonce, ErrorCode.UNKNOWN_OUTCOME);
    }
    if (cause instanceof RejectedExecutionException
        || cause instanceof Batches.NotAskedException) {
      return busy(nonce);
    }
    LOG.error("A request failed.", cause);
    return of(nonce, ErrorCode.INTERNAL);
  }

  private static Failed failed(
      long nonce,
      ErrorCode code,
      Optional<Long> expected,
      Optional<DeviceList> deviceList,
      Optional<Long> retryAfter) {
    return new Failed(nonce, code, text(code), expected, deviceList, retryAfter);
  }

  private static String text(ErrorCode code) {
    return switch (code) {
      case BAD_FRAME -> "This request is not well formed.";
      case UNKNOWN_TYPE -> "This server does not know this kind of request here.";
      case BAD_NONCE -> "This request's number is odd, or not above the last one.";
      case TOKEN_EXPIRED -> "You were away for long. Sign in with your password.";
      case TOKEN_REFUSED -> "You are signed out on this device. Sign in with your password.";
      case SIGN_IN_FAILED -> "User name or password is wrong.";
      case DEVICE_REVOKED -> "This device was removed from the account.";
      case STALE -> "Somebody was quicker. Look at what changed and try again.";
      case DEVICES_FULL -> "The account has as many devices as it may have. Remove one first.";
      case DEVICES_USED_UP -> "The account had as many devices as one ever may.";
      case RESET_REFUSED -> "This device has not asked for a reset, or its time has not come.";
      case ACCOUNT_REOPENED -> "This account was opened again, and begins anew.";
      case ARCHIVE_FULL -> "The archive is full.";
      case FILE_TOO_LARGE -> "The file is larger than this server takes.";
      case FILES_FULL -> "There is no more room for files. Delete some, or wait until old ones go.";
      case FILE_REFUSED -> "The server has another file of this name.";
      case NAME_INVALID ->
          "A user name has 2 to 32 of: small letters, digits, dot, dash, underscore; "
              + "it begins with a letter or digit.";
      case NAME_TAKEN -> "This user name is taken.";
      case DEVICE_LIST_REFUSED -> "The account's device list is not well signed.";
      case PREKEY_REFUSED ->
          "The keys for new conversations are not well signed, too many, or used before.";
      case UNKNOWN_USER -> "Nobody here has this name.";
      case DEVICES_CHANGED -> "The recipient's devices changed.";
      case OUT_OF_ORDER -> "A message before this one is missing.";
      case INBOX_FULL -> "The recipient's inbox is full. Try again when they were online.";
      case UNANSWERED -> "No more can be sent before the recipient has answered.";
      case ACK_REFUSED -> "This acknowledgement fits nothing that was delivered.";
      case RATE_LIMITED -> "Too many attempts. Wait a moment.";
      case BUSY -> "The server is busy. Try again in a moment.";
      case SERVER_FULL -> "The server's disk is nearly full. Tell whoever runs it.";
      case UNKNOWN_OUTCOME -> "The server did not answer in time. It is tried again.";
      case INTERNAL -> "The server failed.";
      case NOT_MEMBER -> "You are not in this group.";
      case NOT_ADMIN -> "Only an admin of the group may do this.";
      case EPOCH_STALE -> "The group has changed meanwhile. Look at it and try again.";
      case EPOCH_PENDING -> "The group's keys must be changed first.";
      case ALREADY_MEMBER -> "This person is in the group, or is invited.";
      case LAST_ADMIN -> "You are the last admin. Make somebody else an admin first.";
      case GROUP_FULL -> "No more people or devices fit into this group.";
      case GROUP_TAKEN -> "A group with this id exists.";
      case PIECES_REFUSED -> "The group's new key is not there for exactly those who need it.";
      case INVITATION_OVER -> "This invitation is over. Ask to be invited again.";
      case SIGNATURE_REFUSED -> "This is not signed by your device.";
      case GROUP_REFUSED -> "The group's rules do not allow this.";
    };
  }
}

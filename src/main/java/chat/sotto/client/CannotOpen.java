package chat.sotto.client;

/** A message that this device cannot open. It is shown with the reason; nothing else changed. */
final class CannotOpen extends Exception {
  private static final long serialVersionUID = 1;

  /** Why, in terms that a person can be told. */
  enum Reason {
    /** No session of that id, and the message opens none. */
    NO_SESSION,
    /** The opening names a prekey or a device list of ours that we do not have. */
    UNKNOWN_PREKEY,
    /** The opening's device list, signature or content is not what it must be. */
    OPENING_REFUSED,
    /** The device that sent it is not in its user's newest list. */
    DEVICE_NOT_LISTED,
    /** The sender's account key is not the one that we know. */
    KEY_CHANGED,
    /** The ratchet does not open it: altered, or from another state. */
    NOT_AUTHENTIC,
    /** The key of another message, used already. */
    REPEATED,
    /** It opened, but it is not a message of this conversation and version. */
    BAD_CONTENT,
    /** The server dropped it before we came. */
    EXPIRED,
    /** This device has no keys of that part of the group's log. */
    NO_KEYS
  }

  private final Reason reason;

  CannotOpen(Reason reason) {
    super(reason.name());
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}

package chat.sotto.client;

/** What a server that follows the protocol never does. The client changes nothing and tells. */
public enum Alarm {
  /** A hello of another version of the protocol, or none at all. */
  VERSION_REFUSED,
  /** Another sign key than the one pinned: perhaps another server. */
  SERVER_KEY_CHANGED,
  /** A hello for another host, one with an old seal key, or a first reply without proof. */
  SERVER_NOT_AUTHENTIC,
  /** The server did not take this device's first frame: something between changed what was said. */
  FIRST_FRAME_REFUSED,
  /** An entry of the inbox is missing, repeated with other content, out of order or altered. */
  INBOX_ALTERED,
  /** The server's inbox ends before a point that this device has seen. */
  INBOX_ROLLED_BACK,
  /** An entry that says that the server was restored, but is not its own or cannot be true. */
  RESTORE_REFUSED,
  /** A device list that is not signed by its account key, or not of the person asked for. */
  DEVICE_LIST_REFUSED,
  /** A device list older than one seen, or another one of the same version. */
  DEVICE_LIST_ROLLED_BACK,
  /** A new account key of the own user, which none of the user's devices announced. */
  OWN_ACCOUNT_KEY_CHANGED,
  /** A vault that does not open, or is not the one of this account and device list. */
  VAULT_REFUSED,
  /** What the own devices share is older than this device has seen, or none of them wrote it. */
  SYNC_ROLLED_BACK,
  /** A prekey that is not signed by its device. */
  PREKEY_REFUSED,
  /** A group's log has an entry that may not stand there, or that nobody signed. */
  GROUP_ALTERED,
  /** Somebody in the group was shown another history of it than this device. */
  GROUP_FORKED,
  /**
   * The server was restored from a copy that is older than what this device remembers of the group,
   * so it cannot know who was in it then. The group can only be left.
   */
  GROUP_RESTORED_TOO_OLD
}

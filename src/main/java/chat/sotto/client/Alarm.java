package chat.sotto.client;

/** What a server that follows the protocol never does. The client changes nothing and tells. */
public enum Alarm {
  /** Another sign key than the one pinned, or a hello for another host: perhaps another server. */
  SERVER_KEY_CHANGED,
  /** The hello or the first reply is not signed as it must be, or offers an old seal key. */
  SERVER_NOT_AUTHENTIC,
  /** An entry of the inbox is missing, repeated with other content, out of order or altered. */
  INBOX_ALTERED,
  /** The server's inbox ends before a point that this device has seen. */
  INBOX_ROLLED_BACK,
  /** The server remembers acknowledgements that this store does not: an old copy of the store. */
  STORE_IS_OLD,
  /** A device list that is not signed by its account key, or not of the person asked for. */
  DEVICE_LIST_REFUSED,
  /** A device list older than one seen, or another one of the same version. */
  DEVICE_LIST_ROLLED_BACK,
  /** A prekey that is not signed by its device. */
  PREKEY_REFUSED
}
